import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Segment } from '#shared/contract/transcripts.ts'
import type { ExtractionInput, OfflineRecipe } from '../../services.ts'
import { extractOffline } from './extract-offline.ts'
import { linksOf, quotationsOf } from './fixtures/markdown-reader.ts'
import { allTemplates, readTalk, riverGauge } from './fixtures/talk.ts'

const textOf = (file: string): string => readFileSync(new URL(`fixtures/${file}`, import.meta.url), 'utf8')
const talk = (segments: readonly Segment[], language = 'en'): ExtractionInput => ({
  ...riverGauge(),
  segments,
  chapters: [],
  persons: [],
  descriptionText: null,
  language,
})
/** The notes of a talk by template; a refusal stands as its code. */
function notesOf(input: ExtractionInput): Record<OfflineRecipe, string> {
  const made = extractOffline({ ...input, templates: allTemplates })
  const notes = made.map(({ template, result }) => [template, result.ok ? result.value.markdown : result.error.code])
  return Object.fromEntries(notes) as Record<OfflineRecipe, string>
}
const names = (markdown: string): string[] =>
  [...(markdown.split('### Mentioned').at(-1) ?? '').matchAll(/^- \*{2,3}(.+?)\*{2,3}/gm)].map(
    (match) => match[1] ?? '',
  )
