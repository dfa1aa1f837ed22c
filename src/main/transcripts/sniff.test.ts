import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeText } from './decode.ts'
import { parseTranscript } from './parse.ts'
import { sniffTranscript } from './sniff.ts'

const none = { fileName: null, declaredType: null }
const messageOf = (bytes: Uint8Array, hints = none): string => {
  const result = parseTranscript(bytes, hints)
  return result.ok ? 'read' : result.error.message
}

describe('encodings', () => {
  const text = 'Müller: Grüße, “genau” — 12 €.\nÖzil: Ja.'
  const utf16be = Buffer.from(text, 'utf16le').swap16()
  test.each([
    ['utf-8', Buffer.from(text)],
    ['utf-8', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)])],
    ['utf-16le', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])],
    ['utf-16be', Buffer.concat([Buffer.from([0xfe, 0xff]), utf16be])],
    ['utf-16le', Buffer.from(text, 'utf16le')],
    ['utf-16be', utf16be],
    [
      'windows-1252',
      Buffer.from(text.replace('“', '\x93').replace('”', '\x94').replace('—', '\x97').replace('€', '\x80'), 'latin1'),
    ],
  ])('%s', (encoding, bytes) => {
    const decoded = decodeText(bytes)
    expect(decoded.encoding).toBe(encoding)
    expect(decoded.text).toBe(text)
    expect(parseTranscript(bytes, none)).toMatchObject({ ok: true, value: { hasSpeakers: true } })
  })
  test('UTF-8 with a torn end stays UTF-8', () => {
    const torn = Buffer.from('Grüße, größer, schöner, über ü').subarray(0, -1)
    expect(decodeText(torn)).toMatchObject({ encoding: 'utf-8', warnings: [expect.stringContaining('damaged')] })
  })
})

describe('what is no transcript says what it is', () => {
  test.each([
    ['', 'empty'],
    ['\u0000\u0001\u0002\u0003'.repeat(40), 'not text'],
    ['\x7fELF\x02\x01\x01', 'a program'],
    ['PK\u0003\u0004....', 'office document'],
    ['%PDF-1.7 ...', 'a PDF'],
    ['ID3\u0004\u0000', 'MP3'],
    ['<?xml version="1.0"?>\n<rss version="2.0"><channel/></rss>', 'a feed'],
    ['<?xml version="1.0"?><opml version="2.0"/>', 'OPML'],
    ['<?xml version="1.0"?><tt xmlns="http://www.w3.org/ns/ttml"/>', 'TTML'],
    ['[Script Info]\nTitle: x', 'SubStation'],
    ['#EXTM3U\nfile:///etc/passwd', 'playlist'],
    ['WEBVTT\n\n', 'no words'],
  ])('%j', (content, expected) => {
    expect(messageOf(Buffer.from(content, 'latin1'))).toContain(expected)
  })
  test('a login page with any declared type', () => {
    const bytes = readFileSync(join(import.meta.dirname, 'fixtures/login.html'))
    expect(messageOf(bytes, { fileName: 'a.vtt', declaredType: 'text/vtt' } as never)).toContain(
      'login page (“Log in”)',
    )
    expect(messageOf(bytes, { fileName: 'a.html', declaredType: 'text/html' } as never)).toContain('login page')
  })
  test('a long landing page in place of captions', () => {
    const page = `<html><title>Soon</title><body>${'<p>We will be back soon with the words of it all.</p>'.repeat(20)}</body></html>`
    expect(messageOf(Buffer.from(page), { fileName: 'a.vtt', declaredType: 'text/vtt' } as never)).toContain(
      'web page (“Soon”)',
    )
    expect(parseTranscript(Buffer.from(page), { fileName: null, declaredType: 'text/html' })).toMatchObject({
      ok: true,
    })
  })
  test('more lines than anybody writes are cut, with a warning', () => {
    const result = parseTranscript(Buffer.from('a b\n'.repeat(500_001)), none)
    expect(result).toMatchObject({
      ok: true,
      value: { wordCount: 1_000_000, warnings: [expect.stringContaining('500,000 lines')] },
    })
  })
  test('more than 20 MB', () => {
    expect(messageOf(Buffer.alloc(20_000_001, 0x61))).toContain('20 MB')
  })
})

