import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runDemo } from './demo/run.ts'

// The whole way, for real: a feed over HTTP, its transcript, the offline extraction in a worker, notes on disk.
describe('the demo', () => {
  let folder: string
  let said = ''
  let exitCode: number
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'inkwell-demo-test-'))
    mkdirSync(join(folder, 'notes'))
    exitCode = await runDemo(folder, (words) => {
      said += words
    })
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const files = (): string[] =>
    readdirSync(join(folder, 'notes'), { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/'))
  const read = (end: string): string => {
    const name = files().find((file) => file.endsWith(end))
    if (!name) throw new Error(`no ${end} among ${files().join(', ')}`)
    return readFileSync(join(folder, 'notes', name), 'utf8')
  }

  it('ends well and names the folder', () => {
    expect(said).toContain(`The notes are in ${join(folder, 'notes')}`)
    expect(exitCode).toBe(0)
  })

  it('puts the notes of the episode beside each other, by podcast and published day', () => {
    expect(files().filter((name) => name.endsWith('.md')).length).toBeGreaterThanOrEqual(4)
    expect(files()).toContain('The Lamp and the Log')
    expect(files().some((name) => /^The Lamp and the Log\/2026-10-04.*keepers/i.test(name))).toBe(true)
    expect(files().some((name) => name.endsWith('.metadata.yaml'))).toBe(true)
  })

  it('keeps times and speakers in the transcript, and chapters as headings', () => {
    const transcript = read('_transcript.md')
    expect(transcript).toContain('Ishbel Rae')
    expect(transcript).toContain('The lamp and the lens')
    expect(transcript).toMatch(/\d+:\d\d/)
  })

  it('quotes word for word', () => {
    const quotes = read('quotes.md')
    const spoken = readFileSync(new URL('../assets/sample/what-the-keepers-wrote-down.vtt', import.meta.url), 'utf8')
      .replace(/^(WEBVTT|[\d:.]+ --> .*)$/gm, '')
      .replace(/<v [^>]+>/g, '')
      .replace(/\s+/g, ' ')
    const quoted = [...quotes.matchAll(/“([^”]{20,})”|^> (?!\[!)([^—\n]{20,})$/gm)].map((match) =>
      (match[1] ?? match[2])!.trim(),
    )
    expect(quoted.length).toBeGreaterThan(2)
    for (const quote of quoted) expect(spoken).toContain(quote.replaceAll('\\', '').replace(/^“|”$/g, ''))
  })
})
