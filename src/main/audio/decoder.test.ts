import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { silentLog } from '../log.ts'
import { serveHttp } from '../net/fixtures/loopback-server.ts'
import { openWave, sampleRate } from '../speech/engine/wave-file.ts'
import { createDecoder } from './decoder.ts'
import { runFfmpeg } from './run-ffmpeg.ts'

const probe = fileURLToPath(new URL('../../../assets/speech/probe.wav', import.meta.url))
const never = new AbortController().signal
const decoder = createDecoder({ log: silentLog, chosen: () => null })
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkwell-audio-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const ffmpeg = (...args: string[]): void => {
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args])
}
const wav = (path: string, fromSeconds: number, toSeconds: number, signal = never) =>
  decoder.encode({ path, fromSeconds, toSeconds }, { path: join(folder, 'out.wav'), format: 'wav' }, signal)
/** Where a wav file begins to be loud, seconds. */
function loudFrom(path: string): number {
  const wave = openWave(path)
  const samples = wave.read(0, wave.samples)
  wave.close()
  return samples.findIndex((sample) => Math.abs(sample) > 0.06) / sampleRate
}

describe('every container that inkwell-cli took', () => {
  // AMR can be read but not made by a free ffmpeg; m4b, mp4 and mka are m4a and mkv by another name.
  it.each('mp3 m4a aac wav flac ogg opus webm mkv mov avi wma aiff 3gp caf ts wv mpg'.split(' '))(
    '%s',
    async (extension) => {
      const path = join(folder, `sound.${extension}`)
      ffmpeg('-i', probe, ...(extension === '3gp' ? ['-c:a', 'aac'] : []), path)
      const length = await decoder.durationSeconds(path, never)
      if (!length.ok) throw new Error(length.error.message)
      expect(Math.abs(length.value - 22.6)).toBeLessThan(0.3)
      expect(await wav(path, 5, 15)).toMatchObject({ ok: true })
      const wave = openWave(join(folder, 'out.wav'))
      wave.close()
      expect(wave.samples / sampleRate).toBeCloseTo(10, 1)
    },
  )

  it.each(['mp3', 'flac', 'ogg', 'wav'] as const)('is encoded anew to %s', async (format) => {
    const target = join(folder, `anew.${format}`)
    expect(
      await decoder.encode({ path: probe, fromSeconds: 2, toSeconds: 12 }, { path: target, format }, never),
    ).toMatchObject({ ok: true })
    const length = await decoder.durationSeconds(target, never)
    expect(length.ok && Math.abs(length.value - 10)).toBeLessThan(0.2)
  })
})

it('finds the same second in a file of changing bit rate that has no index', async () => {
  const path = join(folder, 'vbr.mp3')
  // Ten minutes of silence, a beep, five minutes of noise: an estimate by mean bit rate would be minutes off.
  const graph =
    'anullsrc=r=16000:d=600[a];sine=f=440:r=16000:d=2[b];anoisesrc=r=16000:a=0.05:d=300[c];[a][b][c]concat=n=3:v=0:a=1'
  ffmpeg('-filter_complex', graph, '-c:a', 'libmp3lame', '-q:a', '4', '-write_xing', '0', path)
  expect(await wav(path, 590, 605)).toMatchObject({ ok: true })
  expect(Math.abs(loudFrom(join(folder, 'out.wav')) - 10)).toBeLessThan(0.1)
  const length = await decoder.durationSeconds(path, never)
  expect(length.ok && Math.abs(length.value - 902)).toBeLessThan(1)
})

it('fills holes with silence, so that what comes after is not early', async () => {
  const [one, two, path] = ['one.ts', 'two.ts', 'hole.ts'].map((name) => join(folder, name)) as [string, string, string]
  ffmpeg('-f', 'lavfi', '-i', 'anullsrc=r=16000:cl=mono:d=5', '-c:a', 'mp2', one)
  ffmpeg('-f', 'lavfi', '-i', 'sine=f=440:r=16000:d=5', '-c:a', 'mp2', '-output_ts_offset', '11', two)
  writeFileSync(path, Buffer.concat([readFileSync(one), readFileSync(two)]))
  expect(await wav(path, 0, 40)).toMatchObject({ ok: true })
  expect(Math.abs(loudFrom(join(folder, 'out.wav')) - 11)).toBeLessThan(0.3)
})

it('keeps its times where an advertisement of another kind of sound is stitched in', async () => {
  const parts = [
    ['anullsrc=r=44100:cl=stereo:d=20', '44100'],
    ['anullsrc=r=22050:cl=mono:d=10', '22050'],
    ['sine=f=440:r=44100:d=5,aformat=channel_layouts=stereo', '44100'],
  ].map(([graph, rate], index) => {
    const part = join(folder, `part${index}.mp3`)
    ffmpeg('-f', 'lavfi', '-i', graph!, '-ar', rate!, '-write_xing', '0', '-id3v2_version', '0', part)
    return readFileSync(part)
  })
  const path = join(folder, 'stitched.mp3')
  writeFileSync(path, Buffer.concat(parts))
  expect(await wav(path, 0, 60)).toMatchObject({ ok: true })
  expect(Math.abs(loudFrom(join(folder, 'out.wav')) - 30)).toBeLessThan(0.4)
})

