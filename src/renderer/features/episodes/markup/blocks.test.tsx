import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it, vi } from 'vitest'
import { blocksOf, isTangled, longestNote } from './blocks.ts'

const text = (markdown: string) =>
  blocksOf(markdown)
    .map((block) => block.text)
    .join('\n')

describe('blocks of a note', () => {
  it('loses nothing and cuts at headings and between paragraphs only', () => {
    const note = Array.from(
      { length: 200 },
      (_, index) => `## Part ${index}\n\n${'Words here. '.repeat(40)}\n\nMore.`,
    ).join('\n\n')
    const blocks = blocksOf(note)
    expect(blocks.length).toBeGreaterThan(10)
    expect(text(note).replace(/\s+/g, ' ')).toBe(note.replace(/\s+/g, ' '))
    expect(blocks.every((block) => !block.plain && block.text.length < 6_000)).toBe(true)
  })
  it('never cuts inside a fence', () => {
    const code = `\`\`\`\n${'# not a heading\n\nline\n\n'.repeat(400)}\`\`\``
    expect(blocksOf(`Before\n\n${code}`)).toHaveLength(1)
  })
  it('keeps a speaker with the quote before it', () => {
    const quotes = Array.from({ length: 60 }, () => `> ${'word '.repeat(30)}\n\n— Ines`).join('\n\n')
    expect(blocksOf(quotes).every((block) => !block.text.startsWith('—'))).toBe(true)
  })
  it('gives every block the definitions it may use', () => {
    const long = `${'Words. '.repeat(800)}\n\n`
    const blocks = blocksOf(`[a][x]\n\n${long}See [b][x].\n\n${long}Nothing.\n\n[x]: https://t.example`)
    expect(blocks.filter((block) => block.text.includes('[x]: https://t.example')).length).toBeGreaterThan(1)
  })
})

describe('93: inputs that would stop the window', () => {
  const cases: [string, string][] = [
    ['10 MB in one line', 'word '.repeat(2_000_000)],
    ['100,000 nested quotes', `${'>'.repeat(100_000)} x`],
    ['100,000 nested brackets', '['.repeat(100_000)],
    ['nested lists', '- '.repeat(50_000)],
    ['lists by indentation', Array.from({ length: 400 }, (_, index) => `${'  '.repeat(index)}- a`).join('\n')],
    ['emphasis', '*a **b '.repeat(20_000)],
    ['emphasis inside words', 'a**b'.repeat(20_000)],
    ['quotes one after another', '> a\n\n'.repeat(8_000)],
    ['closed brackets', '['.repeat(20_000) + ']'.repeat(20_000)],
    ['open links', '[a]('.repeat(20_000)],
    ['link titles', '[a](b "'.repeat(20_000)],
    ['a wide table', `${'|a'.repeat(8_000)}|\n${'|-'.repeat(8_000)}|\n`],
    ['footnotes', `${'[^a] '.repeat(8_000)}\n\n[^a]: x`],
    ['code marks', Array.from({ length: 400 }, (_, index) => '`'.repeat(index)).join(' ')],
    ['open tags', '<a '.repeat(30_000)],
  ]
  it.each(cases)('%s: every piece is small or shown as plain text, and draws', async (_name, markdown) => {
    vi.stubGlobal('window', { inkwell: { platform: 'linux' } })
    const { drawMarkdown } = await import('./draw.tsx')
    const blocks = blocksOf(markdown)
    expect(blocks.reduce((sum, block) => sum + block.text.length, 0)).toBeLessThanOrEqual(longestNote)
    for (const block of blocks.slice(0, 3)) {
      if (block.plain) continue
      expect(block.text.length).toBeLessThanOrEqual(24_000)
      renderToStaticMarkup(drawMarkdown(block.text, { openLink: () => {}, goTo: null }))
    }
  })
  it('cuts the search for tangles short on real notes', () => {
    expect(isTangled('> > - a quote in a quote\n\n| a | b |\n|---|---|\n| *c* | [d](https://e.example) |')).toBe(false)
    expect(isTangled(`${'- '.repeat(16)}x`)).toBe(true)
  })
  it('draws deep HTML as nothing, so that it is shown as plain text', async () => {
    vi.stubGlobal('window', { inkwell: { platform: 'linux' } })
    const { drawHtml, withoutTags } = await import('./draw.tsx')
    const actions = { openLink: () => {}, goTo: null }
    expect(drawHtml('<div>'.repeat(3_000), actions)).toBeNull()
    expect(drawHtml('<'.repeat(100_000), actions)).toBeNull()
    expect(drawHtml('a'.repeat(300_000), actions)).toBeNull()
    expect(withoutTags(`${'<'.repeat(100_000)}<p>Kept</p>`)).toContain('Kept')
  })
})