test('declared types and names lie; the content decides', () => {
  const srt = Buffer.from('1\n00:00:00,000 --> 00:00:01,000\nHi.\n')
  const kind = (bytes: Buffer, fileName: string, declaredType: string) =>
    sniffTranscript(bytes, { fileName, declaredType }).kind
  expect(kind(srt, 'a.vtt', 'text/vtt')).toBe('srt')
  expect(kind(srt, 'a.json', 'application/json')).toBe('srt')
  expect(kind(Buffer.from('WEBVTT\n\n00:00.000 --> 00:01.000\nHi.'), 'a.srt', 'application/x-subrip')).toBe('vtt')
  expect(kind(Buffer.from('{"segments":[]}'), 'a.srt', 'text/plain')).toBe('json')
  expect(kind(Buffer.from('[00:01] Maren: Hi.\n[00:02] Teo: Hi.'), 'a.json', 'application/json')).toBe('text')
  expect(kind(Buffer.from('<p>Hello</p>'), 'a.txt', 'text/plain')).toBe('html')
})

test('characters that steer a screen or a terminal are taken out', () => {
  const result = parseTranscript(
    Buffer.from('Maren: pay\u202e\u2066 now\u0007 \ud83c\udf0a\nTeo: \u200bno\u0000.'),
    none,
  )
  const text = result.ok ? result.value.segments.map((segment) => segment.text).join('|') : ''
  expect(text).toBe('pay now 🌊|no.')
})

describe('random input never throws', () => {
  const hints = fc.record({
    fileName: fc.constantFrom(null, 'a.srt', 'a.en.vtt', 'a.json', 'a.md', 'a.html', 'a.txt'),
    declaredType: fc.constantFrom(null, 'text/vtt', 'application/json', 'text/html', 'text/plain'),
  })
  const check = (bytes: Uint8Array, hint: { fileName: string | null; declaredType: string | null }) => {
    const result = parseTranscript(bytes, hint)
    if (!result.ok) {
      expect(result.error.message).toMatch(/\.$/)
      return
    }
    for (const segment of result.value.segments) {
      expect(segment.text.isWellFormed()).toBe(true)
      expect(segment.text).not.toMatch(/[\u0000-\u0008\u202a-\u202e]/)
      expect(segment.text.trim()).not.toBe('')
    }
  }
  test('bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), hints, check), { numRuns: 400 })
  })
  test('pieces of the formats in any order', () => {
    const piece = fc.constantFrom(
      'WEBVTT',
      '\n',
      '\n\n',
      '1',
      '00:00:01,000 --> 00:00:02,000',
      '00:01.000 --> 00:00.500',
      'NOTE',
      '<v Maren>',
      '</v>',
      'Maren: ',
      '**Teo:** ',
      '\\[00:01\\] ',
      '[00:02] ',
      '(1:02:03)',
      '{"segments":',
      '[{"start":1,"text":"a"}]',
      '}',
      '<cite>',
      '<time>0:01</time>',
      '<p>',
      '&amp;',
      '&#0;',
      'words',
      ' ',
      '# ',
      '---',
      '```',
      '\u0000',
      '\ud800',
      '>> ',
      'Speaker 1  0:03',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), hints, (pieces, hint) =>
        check(Buffer.from(pieces.join('')), hint),
      ),
      { numRuns: 600 },
    )
  })
  test('deep nesting', () => {
    check(Buffer.from('['.repeat(200_000)), none)
    check(Buffer.from(`{"segments":${'['.repeat(100_000)}${']'.repeat(100_000)}}`), none)
    check(Buffer.from('<div>'.repeat(200_000)), none)
    check(Buffer.from('>'.repeat(200_000)), none)
    check(Buffer.from('**'.repeat(200_000)), { fileName: 'a.md', declaredType: null })
    check(Buffer.from(`[${'_a*'.repeat(100_000)}`), { fileName: 'a.md', declaredType: null })
  })
  test('names of prototypes are only names', () => {
    const json =
      '{"__proto__":{"polluted":1},"segments":[{"__proto__":{"polluted":1},"speaker":"__proto__","body":"Hello you.","startTime":1}]}'
    const result = parseTranscript(Buffer.from(json), none)
    expect(result).toMatchObject({ ok: true, value: { segments: [{ speaker: '__proto__', text: 'Hello you.' }] } })
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })
})
