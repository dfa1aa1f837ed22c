import { createHash, randomBytes } from 'node:crypto'
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { rm } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDecoder } from '../audio/decoder.ts'
import { createEvents } from '../events.ts'
import { silentLog } from '../log.ts'
import { cutWhenWritten, type Loopback, serveHttp } from '../net/fixtures/loopback-server.ts'
import { createHttp } from '../net/http.ts'
import { openStorage, type Storage } from '../storage/storage.ts'
import { type Catalogue, readCatalogue } from './catalogue.ts'
import { createSpeechEngine } from './engine-client.ts'
import { forkedSpeechProcess } from './process.ts'
import { createSpeechService, type SpeechDeps, type SpeechService } from './service.ts'

const asset = (name: string): string => fileURLToPath(new URL(`../../../assets/speech/${name}`, import.meta.url))
const contents: Record<string, Buffer> = {
  'x-encoder.onnx': randomBytes(400_000),
  'x-decoder.onnx': randomBytes(200_000),
  'x-tokens.txt': randomBytes(5_000),
}
const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

let folder: string
let server: Loopback
let storage: Storage
let speech: SpeechService
let http: ReturnType<typeof createHttp>
let answer: (name: string, request: IncomingMessage, response: ServerResponse) => void
let waits: number[]
let free: number

const plain = (
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
  bytes = contents[name]!,
  etag = '"1"',
): void => {
  const from = request.headers['if-range'] === etag ? Number(/\d+/.exec(request.headers.range ?? '')?.[0] ?? 0) : 0
  response.writeHead(from > 0 ? 206 : 200, {
    etag,
    'content-length': String(bytes.length - from),
    ...(from > 0 ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
  })
  response.end(bytes.subarray(from))
}
const catalogueAt = (
  host: string,
  change: (file: Catalogue[0]['files'][0]) => Partial<Catalogue[0]['files'][0]> = () => ({}),
): Catalogue => [
  {
    id: 'ear-1',
    title: 'Ear 1',
    family: 'whisper',
    licence: 'none',
    speed: 1,
    languages: ['en'],
    bytes: 605_000,
    files: Object.entries(contents).map(([name, bytes]) => {
      const file = { name, url: `http://${host}/${name}`, bytes: bytes.length, isExact: true, sha256: hashOf(bytes) }
      return { ...file, ...change(file) }
    }),
  },
]
const open = (catalogue: Catalogue, more: Partial<SpeechDeps> = {}): SpeechService =>
  createSpeechService({
    storage,
    events: createEvents((error) => {
      throw error
    }),
    clock: { now: () => Date.UTC(2026, 10, 23) },
    log: silentLog,
    catalogue,
    engine: createSpeechEngine({
      log: silentLog,
      start: forkedSpeechProcess(fileURLToPath(new URL('./testing/fake-engine.ts', import.meta.url))),
    }),
    decoder: createDecoder({ log: silentLog, chosen: () => null }),
    downloader: http,
    offeredFiles: { pathOf: (token) => (token === 'dropped' ? join(folder, 'dropped') : null) },
    desktop: null,
    profilePath: folder,
    vadPath: asset('silero-vad-v5.onnx'),
    probeWavPath: asset('probe.wav'),
    threads: 1,
    fetching: { allowLocalHosts: [server.host], wait: async (ms) => waits.push(ms), freeBytes: async () => free },
    ...more,
  })

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'inkwell-speech-test-'))
  const clock = { now: () => Date.UTC(2026, 10, 23) }
  const opened = openStorage(join(folder, 'inkwell.db'), { clock, origin: 'test' })
  if (!opened.ok) throw new Error(opened.error.message)
  storage = opened.value
  http = createHttp({ log: silentLog, clock, limits: { idleMs: 2_000 } })
  server = await serveHttp((request, response) => answer((request.url ?? '').slice(1), request, response))
  answer = plain
  waits = []
  free = 1e12
  speech = open(catalogueAt(server.host))
})
afterEach(async () => {
  await speech.close()
  await http.close()
  await server.close()
  storage.close()
  await rm(folder, { recursive: true, force: true })
})

