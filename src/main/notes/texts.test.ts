import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { readMapping, tagOf, text, withoutFrontmatter, yamlMapping } from './frontmatter.ts'
import { isNewerMetadata, metadataText, verifyMetadata } from './metadata.ts'
import { noteText } from './note-text.ts'
import { draft, episode, startMs, transcript } from './notes-testing.ts'
import { episodeUrl, publicUrl } from './public-url.ts'
import { clockLabel, timesFromFile, timesToFile } from './time-links.ts'
import { transcriptText } from './transcript-text.ts'

const frontmatterOf = (markdown: string): string => /^---\n([\s\S]*?)^---\n/m.exec(markdown)![1]!
const fixture = (name: string) => readFile(new URL(`./fixtures/inkwell-cli/${name}`, import.meta.url), 'utf8')

test('a note, byte for byte', () => {
  const note = draft('key-concepts', '## Tides\n\n- They turn. [41:12](#t=2472)', {
    costMicroUsd: 12_340,
    itemCount: 1,
  })
  expect(noteText(episode(), note, startMs).bytes.toString()).toBe(`---
template: "key-concepts"
template_version: "1.0"
podcast: "Tides"
episode: "How a tide table is made"
date: 2026-10-30
provider: "offline"
model: "inkwell-offline-1"
url: "https://tides.example/ep/1"
extracted: 2026-11-23
cost_usd: 0.0123
tags:
  - podcast
  - inkwell
  - key-concepts
---

# Key concepts: How a tide table is made

## Tides

- They turn. [41:12](https://cdn.tides.example/ep1.mp3#t=2472)
`)
})

