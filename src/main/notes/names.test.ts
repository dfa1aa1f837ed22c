import { expect, test } from 'vitest'
import {
  besideName,
  dayOf,
  episodeFolderName,
  noteFileName,
  podcastFolderName,
  safeName,
  shortId,
  uniqueKey,
} from './names.ts'

const base = { id: '01900000-0000-7000-8000-000000000001', guid: 'guid-1', publishedAtMs: Date.UTC(2026, 10, 23) }
const folder = (title: string, changes: object = {}): string => episodeFolderName({ ...base, title, ...changes })

/** What must hold of each component that reaches a disk. */
const expectSafe = (name: string): void => {
  expect(name).not.toMatch(/[/\\:*?"<>|#^[\]\p{Cc}\p{Cf}]/u)
  expect(name).not.toMatch(/^[.\s~-]|[.\s]$/)
  expect(name).not.toBe('')
  expect(name).toBe(name.normalize('NFC'))
  expect(name.isWellFormed()).toBe(true)
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(120)
  expect(name.split('.')[0]!.trim()).not.toMatch(/^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])$/i)
}

const hostile = [
  '../../../../tmp/x',
  '..\\..\\x',
  '/etc/passwd',
  'C:\\x',
  '\\\\server\\share',
  'a/b',
  '%2e%2e%2f',
  '....//',
  'CON',
  'aux.md',
  'nul',
  'COM1.txt',
  'LPT9',
  'CONIN$',
  'COM¹',
  'Con .txt',
  'name.',
  'name ',
  '.hidden',
  '~$x',
  '-rf',
  '\u{1f600}'.repeat(300),
  '👩‍👩‍👧‍👦'.repeat(40),
  'x'.repeat(255),
  'x'.repeat(256),
  'Cafe\u0301',
  '',
  '   ',
  '\u202e\u202d\u2066',
  '\u200b',
  `a${'\u0301'.repeat(10_000)}`,
  'a\u0000b\nc\td\u2028e',
  '\ud800lone',
  'CLAUDE.md',
  'AGENTS.md',
  '.obsidian/plugins/x/main.js',
  '[[x]] #tag ^id | y',
]

test.each(hostile)('%j is one safe component', (title) => {
  expectSafe(safeName(title))
  expectSafe(podcastFolderName(title))
  expectSafe(noteFileName(title))
  const name = folder(title)
  expectSafe(name)
  expect(name).toMatch(/^2026-11-23-.+-[a-z2-7]{6}$/u)
})

test('keeps what people read', () => {
  expect(safeName('Modern CSS: What’s New? (Ep. 789) — Ünïcode')).toBe('Modern CSS What’s New (Ep. 789) — Ünïcode')
  expect(folder('How a tide table is made')).toMatch(/^2026-11-23-How a tide table is made-/)
  expect(safeName('AC/DC')).toBe('AC DC')
  expect(safeName('日本語のポッドキャスト')).toBe('日本語のポッドキャスト')
})

test('cuts on a grapheme', () => {
  expect(safeName('e\u0301'.repeat(200))).toBe('é'.repeat(59))
  expect(safeName('🇩🇪'.repeat(40))).toBe('🇩🇪'.repeat(14))
})

test('takes a date only where there is one', () => {
  expect(folder('x', { publishedAtMs: null })).toMatch(/^undated-x-/)
  expect(folder('x', { publishedAtMs: 9e15 })).toMatch(/^undated-x-/)
  expect(dayOf(Date.UTC(2026, 1, 3, 23, 59))).toBe('2026-02-03')
})

test.each([
  ['Café', 'Cafe\u0301'],
  ['Straße', 'STRASSE'],
  ['K', '\u212a'],
  ['İstanbul', 'istanbul'],
  ['ISTANBUL', 'ıstanbul'],
  ['ΟΔΟΣ', 'οδος'],
  ['ﬁle', 'FILE'],
])('%s and %s could be one name on some disk', (one, other) => {
  expect(uniqueKey(one)).toBe(uniqueKey(other))
  // Two episodes so titled still get two folders, by their ids.
  const [first, second] = [folder(one), folder(other, { guid: 'guid-2' })]
  expect(uniqueKey(first)).not.toBe(uniqueKey(second))
})

test('other names stay apart', () => {
  expect(uniqueKey('Żaba')).not.toBe(uniqueKey('Zaba'))
  expect(folder('Intro v1.5')).not.toBe(folder('Intro v1.6'))
  expect(besideName('Intro v1.5.md', 'new', '2026-11-23', 1)).toBe('Intro v1.5 (new 2026-11-23).md')
  expect(besideName('summary.md', 'new', '2026-11-23', 2)).toBe('summary (new 2026-11-23 2).md')
})

test('the id comes from the guid, whatever that holds, and from the episode where another has the name', () => {
  expect(shortId('../../x\n'.repeat(100_000))).toMatch(/^[a-z2-7]{6}$/)
  expect(folder('x')).toBe(folder('x', { id: 'another' }))
  expect(episodeFolderName({ ...base, title: 'x' }, '#1')).not.toBe(folder('x'))
})