describe('a hostile recording', () => {
  const secret = 'TOP SECRET OF ANOTHER FILE'
  it.each([
    [
      'an HLS playlist of a local file',
      (url: string) => `#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://${probe}\n#EXT-X-ENDLIST\n${url}`,
    ],
    [
      'an HLS playlist of an address',
      (url: string) => `#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n${url}\n#EXT-X-ENDLIST\n`,
    ],
    ['a concat script', () => `ffconcat version 1.0\nfile '${probe}'\n`],
    [
      'a DASH manifest',
      (url: string) =>
        `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" profiles="urn:mpeg:dash:profile:isoff-live:2011"><Period><AdaptationSet mimeType="audio/mp4"><Representation id="1"><BaseURL>${url}</BaseURL></Representation></AdaptationSet></Period></MPD>`,
    ],
    ['an SDP file', () => 'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 9 RTP/AVP 0\n'],
    ['subtitles', () => `1\n00:00:00,000 --> 00:00:10,000\n${secret}\n`],
    ['nothing', () => ''],
    ['text', () => secret.repeat(100)],
  ])('that is %s is refused: nothing else is opened', async (_, content) => {
    const server = await serveHttp((_request, response) => void response.end('x'))
    try {
      for (const extension of ['mp3', 'm4a']) {
        const path = join(folder, `hostile.${extension}`)
        writeFileSync(path, content(`http://${server.host}/x.mp3`))
        expect(await decoder.durationSeconds(path, never)).toMatchObject({
          ok: false,
          error: { code: 'recording-unreadable' },
        })
        const refused = await wav(path, 0, 5)
        expect(refused).toMatchObject({ ok: false, error: { code: 'recording-unreadable' } })
        expect(JSON.stringify(refused)).not.toContain(folder)
        expect(existsSync(join(folder, 'out.wav'))).toBe(false)
      }
      expect(server.seen).toEqual([])
    } finally {
      await server.close()
    }
  })

  it('whose name looks like an option, a protocol or a command is a name', async () => {
    for (const name of ['-i.mp3', 'concat:a|b.mp3', '$(touch x); `id`.mp3', 'http:x.mp3', '%d.mp3', 'Ünï 日本.mp3']) {
      const path = join(folder, name)
      writeFileSync(path, readFileSync(probe))
      expect(await decoder.durationSeconds(path, never)).toMatchObject({ ok: true })
      expect(await wav(path, 0, 2)).toMatchObject({ ok: true })
    }
    expect(existsSync(join(process.cwd(), 'x'))).toBe(false)
  })

  it('that was cut off gives what is there, and one without sound says so', async () => {
    const [m4a, mp3, silent] = ['cut.m4a', 'cut.mp3', 'silent.mp4'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ]
    ffmpeg('-i', probe, m4a)
    ffmpeg('-i', probe, mp3)
    for (const path of [m4a, mp3]) writeFileSync(path, readFileSync(path).subarray(0, 30_000))
    ffmpeg('-f', 'lavfi', '-i', 'color=size=16x16:duration=1', silent)
    expect(await decoder.durationSeconds(m4a, never)).toMatchObject({
      ok: false,
      error: { code: 'recording-unreadable' },
    })
    expect(await decoder.durationSeconds(mp3, never)).toMatchObject({ ok: true })
    expect(await decoder.durationSeconds(silent, never)).toMatchObject({
      ok: false,
      error: { code: 'recording-unreadable', message: 'This recording holds no sound.' },
    })
  })
})

describe('ffmpeg', () => {
  it('that is missing is said with what to do', async () => {
    const none = createDecoder({ log: silentLog, chosen: () => '/nowhere/ffmpeg', searchPath: () => '' })
    // Only where the common folders have none either.
    const answer = await none.durationSeconds(probe, never)
    if (await none.available()) expect(answer.ok).toBe(true)
    else expect(answer).toMatchObject({ ok: false, error: { code: 'decoder-missing' } })
  })

  it('that runs on is ended, when asked to and after its time; its children get no secrets', async () => {
    const endless = join(folder, 'ffmpeg-endless')
    writeFileSync(endless, '#!/bin/sh\nprintf "%s" "$INKWELL_TEST_SECRET" >&2\nexec sleep 60\n')
    chmodSync(endless, 0o755)
    process.env.INKWELL_TEST_SECRET = 'sk-test-canary'
    const stop = new AbortController()
    const running = runFfmpeg(endless, [], { signal: stop.signal, timeoutMs: 60_000 })
    setTimeout(() => stop.abort(), 200)
    expect(await running).toMatchObject({ ended: 'aborted', said: '' })
    expect(await runFfmpeg(endless, [], { signal: never, timeoutMs: 200 })).toMatchObject({ ended: 'timed-out' })
    delete process.env.INKWELL_TEST_SECRET
  })

  it('that floods its error output takes no memory', async () => {
    const loud = join(folder, 'ffmpeg-loud')
    writeFileSync(loud, '#!/bin/sh\nhead -c 20000000 /dev/zero | tr "\\0" e >&2\n')
    chmodSync(loud, 0o755)
    expect((await runFfmpeg(loud, [], { signal: never, timeoutMs: 60_000 })).said.length).toBeLessThan(20_000)
  })

  it('on a full disk says that it is full', async () => {
    const small = mkdtempSync(join(tmpdir(), 'inkwell-small-'))
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=100k', 'tmpfs', small]).status !== 0)
      return rm(small, { recursive: true })
    try {
      expect(
        await decoder.encode(
          { path: probe, fromSeconds: 0, toSeconds: 20 },
          { path: join(small, 'x.wav'), format: 'wav' },
          never,
        ),
      ).toMatchObject({ ok: false, error: { code: 'no-room' } })
      expect(existsSync(join(small, 'x.wav'))).toBe(false)
    } finally {
      spawnSync('umount', [small])
      await rm(small, { recursive: true })
    }
  })
})
