import { expect, test } from 'vitest'
import { createWorkerRunner } from '../workers/runner.ts'
import { parseTranscript } from './parse.ts'
import { apartFromBytes, createTranscriptReader } from './reader.ts'

const workers = createWorkerRunner(new URL('../headless.ts', import.meta.url))
const hints = { fileName: 'talk.vtt', declaredType: null }
const caption = (second: number): string =>
  `${new Date(second * 1000).toISOString().slice(11, 23)} --> ${new Date(second * 1000 + 900).toISOString().slice(11, 23)}\n<v Maren>The tide is in, for the ${second}th time.\n`
const large = Buffer.from(`WEBVTT\n\n${Array.from({ length: 5_000 }, (_, second) => caption(second)).join('\n')}`)

test('a large file is read in a worker, as it would be here', async () => {
  expect(large.length).toBeGreaterThan(apartFromBytes)
  const asked: string[] = []
  const read = createTranscriptReader({
    run: (name, input, options) => {
      asked.push(name)
      return workers.run(name, input, options)
    },
  })
  expect(await read(large, hints)).toEqual(parseTranscript(large, hints))
  await read(large.subarray(0, 2_000), hints)
  expect(asked).toEqual(['transcript-parser'])
})

test('a cancelled one stops, and one that breaks its worker is no transcript', async () => {
  const controller = new AbortController()
  const reading = createTranscriptReader(workers)(large, hints, controller.signal)
  controller.abort()
  expect(await reading).toMatchObject({ ok: false, error: { code: 'cancelled' } })
  const broken = createWorkerRunner(new URL('../nowhere/headless.ts', import.meta.url))
  expect(await createTranscriptReader(broken)(large, hints)).toMatchObject({
    ok: false,
    error: { code: 'transcript-unreadable', message: expect.stringContaining('too large or too tangled') },
  })
})
