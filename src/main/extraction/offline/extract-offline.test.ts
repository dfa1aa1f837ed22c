import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Segment } from '#shared/contract/transcripts.ts'
import type { ExtractionInput, NoteDraft, OfflineRecipe } from '../../services.ts'
import { extractOffline } from './extract-offline.ts'
import { linksOf, nodesOf, parseMarkdown, quotationsOf, textOf } from './fixtures/markdown-reader.ts'
import { allTemplates, riverGauge } from './fixtures/talk.ts'

const template = (recipe: OfflineRecipe) => allTemplates.filter(({ name }) => name === recipe)
const draft = (input: ExtractionInput, recipe: OfflineRecipe): NoteDraft => {
  const result = extractOffline({ ...input, templates: template(recipe) })[0]!.result
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}
const failure = (input: ExtractionInput, recipe: OfflineRecipe): string => {
  const result = extractOffline({ ...input, templates: template(recipe) })[0]!.result
  return result.ok ? 'ok' : result.error.code
}
const squeeze = (text: string): string => text.replace(/\s+/g, ' ').trim()
const saying = (...texts: string[]): ExtractionInput => ({
  ...riverGauge(),
  chapters: [],
  persons: [],
  descriptionText: null,
  segments: texts.map((text) => ({ startSeconds: null, endSeconds: null, speaker: null, text })),
})
const padding =
  'The kiln is heated slowly for nine hours and cooled for two days. The clay comes from a pit behind the church, and it is washed three times before anybody may touch it. Every pot is turned by hand, because the wheel has no motor.'
const advert = /Harrow|promo|harrowtools|BENCH|twenty percent/
const greeting = /welcome|your host|thank|subscribe|Great to be here/i

