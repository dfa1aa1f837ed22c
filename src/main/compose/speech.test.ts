import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { compose } from '../compose.ts'
import { markReady } from '../speech/model-folder.ts'
import { forkedSpeechProcess } from '../speech/process.ts'

const asset = (name: string): string => fileURLToPath(new URL(`../../../assets/speech/${name}`, import.meta.url))

it('a recording on this computer becomes a transcript: ffmpeg, detector, a process of its own, ladder and ledger', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'inkwell-speech-house-'))
  const model = join(folder, 'models', 'whisper-tiny')
  mkdirSync(model, { recursive: true })
  const names = ['tiny-encoder.int8.onnx', 'tiny-decoder.int8.onnx', 'tiny-tokens.txt']
  for (const name of names) writeFileSync(join(model, name), 'abc')
  await markReady(model, {
    schema: 1,
    model: 'whisper-tiny',
    files: Object.fromEntries(names.map((name) => [name, { bytes: 3, sha256: '0'.repeat(64) }])),
  })
  const composed = await compose({
    profilePath: folder,
    entry: new URL('../headless.ts', import.meta.url),
    origin: 'headless',
    desktop: null,
    startSpeechProcess: forkedSpeechProcess(
      fileURLToPath(new URL('../speech/testing/fake-engine.ts', import.meta.url)),
    ),
  })
  if (!composed.ok) throw new Error(composed.error.message)
  const house = composed.value
  try {
    mkdirSync(join(folder, 'media'))
    copyFileSync(asset('probe.wav'), join(folder, 'media', `${'a'.repeat(64)}.wav`))
    const { id } = house.episodes.addLocal({
      title: 'Tides',
      contentSha256: 'a'.repeat(64),
      publishedAtMs: null,
      durationSeconds: 22.6,
      language: 'en',
      mediaPath: `media/${'a'.repeat(64)}.wav`,
      mediaType: 'audio/wav',
      link: null,
    })
    const said: string[] = []
    const made = await house.transcripts.obtain(id, {
      signal: new AbortController().signal,
      onProgress: (_, words) => said.push(words),
    })
    if (!made.ok) throw new Error(made.error.message)
    expect(made.value).toMatchObject({ source: 'this-computer', model: 'whisper-tiny', hasTimes: true, language: 'en' })
    expect(made.value.segments.at(-1)!.endSeconds).toBeLessThanOrEqual(22.7)
    expect(said.some((words) => words.includes('of 1 minute'))).toBe(true)
    expect(house.storage.all('SELECT provider, model, cost_micro_usd, amount_kind FROM cost_entries')).toEqual([
      { provider: 'offline', model: 'whisper-tiny', cost_micro_usd: 0, amount_kind: 'known' },
    ])
    // Nothing decoded is left behind.
    expect(readdirSync(join(folder, 'media'))).toHaveLength(1)
  } finally {
    await house.close()
    await rm(folder, { recursive: true, force: true })
  }
})