const get = async () => {
  const started = speech.download('ear-1')
  if (!started.ok) throw new Error(started.error.message)
  return started.value.done
}
const shown = async () => (await speech.state()).models[0]!
const place = (name: string): string => join(folder, 'models', 'ear-1', name)

describe('a download', () => {
  it('is verified and ready, and is used by default', async () => {
    expect(await shown()).toMatchObject({ state: 'absent', fraction: 0, isDefault: false })
    expect(await get()).toMatchObject({ ok: true })
    expect(await shown()).toMatchObject({ state: 'ready', fraction: 1, isDefault: true, realTimeFactor: null })
    for (const [name, bytes] of Object.entries(contents)) expect(readFileSync(place(name)).equals(bytes)).toBe(true)
    expect(existsSync(place('x-encoder.onnx.part'))).toBe(false)
  })

  it('goes on after cuts, and asks for nothing twice', async () => {
    const cuts: Record<string, number[]> = { 'x-encoder.onnx': [100_000, 200_000], 'x-decoder.onnx': [100_000] }
    answer = (name, request, response) => {
      const cutAt = cuts[name]?.shift()
      if (cutAt === undefined) return plain(name, request, response)
      const end = response.end.bind(response)
      response.end = ((bytes: Buffer) => {
        response.write(bytes.subarray(0, 100_000))
        cutWhenWritten(response, place(`${name}.part`), cutAt)
      }) as unknown as typeof end
      plain(name, request, response)
    }
    expect(await get()).toMatchObject({ ok: true })
    expect(waits).toHaveLength(3)
    expect(server.seen.filter(({ url }) => url === '/x-encoder.onnx').map(({ headers }) => headers.range)).toEqual([
      undefined,
      'bytes=100000-',
      'bytes=200000-',
    ])
    expect(readFileSync(place('x-encoder.onnx')).equals(contents['x-encoder.onnx']!)).toBe(true)
  })

  it('is paused, is paused after a restart, and goes on', async () => {
    answer = (name, _, response) => {
      response.writeHead(200, { etag: '"1"', 'content-length': String(contents[name]!.length) })
      response.write(contents[name]!.subarray(0, 150_000))
    }
    const started = speech.download('ear-1')
    await expect.poll(async () => (await shown()).fraction, { timeout: 20_000 }).toBeGreaterThan(0.2)
    await speech.pause('ear-1')
    expect(started.ok && (await started.value.done)).toMatchObject({ ok: false, error: { code: 'cancelled' } })
    expect(await shown()).toMatchObject({ state: 'paused', words: expect.stringContaining('Paused at 24 %') })
    speech = open(catalogueAt(server.host))
    expect(await shown()).toMatchObject({ state: 'paused' })
    answer = plain
    expect(await get()).toMatchObject({ ok: true })
    expect(server.seen.filter(({ url }) => url === '/x-encoder.onnx').at(-1)!.headers.range).toBe('bytes=150000-')
  })

  it('of another file than the known one is never used', async () => {
    answer = (name, request, response) =>
      plain(name, request, response, name === 'x-decoder.onnx' ? randomBytes(200_000) : contents[name])
    expect(await get()).toMatchObject({ ok: false, error: { code: 'wrong-file', retryable: true } })
    expect(await shown()).toMatchObject({ state: 'paused', words: expect.stringContaining('It was not kept') })
    expect(existsSync(place('x-decoder.onnx'))).toBe(false)
    expect(await speech.setDefault('ear-1')).toMatchObject({ ok: false, error: { code: 'not-ready' } })
    answer = plain
    expect(await get()).toMatchObject({ ok: true })
    expect(server.seen.filter(({ url }) => url === '/x-encoder.onnx')).toHaveLength(1)
  })

  it.each([
    ['shorter', (bytes: Buffer) => bytes.subarray(0, 1_000), 'wrong-file'],
    ['longer', (bytes: Buffer) => Buffer.concat([bytes, bytes]), 'too-large'],
  ])('that is %s than it should be is refused', async (_, change, code) => {
    answer = (name, request, response) => plain(name, request, response, change(contents[name]!))
    expect(await get()).toMatchObject({ ok: false, error: { code } })
  })

  it('of which the server changes the version on the way is whole, of one version', async () => {
    let asked = 0
    const other = Buffer.concat([contents['x-encoder.onnx']!.subarray(0, 300_000), randomBytes(100_000)])
    answer = (name, request, response) => {
      if (name !== 'x-encoder.onnx' || asked++ > 0) return plain(name, request, response, contents[name], '"2"')
      response.writeHead(200, { etag: '"1"', 'content-length': String(other.length) })
      response.write(other.subarray(0, 350_000))
      cutWhenWritten(response, place(`${name}.part`), 350_000)
    }
    expect(await get()).toMatchObject({ ok: true })
    expect(readFileSync(place('x-encoder.onnx')).equals(contents['x-encoder.onnx']!)).toBe(true)
  })

  it('waits as long as a busy server asks, and gives up on one that says no', async () => {
    let busy = 2
    answer = (name, request, response) =>
      busy-- > 0 ? void response.writeHead(503, { 'retry-after': '7' }).end() : plain(name, request, response)
    expect(await get()).toMatchObject({ ok: true })
    expect(waits).toEqual([7_000, 7_000])
    await speech.remove('ear-1')
    answer = (_, __, response) => void response.writeHead(404).end()
    expect(await get()).toMatchObject({ ok: false, error: { code: 'status', details: { status: 404 } } })
    expect((await shown()).words).toContain('404')
  })

  it('asks for room first', async () => {
    free = 1_000_100_000
    expect(await get()).toMatchObject({ ok: false, error: { code: 'no-room' } })
    expect(waits).toEqual([])
    expect((await shown()).words).toContain('Free some space')
  })

  it('of a file with no known hash is recorded, and another one later is refused', async () => {
    const unknown = catalogueAt(server.host, ({ name }) =>
      name === 'x-tokens.txt' ? { sha256: null, isExact: false } : {},
    )
    speech = open(unknown)
    expect(await get()).toMatchObject({ ok: true })
    expect(storage.all("SELECT 1 FROM audit WHERE action = 'speech.pin'")).toHaveLength(1)
    await speech.remove('ear-1')
    answer = (name, request, response) =>
      plain(name, request, response, name === 'x-tokens.txt' ? randomBytes(5_000) : contents[name])
    expect(await get()).toMatchObject({ ok: false, error: { code: 'wrong-file' } })
    answer = plain
    expect(await get()).toMatchObject({ ok: true })
  })
})