describe('the river gauge talk', () => {
  it('summary: prose of the description, then whole sentences in order under their chapters', () => {
    const { markdown, itemCount } = draft(riverGauge(), 'summary')
    const nodes = parseMarkdown(markdown).children ?? []
    expect(textOf(nodes[0]!)).toBe(
      'After the flood of 2016 a street on the Lenn built its own river gauges. Two of its people tell what they learned about sensors, swans and trust.',
    )
    expect(nodes.filter(({ type }) => type === 'heading').map(textOf)).toEqual(
      riverGauge().chapters.map(({ title }) => title),
    )
    const times = linksOf(markdown).map((link) => Number(link.replace('#t=', '')))
    expect(times.length).toBeGreaterThanOrEqual(4)
    expect(times).toEqual([...times].sort((left, right) => left - right))
    expect(markdown).not.toMatch(advert)
    expect(markdown).not.toMatch(greeting)
    expect(markdown).toContain('**Ama Owusu:**')
    expect(itemCount).toBeNull()
  })

  it('quotes: speaker and time under each, nothing from the advert or the greetings', () => {
    const { markdown, itemCount } = draft(riverGauge(), 'quotes')
    const quotes = quotationsOf(markdown)
    expect(quotes.length).toBe(itemCount)
    expect(quotes.length).toBeGreaterThanOrEqual(3)
    expect(markdown.match(/^— \*\*(?:Tomas Verbeek|Ama Owusu|Nora Quist)\*\*, \[\d+:\d\d\]\(#t=\d+\)$/gm)).toHaveLength(
      quotes.length,
    )
    expect(markdown).not.toMatch(advert)
    expect(markdown).not.toMatch(greeting)
    for (const quote of quotes) {
      expect(quote.split(' ').length).toBeGreaterThanOrEqual(8)
      expect(quote.split(' ').length).toBeLessThanOrEqual(60)
    }
  })

  it('key concepts: terms with the sentences that say what they are', () => {
    const { markdown } = draft(riverGauge(), 'key-concepts')
    expect(markdown).toContain('- **Staff gauge**: The staff gauge is a plank with centimetres on it')
    expect(markdown).toContain('- **River gauge**: A river gauge is simply an instrument that records the height')
    expect(markdown).not.toMatch(/\*\*(?:Nora|Tomas|Ama|Thing|People|Way|Year)/)
  })

  it('people: those who take part apart from those who are mentioned', () => {
    const { markdown, itemCount } = draft(riverGauge(), 'people-mentioned')
    const [taking, mentioned] = markdown.split('### Mentioned')
    expect(taking).toContain('- **Nora Quist** (host)')
    expect([...mentioned!.matchAll(/^- \*\*(.+?)\*\*/gm)].map((match) => match[1])).toEqual([
      'Ilse Brandt',
      'Clara Lindqvist',
      'Donella Meadows',
      'Willem Aerts',
    ])
    expect(itemCount).toBe(4)
  })

  it('books: titles and the authors that were said', () => {
    const { markdown } = draft(riverGauge(), 'books-mentioned')
    expect(
      [...markdown.matchAll(/^- \*\*\*(.+?)\*\*\*(?:, ([\w ]+))?:/gm)].map((match) => [match[1], match[2]]),
    ).toEqual([
      ['The Measure of Water', 'Clara Lindqvist'],
      ['Thinking in Systems', 'Donella Meadows'],
    ])
  })

  it('tools: what was used, and the links that were given', () => {
    const { markdown } = draft(riverGauge(), 'tools-mentioned')
    expect([...markdown.matchAll(/^- \*\*(.+?)\*\*/gm)].map((match) => match[1])).toEqual([
      'Raspberry Pi',
      'Postgres',
      'Grafana',
      'Floodline',
    ])
    expect(linksOf(markdown)).toContain('https://lenngauge.example/plans?version=2')
    expect(linksOf(markdown)).toContain('https://lenngauge.example/data')
    expect(markdown).not.toMatch(advert)
  })

  it('frameworks: rules and effects that have a name', () => {
    const { markdown } = draft(riverGauge(), 'frameworks-mentioned')
    expect([...markdown.matchAll(/^- \*\*(.+?)\*\*/gm)].map((match) => match[1])).toEqual([
      'Cry wolf effect',
      "Chesterton's fence",
    ])
  })

  it('plan: the advice in its order, no stories and no reported speech', () => {
    const { markdown } = draft(riverGauge(), 'step-by-step-plan')
    const steps = [...markdown.matchAll(/^\d+\. (.+?) \[/gm)].map((match) => match[1])
    expect(steps.slice(0, 2)).toEqual([
      'First, walk the bank with somebody who has lived there for thirty years.',
      'Then paint a staff gauge and read it every day for a month, before you buy any electronics.',
    ])
    expect(markdown).not.toContain('she writes')
  })

  it('says what it read, at no cost, and gives the same notes again', () => {
    const note = draft(riverGauge(), 'quotes')
    expect(note).toMatchObject({ provider: 'offline', model: 'offline-1', costMicroUsd: 0, coveredFromSeconds: 0 })
    expect(note.coveredToSeconds).toBeGreaterThan(1350)
    expect(extractOffline(riverGauge())).toEqual(extractOffline(riverGauge()))
  })
})

describe('every quotation is word for word', () => {
  it('in any part of the talk, however it is cut into captions', () => {
    const { segments } = riverGauge()
    fc.assert(
      fc.property(
        fc.nat(segments.length - 8),
        fc.integer({ min: 8, max: 40 }),
        fc.integer({ min: 3, max: 30 }),
        (from, length, wordsInCaption) => {
          const part = segments.slice(from, from + length).flatMap((segment) => captions(segment, wordsInCaption))
          const said = squeeze(part.map(({ text }) => text).join(' '))
          const [result] = extractOffline({ ...riverGauge(), segments: part, templates: template('quotes') })
          if (!result?.result.ok) return
          for (const quote of quotationsOf(result.result.value.markdown)) expect(said).toContain(squeeze(quote))
        },
      ),
      { numRuns: 25 },
    )
  })
})

function captions({ text, speaker, startSeconds, endSeconds }: Segment, size: number): Segment[] {
  const words = text.split(' ')
  const step = ((endSeconds ?? 0) - (startSeconds ?? 0)) / words.length
  const parts: Segment[] = []
  for (let at = 0; at < words.length; at += size)
    parts.push({
      text: words.slice(at, at + size).join(' '),
      speaker,
      startSeconds: (startSeconds ?? 0) + at * step,
      endSeconds: (startSeconds ?? 0) + Math.min(words.length, at + size) * step,
    })
  return parts
}

describe('what is not there is not found', () => {
  it.each([
    'people-mentioned',
    'books-mentioned',
    'tools-mentioned',
    'frameworks-mentioned',
    'step-by-step-plan',
  ] as const)('%s says so', (recipe) => {
    const { markdown, itemCount } = draft(saying(padding, padding), recipe)
    expect(markdown).toBe('None found in this transcript.')
    expect(itemCount).toBe(0)
  })

  it('takes no weekday, place, firm or deity for a person', () => {
    const text =
      'On Monday we flew to Paris, and in May we met Lockheed Martin and Goldman Sachs in New York. God knows why. Morgan Stanley said no in August. Austin was hot, Virginia was cold, and Red Bull paid for it. Thank God it was Friday, said the Harvard Business School. Amazon wrote a letter to Charles Schwab.'
    expect(draft(saying(text, padding), 'people-mentioned').markdown).toBe('None found in this transcript.')
  })

  it('takes no plain word for a tool', () => {
    const text =
      'We used Monday to rest. Go home, said the Express driver, and swift he was. The spark of it was gone, so we used patience. Use your head. The Notion that it works is strange.'
    expect(draft(saying(text, padding), 'tools-mentioned').markdown).toBe('None found in this transcript.')
  })
})

describe('transcripts of every kind', () => {
  it('without times and speakers: no link, no name', () => {
    const plain = riverGauge().segments.map(({ text }) => ({
      text,
      speaker: null,
      startSeconds: null,
      endSeconds: null,
    }))
    const results = extractOffline({ ...riverGauge(), segments: plain })
    for (const { result } of results) {
      if (!result.ok) throw new Error(result.error.message)
      expect(result.value.markdown).not.toContain('#t=')
      expect(result.value.coveredToSeconds).toBeNull()
    }
  })

  it('with a few words only', () => {
    expect(failure(saying('Only a dozen words are in here, and nobody would read their summary.'), 'summary')).toBe(
      'transcript-empty',
    )
    expect(failure(saying(), 'quotes')).toBe('transcript-empty')
  })

  it('without full stops: passages are cut at pauses, and the note says so', () => {
    const words = riverGauge().segments.flatMap(({ text }) =>
      text
        .toLowerCase()
        .replace(/[^\p{L}\p{N}' ]/gu, '')
        .split(' '),
    )
    const segments = Array.from({ length: Math.floor(words.length / 8) }, (_, index) => ({
      startSeconds: index * 3,
      endSeconds: index * 3 + (index % 3 === 2 ? 2 : 3),
      speaker: null,
      text: words.slice(index * 8, index * 8 + 8).join(' '),
    }))
    const { markdown } = draft({ ...riverGauge(), segments, chapters: [] }, 'summary')
    expect(markdown).toContain('The transcript has no punctuation')
    expect(linksOf(markdown).length).toBeGreaterThan(2)
  })

  it('in German: summary, quotations and terms by frequency; the others say that they cannot', () => {
    const german = [
      'Der Fluss war früher breiter als heute, und die alten Karten zeigen drei Inseln, die niemand mehr kennt.',
      'Wer einen Fluss verstehen will, muss zuerst die Menschen fragen, die an ihm wohnen.',
      'Das Hochwasser kam in der Nacht, und der Fluss stand am Morgen in der Küche.',
      'Wir haben damals Pegel gebaut, weil der amtliche Pegel elf Kilometer entfernt ist.',
      'Ein Pegel ist nichts anderes als ein Brett mit Zahlen, und trotzdem glaubt man ihm mehr als einem Rechner.',
      'Der Pegel am Steg wird jeden Tag gelesen, auch an Weihnachten, auch wenn es regnet.',
    ]
    const input = { ...saying(...german), language: 'de-DE' }
    expect(draft(input, 'key-concepts').markdown).toMatch(/\*\*Pegel\*\*/)
    expect(draft(input, 'summary').markdown).toContain('The transcript is in German')
    for (const quote of quotationsOf(draft(input, 'quotes').markdown)) expect(german.join(' ')).toContain(quote)
    expect(failure(input, 'people-mentioned')).toBe('language-not-supported')
    expect(failure({ ...input, language: 'en' }, 'books-mentioned')).toBe('language-not-supported')
  })

  it('in a script without spaces: says that it cannot', () => {
    const japanese = '川の水位を毎日測ることは、とても大切な仕事です。'.repeat(60).replaceAll('。', '。 ')
    expect(failure({ ...saying(japanese), language: 'ja' }, 'summary')).toBe('language-not-supported')
  })

  it('a template without a recipe needs a model', () => {
    const templates = [{ name: 'mine', title: 'Mine', version: '1', offlineRecipe: null }]
    expect(extractOffline({ ...riverGauge(), templates })).toMatchObject([
      { template: 'mine', result: { ok: false, error: { code: 'needs-model' } } },
    ])
  })
})

describe('hostile lengths', () => {
  it.each([
    ['one endless word', 'a'.repeat(300_000)],
    ['capitals without end', 'A Book by '.repeat(40_000)],
    ['openers without end', `${'yeah, '.repeat(60_000)}.`],
    ['brackets without end', `${'['.repeat(100_000)}(laughs`],
    ['quotation marks without end', 'He said "no. '.repeat(20_000)],
    ['dashes and dots', '-- ... - '.repeat(30_000)],
  ])('%s', (_, text) => {
    for (const { result } of extractOffline(saying(padding, text, padding))) {
      if (result.ok) expect(result.value.markdown.length).toBeLessThan(200_000)
    }
  })
})

describe('text from outside does nothing', () => {
  const attack =
    '[[Private]] ![x](http://evil.example/?q=1) <img src=x onerror=alert(1)> <% tp.system %> `= this` #tag %% inkwell:end %% ^id ```dataviewjs'

  it('in words, speakers, chapters, persons and the description', () => {
    const base = riverGauge()
    const input: ExtractionInput = {
      ...base,
      segments: base.segments.map((segment) => ({
        ...segment,
        speaker: `${segment.speaker} ${attack}`,
        text: segment.text.replaceAll('river', `river ${attack}`),
      })),
      chapters: base.chapters.map((chapter) => ({ ...chapter, title: `${attack}\n# ${chapter.title}` })),
      persons: base.persons.map((person) => ({ ...person, name: `${person.name} ${attack}`, role: attack })),
      descriptionText: `A walk along the banks of the Lenn ${attack} with two of its neighbours. javascript:alert(1) https://user:secret@evil.example/ obsidian://open?vault=x`,
    }
    for (const { template: name, result } of extractOffline(input)) {
      if (!result.ok) continue
      const { markdown } = result.value
      const nodes = nodesOf(parseMarkdown(markdown))
      expect(
        nodes.filter(({ type }) =>
          ['image', 'html', 'code', 'footnoteReference', 'linkReference', 'table'].includes(type),
        ),
      ).toEqual([])
      for (const link of linksOf(markdown))
        expect(link).toMatch(name === 'tools-mentioned' ? /^(?:#t=\d+|https?:\/\/[^@]+)$/ : /^#t=\d+$/)
      expect(markdown).not.toMatch(/<%|%%|\[\[|```|<img|(?<!\\)`=/)
      expect(markdown).not.toMatch(/(?:^|\s)#tag/m)
    }
  })
})
