import type { ReactNode } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { TextActions } from './TextLink.tsx'

const actions: TextActions = { openLink: () => {}, goTo: () => {} }
let drawMarkdown: (text: string, actions: TextActions) => ReactNode | null
let drawHtml: (text: string, actions: TextActions) => ReactNode | null

beforeAll(async () => {
  // The shared pieces read the preload's api when they are loaded; nothing here calls it.
  vi.stubGlobal('window', { inkwell: { platform: 'linux' } })
  ;({ drawMarkdown, drawHtml } = await import('./draw.tsx'))
})
const md = (text: string) => renderToStaticMarkup(drawMarkdown(text, actions))
const html = (text: string) => renderToStaticMarkup(drawHtml(text, actions))

/** Anything that could run, load, submit or cover. Tag and attribute names are read as a browser would. */
function dangersIn(markup: string): string[] {
  const found: string[] = []
  for (const [, tag, attributes] of markup.matchAll(/<([a-z][^\s/>]*)((?:[^>"']|"[^"]*"|'[^']*')*)>/gi)) {
    if (
      !/^(a|b|blockquote|br|button|code|dd|del|div|dl|dt|em|footer|h[1-6]|hr|i|li|ol|p|pre|s|section|span|strong|sub|sup|table|tbody|td|th|thead|tr|u|ul)$/i.test(
        tag!,
      )
    )
      found.push(`<${tag}>`)
    for (const [, name, value] of (attributes ?? '').matchAll(/([^\s=/"']+)(?:="([^"]*)")?/g)) {
      if (/^(on|src|style|srcset|action|formaction|background|poster|ping|id|name|target|xlink)/i.test(name!))
        found.push(name!)
      if (/^href$/i.test(name!) && !/^(https?:|mailto:)/.test(value ?? '')) found.push(`${name}=${value}`)
    }
  }
  return found
}

const attacks: [name: string, markup: string][] = [
  ['81 script', '<script>alert(1)</script><p>after</p>'],
  ['81 script in a script', '<scr<script>ipt>alert(1)</script>'],
  ['82 image with onerror', '<img src=x onerror=alert(1)>'],
  ['83 svg animate', '<svg><animate onbegin=alert(1) attributeName=x dur=1s></svg>'],
  ['83 svg script', '<svg><script>alert(1)</script></svg><svg/onload=alert(1)>'],
  [
    '84 math mutation',
    '<math><mtext></table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  ],
  ['84 noscript mutation', '<noscript><p title="</noscript><img src=x onerror=alert(1)>">'],
  ['84 form mutation', '<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>'],
  ['85 iframe', '<iframe srcdoc="<script>alert(1)</script>"></iframe><iframe src="https://t.example"></iframe>'],
  ['86 javascript with a tab', '<a href="java\tscript:alert(1)">x</a>'],
  ['86 javascript in entities', '<a href="&#106;avascript&colon;alert(1)">x</a>'],
  ['86 javascript with a control', '<a href="\u0001javascript:alert(1)">x</a>'],
  ['86 data', '<a href="data:text/html,<script>alert(1)</script>">x</a>'],
  ['86 vbscript', '<a href="vbscript:msgbox(1)">x</a>'],
  [
    '87 form',
    '<form action="https://t.example"><button formaction="javascript:alert(1)">x</button><input name=a></form>',
  ],
  ['87 base', '<base href="https://t.example/">'],
  ['87 refresh', '<meta http-equiv="refresh" content="0;url=https://t.example">'],
  ['87 stylesheet', '<link rel=stylesheet href="https://t.example/x.css">'],
  ['88 style', '<style>@import "https://t.example/x.css"; body{background:url(https://t.example)}</style>'],
  [
    '89 embedded',
    '<object data="https://t.example"></object><embed src="https://t.example"><webview src="https://t.example"></webview>',
  ],
  ['90 tracking image', '<img src="https://t.example/x?u=1"><picture><source srcset="https://t.example/y"></picture>'],
  [
    '90 media',
    '<video poster="https://t.example/p" src="https://t.example/v" autoplay></video><audio src="https://t.example/a"></audio>',
  ],
  ['91 file', '<a href="file:///C:/Windows/System32/calc.exe">x</a>'],
  ['91 ms-msdt', '<a href="ms-msdt:/id">x</a>'],
  ['91 search-ms', '<a href="search-ms:query=a">x</a>'],
  ['91 smb', '<a href="smb://t.example/share">x</a>'],
  ['91 vscode', '<a href="vscode://file/etc/passwd">x</a>'],
  ['91 obsidian', '<a href="obsidian://open?vault=a">x</a>'],
  [
    '92 new window',
    '<a href="https://t.example" target="_blank" onclick="window.open()" ping="https://t.example/p">x</a>',
  ],
  ['94 overlay', '<div style="position:fixed;inset:0;z-index:9" class="mantine-Modal-root" id="root">x</div>'],
]

describe('hostile show notes', () => {
  it.each(attacks)('%s', (_name, attack) => {
    const drawn = html(`<p>before</p>${attack}`)
    expect(dangersIn(drawn)).toEqual([])
    expect(drawn).toContain('before')
    expect(drawn).not.toContain('@import')
  })
})

describe('hostile Markdown', () => {
  it.each(attacks)('%s, as raw HTML in a note', (_name, attack) => {
    expect(dangersIn(md(`before\n\n${attack}\n\ninline ${attack} text`))).toEqual([])
  })

  it.each([
    '[x](javascript:alert(1))',
    '[x](java\tscript:alert(1))',
    '[x](<java\nscript:alert(1)>)',
    '[x](JaVaScRiPt:alert(1))',
    '[x](data:text/html;base64,PHNjcmlwdD4=)',
    '[x](file:///etc/passwd)',
    '[x](obsidian://open)',
    '[x](//t.example/a)',
    '[x](/etc/passwd)',
    '[x](#/settings)',
    '[x](#t=1e9)',
    '<javascript:alert(1)>',
    '![x](https://t.example/x?u=1)',
    '![x](data:image/svg+xml,<svg/onload=alert(1)>)',
    '[![x](https://t.example/x)](javascript:alert(1))',
    '![x][r]\n\n[r]: https://t.example/x',
    '[x][r]\n\n[r]: javascript:alert(1)',
    'text[^1]\n\n[^1]: note',
    '- [x] done <img src=x onerror=alert(1)>',
  ])('%s', (attack) => {
    expect(dangersIn(md(attack))).toEqual([])
  })
})

describe('what the check itself would find', () => {
  it.each([
    '<script>',
    '<p onclick="x">',
    '<img src="x">',
    '<a href="javascript:x">',
    '<a href="/x">',
    '<p style="x">',
  ])('%s', (planted) => expect(dangersIn(planted)).not.toEqual([]))
})

describe('links and images', () => {
  it('shows the host of a link and takes credentials out of it', () => {
    expect(md('[Your bank](https://bank.example@evil.example/x)')).toContain('(evil.example)')
    expect(md('[x](https://bank.example@evil.example/x)')).not.toContain('bank.example')
  })
  it('makes an image a link to it, once', () => {
    expect(md('![A chart](https://t.example/c.png)')).toMatch(
      /<a [^>]*href="https:\/\/t.example\/c.png"[^>]*>Image: A chart/,
    )
    expect(md('[![A chart](https://t.example/c.png)](https://show.example)').match(/<a /g)).toHaveLength(1)
    expect(html('<a href="https://show.example"><img src="https://t.example/c.png" alt="Buy"></a>')).toContain(
      'Image: Buy',
    )
  })
  it('keeps what a text is made of', () => {
    const drawn = html('<h2>Links</h2><ul><li><b>One</b></li></ul><table><tr><td>a</td></tr></table>')
    for (const tag of ['<h2>', '<ul>', '<li>', '<b>', '<td>']) expect(drawn).toContain(tag)
    expect(md('- [x] done\n- [ ] open')).toMatch(/☑.*done[\s\S]*☐.*open/)
  })
})

describe('a note is set like an edition', () => {
  it('puts a leading or single closing time in the margin and names it', () => {
    const drawn = md(
      '[2:40](#t=160) A tide table.\n\nThe gauge. [18:05](#t=1085)\n\nFrom [1:00](#t=60) to [2:00](#t=120) it rains.',
    )
    expect(drawn).toContain('aria-label="Go to in the transcript: 2:40"')
    expect(drawn.match(/data-timed/g)).toHaveLength(2)
  })
  it.each([
    '> “The book is right.”\n>\n> — Ines Halvorsen, [41:12](#t=2472)',
    '> "The book is right."\n> — Ines Halvorsen, [41:12](#t=2472)',
    '> The book is right.\n\n— Ines Halvorsen, [41:12](#t=2472)',
    '> The book is right.  \n> — Ines Halvorsen [41:12](#t=2472)',
  ])('gives a quote its speaker as a footer: %j', (text) => {
    const drawn = md(text).replace(/\s+/g, ' ')
    expect(drawn).toMatch(
      /<blockquote data-quote="true">\s*<p>The book is right\.\s*<\/p>\s*<footer>Ines Halvorsen\s*<button/,
    )
  })
  it('leaves other block quotes as they are', () => {
    expect(md('> [!note]\n> Mine')).not.toContain('footer')
  })
  it('has no second first-level heading', () => expect(md('# Summary')).toContain('<h2>'))
})