const steps = (markdown: string): string[] =>
  [...markdown.matchAll(/^\d+\. (.+?)(?: \[[\d:]+\]\(.*)?$/gm)].map((match) => match[1] ?? '')

describe('an interview about bread', () => {
  const notes = notesOf(talk(readTalk(textOf('bread.txt'))))
  const everything = Object.values(notes).join('\n')

  it('finds who and what was named, and no more', () => {
    expect(names(notes['people-mentioned'])).toEqual(['Grete Solheim', 'Ken Forkish', 'Raymond Calvel'])
    expect(notes['books-mentioned']).toMatch(/^- \*{3}Flour Water Salt Yeast\*{3}, Ken Forkish: /)
    expect(names(notes['tools-mentioned'])).toEqual(['Notion', 'Thermapen'])
    expect(names(notes['frameworks-mentioned'])).toEqual(['Windowpane test'])
  })

  it('explains the terms it turns on', () => {
    expect(notes['key-concepts']).toContain('- **Sourdough starter**: A sourdough starter is a mixture of flour')
    expect(notes['key-concepts']).toContain('- **Autolyse**: The autolyse is a rest of half an hour')
    expect(names(notes['key-concepts'])).not.toContain('Kitchen')
  })

  it('keeps the counted steps in their order', () => {
    expect(steps(notes['step-by-step-plan'])).toEqual([
      'Put the dough into a straight glass and mark where it begins, because your eyes always overestimate a rise in a bowl.',
      'First, weigh everything, including the water.',
      'Second, mix flour and water the evening before, and go to bed.',
      'Third, fold the dough four times in the morning, with half an hour between the folds.',
      "Don't add flour when it sticks.",
      expect.stringContaining('Finally, bake it darker than you dare'),
      'You should never buy a machine before you have made ten loaves by hand.',
    ])
  })

  it('leaves out the sponsor, the greetings and what says nothing alone', () => {
    expect(everything.replace(/### Links[^#]*/, '')).not.toMatch(/Crumbline|heritage|SLOW|percent/)
    expect(everything).not.toMatch(/welcome|Good morning|I can smell|kind of a pet|That is a lovely/)
    expect(quotationsOf(notes.quotes)).toContain(
      "A recipe tells you what happened in somebody else's kitchen, not what will happen in yours.",
    )
  })
})

describe('a monologue without times and speakers', () => {
  const paragraphs = textOf('night-shift.txt').split(/\n\n+/)
  const notes = notesOf(talk(paragraphs.map((text) => ({ text, speaker: null, startSeconds: null, endSeconds: null }))))

  it('finds the people, the book and the rule', () => {
    expect(names(notes['people-mentioned'])).toEqual(['Helmut Brandauer', 'Atul Gawande'])
    expect(notes['books-mentioned']).toMatch(/^- \*{3}The Checklist Manifesto\*{3}, Atul Gawande: /)
    expect(names(notes['frameworks-mentioned'])).toEqual(['Two voices rule'])
    expect(notes['tools-mentioned']).toBe('None found in this transcript.')
  })

  it('keeps a denial together with what answers it', () => {
    expect(quotationsOf(notes.quotes)).toEqual([
      'A silent ward is not a safe ward. It is a ward in which nobody dares to write anything down.',
      'Fatigue is not a feeling, it is a measurement that you are too tired to take.',
      'The most dangerous nurse is not the one who is exhausted. It is the one who is proud of it.',
    ])
  })

  it('takes the advice, not the story', () => {
    expect(steps(notes['step-by-step-plan'])).toContain(
      'If you are new on nights, eat before midnight and never after four.',
    )
    expect(steps(notes['step-by-step-plan'])).toContain(
      "Don't drive home if you have closed your eyes at a red light even once.",
    )
    expect(notes['step-by-step-plan']).not.toMatch(/two clocks|nineteen|Brandauer/)
  })

  it('links no times', () => expect(Object.values(notes).flatMap((note) => linksOf(note))).toEqual([]))
})

describe('three people and a sponsor', () => {
  const notes = notesOf(talk(readTalk(textOf('three-at-the-terminal.txt'))))

  it('takes no supposed app, no sponsor, no firm and no city for a tool', () => {
    expect(names(notes['tools-mentioned'])).toEqual(['Postgres', 'Tarnish', 'S3', 'Rust'])
  })

  it('finds the author of a book that is only called his', () => {
    expect(notes['books-mentioned']).toMatch(/^- \*{3}The DAM Book\*{3}, Peter Krogh: /)
    expect(names(notes['people-mentioned'])).toEqual(['Peter Krogh', 'Gerald Weinberg'])
    expect(names(notes['frameworks-mentioned'])).toEqual(['3-2-1 rule', "Murphy's law"])
  })

  it('keeps advice without a first and a second', () => {
    expect(steps(notes['step-by-step-plan'])).toEqual([
      'Never trust a job that has not failed for a year.',
      'Keep one copy where the person who deletes things cannot reach it.',
      'You should write the restore steps on paper, because the wiki is on the server that has just died.',
      'Make sure that two people know the passphrase.',
    ])
  })

  it('quotes nothing of the sponsor and nothing twice', () => {
    const quotes = quotationsOf(notes.quotes)
    expect(quotes.join(' ')).toContain('A backup is not a file, it is a restore that somebody has tried.')
    expect(quotes.join(' ')).not.toMatch(/Cloudhopper|TERMINAL|Turnip/)
    expect(new Set(quotes).size).toBe(quotes.length)
  })

  it('does not keep the same thing said again in other words', () => {
    const again = readTalk(
      `${textOf('three-at-the-terminal.txt')}5:00 Lena Fuchs: A backup is not a file, it is a restore which somebody has really tried.\n`,
    )
    const quotes = quotationsOf(notesOf(talk(again)).quotes).filter((quote) => quote.includes('A backup is not a file'))
    expect(quotes).toHaveLength(1)
  })
})

describe('captions without punctuation', () => {
  const words = readTalk(textOf('bread.txt')).flatMap(({ text }) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}' ]/gu, '')
      .split(' '),
  )
  const captions = Array.from({ length: Math.ceil(words.length / 7) }, (_, index) => ({
    startSeconds: index * 3,
    endSeconds: index * 3 + (index % 4 === 3 ? 2 : 3),
    speaker: null,
    text: words.slice(index * 7, index * 7 + 7).join(' '),
  }))
  const notes = notesOf(talk(captions))

  it('still makes a summary with times, and invents no names', () => {
    const times = linksOf(notes.summary).map((link) => Number(link.replace('#t=', '')))
    expect(times.length).toBeGreaterThanOrEqual(3)
    expect(times).toEqual(times.toSorted((left, right) => left - right))
    expect(words.join(' ')).toContain(quotationsOf(notes.quotes)[0] ?? '')
    expect(notes['people-mentioned']).toBe('None found in this transcript.')
  })
})

describe('a conversation in Spanish', () => {
  const notes = notesOf(talk(readTalk(textOf('huerto.txt')), 'es'))

  it('chooses by the frequency of words and says so', () => {
    expect(names(notes['key-concepts'])).toEqual(expect.arrayContaining(['Huerto', 'Compost', 'Riego']))
    expect(notes.summary).toContain('The transcript is in Spanish')
    expect(quotationsOf(notes.quotes)).toContain(
      'El compost es la memoria del huerto, y todo lo que se tira hoy alimenta lo que se come mañana.',
    )
    expect(notes['books-mentioned']).toBe('language-not-supported')
  })
})