describe('a model that is here', () => {
  it('is damaged when a byte changes; only what is damaged is fetched again', async () => {
    await get()
    const bytes = readFileSync(place('x-decoder.onnx'))
    bytes[1_000]! ^= 1
    writeFileSync(place('x-decoder.onnx'), bytes)
    expect(await shown()).toMatchObject({ state: 'ready' })
    expect(await speech.verify('ear-1')).toMatchObject({
      ok: true,
      value: { state: 'damaged', words: expect.stringContaining('x-decoder.onnx') },
    })
    expect(await speech.defaultModel()).toBeNull()
    speech = open(catalogueAt(server.host))
    expect(await shown()).toMatchObject({ state: 'damaged' })
    expect(await get()).toMatchObject({ ok: true })
    expect(server.seen.map(({ url }) => url).slice(3)).toEqual(['/x-decoder.onnx'])
    expect(await speech.verify('ear-1')).toMatchObject({ ok: true, value: { state: 'ready' } })
  })

  it('is damaged at once when a file is gone or has another length', async () => {
    await get()
    appendFileSync(place('x-tokens.txt'), 'x')
    expect(await shown()).toMatchObject({ state: 'damaged' })
    rmSync(place('x-tokens.txt'))
    expect(await shown()).toMatchObject({ state: 'damaged', words: expect.stringContaining('x-tokens.txt') })
  })

  it('is removed with the bytes that are freed, and nothing of others with it', async () => {
    await get()
    writeFileSync(place('mine.txt'), 'not Inkwell’s')
    expect(await speech.remove('ear-1')).toEqual({ ok: true, value: { freedBytes: 605_000 } })
    expect(readFileSync(place('mine.txt'), 'utf8')).toBe('not Inkwell’s')
    expect(existsSync(place('x-encoder.onnx'))).toBe(false)
    expect(await shown()).toMatchObject({ state: 'absent' })
  })

  it('is measured by a probe, and others are reckoned from it', async () => {
    const [one] = catalogueAt(server.host)
    speech = open([one!, { ...one!, id: 'ear-2', title: 'Ear 2', speed: 5 }])
    await get()
    const probed = await speech.probe('ear-1')
    if (!probed.ok) throw new Error(probed.error.message)
    expect(probed.value.speedIsMeasured).toBe(true)
    const [first, second] = (await speech.state()).models
    expect(second!.realTimeFactor).toBeCloseTo(first!.realTimeFactor! * 5, 5)
    expect(second!.speedIsMeasured).toBe(false)
    expect(await speech.probe('ear-2')).toMatchObject({ ok: false, error: { code: 'not-ready' } })
  })
})

