import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Segment } from '#shared/contract/transcripts.ts'
import type { EpisodeRecord } from '../services.ts'
import type { RungContext } from '../services-sound.ts'
import { createWorkerRunner } from '../workers/runner.ts'
import { isProblem } from './document-task.ts'
import { pdf, picture } from './documents-testing.ts'
import { paragraphsOf } from './lines.ts'
import { readDocument } from './read-document.ts'
import { createScanRung } from './rung.ts'

const clerk = ['The tide comes in twice a day and the clerk', 'writes it down in the long book by the door.']
const workers = createWorkerRunner(new URL('../headless.ts', import.meta.url))
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inkwell-documents-'))
})
afterAll(async () => {
  workers.close()
  await rm(folder, { recursive: true })
})
const file = async (name: string, content: Buffer | string): Promise<string> => {
  await writeFile(join(folder, name), content)
  return join(folder, name)
}

test('a PDF gives its words as paragraphs, page by page', async () => {
  const path = await file(
    'a.pdf',
    pdf([[...clerk, '', 'Nobody has read it for a hun-', 'dred years.'], ['Page two.']], 'Tides'),
  )
  expect(await readDocument({ kind: 'text', path })).toEqual({
    title: 'Tides',
    pages: 2,
    texts: [`${clerk.join(' ')}\n\nNobody has read it for a hundred years.`, 'Page two.'],
  })
})

test.each([
  ['nothing but a head', '%PDF-1.4\n'],
  ['noise', `%PDF-1.7\n${'\u0000\u0001x'.repeat(5_000)}`],
  ['cut in the middle', pdf([clerk]).subarray(0, 300)],
])('%s is said to be unreadable, and nothing hangs', async (name, content) => {
  const answer = await readDocument({ kind: 'text', path: await file(`${name}.pdf`, content as Buffer) })
  expect(isProblem(answer) || answer.texts.join('') === '').toBe(true)
})

test('columns are read one after another', () => {
  const line = (text: string, x: number, y: number) => ({ text, x, y, width: 80, height: 10, endsLine: true })
  expect(
    paragraphsOf([
      line('left one', 0, 700),
      line('left two', 0, 688),
      line('right one', 200, 700),
      line('right two', 200, 688),
    ]),
  ).toEqual(['left one left two', 'right one right two'])
})

test('scanned pages are read from their pictures; after a kill only what is missing', async () => {
  const scanned = picture(clerk, 'image/jpeg')
  await file('scan.pdf', pdf([scanned, clerk, scanned, scanned, scanned]))
  const pieces = new Map<string, Segment[]>()
  const asked: string[] = []
  const rung = createScanRung({
    profilePath: folder,
    workers: {
      run: (name, input, options) => {
        asked.push(`${(input as { from: number }).from}`)
        return workers.run(name, input, options)
      },
    },
  })
  const context: RungContext = {
    jobId: null,
    approvedMicroUsd: null,
    signal: new AbortController().signal,
    onProgress: () => {},
    pieces: {
      get: (key) => pieces.get(key) ?? null,
      put: (key, segments) => void pieces.set(key, [...segments]),
      putIn: () => {},
    },
  }
  const episode = { id: 'e', mediaPath: 'scan.pdf', mediaType: 'application/pdf', language: null } as EpisodeRecord
  expect((await rung.offer(episode)).ready).toBe(true)
  const made = await rung.run(episode, context)
  const said = made.ok ? made.value.segments.map(({ text }) => text) : []
  expect(said).toEqual(Array.from({ length: 5 }, () => clerk.join(' ')))
  expect(asked).toEqual(['1', '5'])
  pieces.delete('scan.pdf/5-8')
  await rung.run(episode, context)
  expect(asked).toEqual(['1', '5', '5'])
})

test('a picture is read; one that is none is said', async () => {
  const path = await file('a.png', picture(clerk, 'image/png'))
  const scan = { kind: 'scan', mediaType: 'image/png', from: 1, to: 1 } as const
  expect(await readDocument({ ...scan, path })).toMatchObject({ texts: [clerk.join(' ')] })
  const broken = await file('b.png', Buffer.from('\u0089PNG and then nothing of the kind', 'latin1'))
  expect(await readDocument({ ...scan, path: broken })).toEqual({ problem: 'unreadable' })
})