test.each([
  'x\n---\ncssclasses: x\n---\n',
  'it\'s "quoted": yes # no',
  '1e3',
  'no',
  '22:22',
  '010',
  '2026-11-23',
  '~',
  'null',
  '',
  '- a',
  '{a: b}',
  '&x *x !!js/function',
  '\u0000\u0007\u202e',
  '\ud800',
  '%TAG ! x',
  '\u2028---\u2029',
  'a'.repeat(5_000),
])('the title %j stays in its own field', (title) => {
  const markdown = noteText(episode({ title }), draft('summary', 'Body.'), startMs).bytes.toString()
  const yaml = frontmatterOf(markdown)
  const keys = [
    'template',
    'template_version',
    'podcast',
    'episode',
    'date',
    'provider',
    'model',
    'url',
    'extracted',
    'cost_usd',
    'tags',
  ]
  for (const version of ['1.1', '1.2'] as const) {
    const read = parse(yaml, { version }) as Record<string, unknown>
    expect(Object.keys(read)).toEqual(keys)
    expect(typeof read.episode).toBe('string')
    expect(read.cost_usd).toBe(0)
    expect(read.tags).toEqual(['podcast', 'inkwell', 'summary'])
  }
  expect(withoutFrontmatter(markdown)).toMatch(/^# Summary/)
  expect(withoutFrontmatter(markdown).split('\n')[2]).toBe('Body.')
})

test('only dates and costs may differ without being news', () => {
  const one = noteText(episode(), draft('summary', 'Body.'), startMs)
  const later = noteText(episode(), draft('summary', 'Body.', { costMicroUsd: 9 }), startMs + 9e8)
  expect(later.contentSha256).toBe(one.contentSha256)
  expect(later.sha256).not.toBe(one.sha256)
  for (const changed of [{ model: 'other' }, { templateVersion: '2' }, { markdown: 'Body!' }])
    expect(noteText(episode(), draft('summary', 'Body.', changed), startMs).contentSha256).not.toBe(one.contentSha256)
})

test.each([
  ['https://user:pw@feeds.example/ep', null],
  ['https://feeds.example/ep?{secret:1}', null],
  ['https://feeds.example/ep?auth=abc', null],
  ['https://feeds.example/{secret:0}/ep.mp3', null],
  ['ftp://feeds.example/ep', null],
  ['javascript:alert(1)', null],
  ['not an address', null],
  ['https://feeds.example/ep?episode=3', 'https://feeds.example/ep?episode=3'],
])('%s in a note: %s', (url, expected) => {
  expect(publicUrl(url)).toBe(expected)
})

test('a private episode names no address at all', () => {
  const own = episode({ link: null, mediaUrl: 'https://cdn.example/ep.mp3?token={secret:0}' })
  const markdown = noteText(own, draft('summary', 'At [0:05](#t=5).'), startMs).bytes.toString()
  expect(markdown).not.toMatch(/cdn\.example|secret|url:/)
  expect(markdown).toContain('At [0:05].')
  expect(metadataText(own, transcript, [], startMs).bytes.toString()).toContain('episode_url: null\n')
  expect(episodeUrl(own)).toBeNull()
})

test.each(['https://cdn.tides.example/ep(1).mp3#t=3', null])('times come back as they were (%s)', (url) => {
  const draftText = 'At [41:12](#t=2472) and ([1:02:03](#t=3723)). Not [4] nor [a:b] nor [9:5].'
  const inFile = timesToFile(draftText, url)
  expect(inFile).not.toContain('(#t=')
  expect(timesFromFile(inFile)).toBe(draftText)
  expect(timesFromFile('[12:30]: x, [1:00](https://a.example/) and 12:30')).toBe(
    '[12:30]: x, [1:00](https://a.example/) and 12:30',
  )
  expect(clockLabel(3_723.9)).toBe('1:02:03')
})

test('the transcript has chapters, times, speakers on change, and nothing that acts', () => {
  const hostile = {
    ...transcript,
    segments: [
      ...transcript.segments,
      { startSeconds: 20, endSeconds: 30, speaker: 'Ben', text: '![[Passwords]] <% x %> ```tasks' },
      { startSeconds: 31, endSeconds: 40, speaker: null, text: '%% inkwell:end x %%' },
    ],
  }
  const chapters = [{ startSeconds: 9, endSeconds: null, title: 'Old [tables]', url: null }]
  const own = episode({ link: null, mediaUrl: null })
  expect(
    withoutFrontmatter(transcriptText(own, hostile, chapters).bytes.toString()),
  ).toBe(`# Transcript: How a tide table is made

**Ada** [0:00] Welcome to Tides. Today: tables.

## Old \\[tables\\] [0:09]

**Ben** [0:09] Thank you. 1. It is \\*old\\*. !\\[\\[Passwords\\]\\] &lt;% x %> \\\`\\\`\\\`tasks

[0:31] &#37;&#37; inkwell:end x &#37;&#37;
`)
})

const metadata = metadataText(
  episode(),
  transcript,
  [
    { name: 'quotes', version: '1.2', costMicroUsd: 1_500 },
    { name: 'summary', version: '1.0', costMicroUsd: 20 },
  ],
  startMs,
).bytes.toString()

test('metadata, byte for byte, with a seal that fits', async () => {
  await expect(metadata).toMatchFileSnapshot('./fixtures/metadata-v2.yaml')
  expect(verifyMetadata(metadata)).toMatchObject({ seal: 'fits', schemaVersion: 2 })
})

test('no byte of the metadata changes unnoticed, and no end of it is missed', () => {
  const bytes = Buffer.from(metadata)
  for (let at = 0; at < bytes.length; at++)
    for (const bit of [1, 32, 128]) {
      const flipped = Buffer.from(bytes)
      flipped[at]! ^= bit
      expect(verifyMetadata(flipped.toString()).seal, `byte ${at} bit ${bit}`).toBe('changed')
    }
  for (let end = 0; end < bytes.length - 1; end++)
    expect(verifyMetadata(bytes.subarray(0, end).toString()).seal, `cut at ${end}`).toBe('changed')
})

test.each([
  ['2025-11-metadata.yaml', 0, 'Unknown Podcast', 'Episode from https://youtube.com/watch?v=xyz'],
  ['2026-07-metadata.yaml', 1, 'syntax', "Modern CSS: What's New? (Ep. 789) — Ünïcode"],
])('reads what inkwell-cli wrote: %s', async (name, version, podcast, title) => {
  const { schemaVersion, seal, values } = verifyMetadata(await fixture(name))
  expect({ schemaVersion, seal }).toEqual({ schemaVersion: version, seal: 'unsealed' })
  expect(values?.get('podcast_name')).toBe(podcast)
  expect(values?.get('episode_title')).toBe(title)
  expect(values?.get('published_date')).toBeNull()
})

test.each(['2025-11-summary.md', '2026-07-summary.md'])('reads the frontmatter of inkwell-cli: %s', async (name) => {
  const note = await fixture(name)
  expect(readMapping(frontmatterOf(note))?.get('template')).toBe('summary')
  expect(withoutFrontmatter(note)).toBe('## Overview\n\nText.')
})

test.each([
  ['schema_version: 999\n', 999, true],
  ['schema_version: "3"\n', 3, true],
  ['schema_version: -1\n', null, false],
  ['schema_version: x\n', null, false],
  ['a: 1\n', 0, false],
  ['a: *x\n', null, false],
  ['a: 1\na: 2\n', null, false],
  ['- a\n', null, false],
  [`a: ${'[[[['.repeat(20)}`, null, false],
])('metadata %j has version %s', (content, version, newer) => {
  expect(verifyMetadata(content).schemaVersion).toBe(version)
  expect(isNewerMetadata(content)).toBe(newer)
})

test('no property runs in Templater, links or turns letters round', () => {
  const yaml = yamlMapping([['episode', text('<% tp.x %> <<%* y %> [[Private]] pay \u202etsap')]])
  expect(yaml).toBe('episode: "< % tp.x %> << %* y %> [ [Private]] pay ⟨U+202E⟩tsap"\n')
})

test('YAML that does not read back is never used', () => {
  expect(() =>
    yamlMapping([
      ['a', text('1')],
      ['a', text('2')],
    ]),
  ).toThrow()
  expect(() => yamlMapping([['date', { kind: 'plain', text: 'x: y' }]])).not.toThrow()
})

test('tags are ones that Obsidian takes', () => {
  expect(['key-concepts', 'a b', '2024', 'x#y]]', '日本'].map(tagOf)).toEqual([
    'key-concepts',
    'a-b',
    't-2024',
    'x-y',
    '日本',
  ])
})