describe('an import', () => {
  const drop = (change: (name: string, bytes: Buffer) => Buffer | null = (_, bytes) => bytes): string => {
    const path = join(folder, 'dropped')
    mkdirSync(path, { recursive: true })
    for (const [name, bytes] of Object.entries(contents)) {
      const changed = change(name, bytes)
      if (changed) writeFileSync(join(path, name), changed)
    }
    return path
  }
  it('of the right files is verified and copied, by folder or by one of the files', async () => {
    const path = drop()
    expect(await speech.importModel('ear-1', 'dropped')).toMatchObject({ ok: true, value: { state: 'ready' } })
    await speech.remove('ear-1')
    expect(await speech.importFrom('ear-1', join(path, 'x-tokens.txt'))).toMatchObject({
      ok: true,
      value: { state: 'ready' },
    })
    expect(existsSync(join(path, 'x-tokens.txt'))).toBe(true)
  })
  it.each([
    ['lacks a file', (name: string, bytes: Buffer) => (name === 'x-tokens.txt' ? null : bytes), 'model-incomplete'],
    [
      'has another file',
      (name: string, bytes: Buffer) => (name === 'x-tokens.txt' ? randomBytes(5_000) : bytes),
      'wrong-file',
    ],
  ])('that %s copies nothing', async (_, change, code) => {
    drop(change)
    expect(await speech.importModel('ear-1', 'dropped')).toMatchObject({ ok: false, error: { code } })
    expect(await shown()).toMatchObject({ state: 'absent' })
  })
  it('of a token that was not given is refused', async () => {
    expect(await speech.importModel('ear-1', '/etc/passwd')).toMatchObject({
      ok: false,
      error: { code: 'file-not-offered' },
    })
  })
})

describe('the folder of models', () => {
  it('can be another one: what lies there is used', async () => {
    await get()
    const other = join(folder, 'other')
    cpSync(join(folder, 'models'), other, { recursive: true })
    await speech.remove('ear-1')
    expect(await shown()).toMatchObject({ state: 'absent' })
    expect(await speech.useFolder(other)).toMatchObject({ ok: true })
    expect(await shown()).toMatchObject({ state: 'ready', isDefault: true })
  })
  it('that cannot be written to is refused', async () => {
    writeFileSync(join(folder, 'a-file'), '')
    expect(await speech.useFolder(join(folder, 'a-file'))).toMatchObject({
      ok: false,
      error: { code: 'folder-refused' },
    })
    expect(await speech.useFolder('relative')).toMatchObject({ ok: false, error: { code: 'folder-refused' } })
  })
})

it('the list that comes with Inkwell can be read, asks over https only, and begins with the default', () => {
  const list = readCatalogue(new URL('../../../assets/speech/models.yaml', import.meta.url))
  expect(list[0]).toMatchObject({ id: 'parakeet-tdt-0.6b-v3', bytes: 670_478_772 })
  expect(new Set(list.map(({ id }) => id)).size).toBe(list.length)
  expect(new Set(list.map(({ family }) => family))).toEqual(
    new Set(['parakeet', 'whisper', 'moonshine', 'sense-voice', 'diarisation']),
  )
  for (const { files } of list)
    for (const { url, isExact, sha256, name } of files) {
      expect(new URL(url).protocol).toBe('https:')
      expect(new URL(url).pathname.endsWith('.onnx') || name === 'tokens.txt' || name.endsWith('-tokens.txt')).toBe(
        true,
      )
      if (isExact) expect(sha256).not.toBeNull()
    }
})
