import { parseTranscript } from '../transcripts/parse.ts'
import { sniffTranscript } from '../transcripts/sniff.ts'
import { titleOfFileName } from './file-names.ts'
import { readable } from './readable.ts'
import { isTranscript, takeWords } from './recognise-words.ts'
import { feedList, fewestWords, type Recognised, unsupported, wordsInWords } from './recognised.ts'

/** Of a file that is judged. */
export interface AboutFile {
  readonly path: string
  readonly name: string
  readonly bytes: number
  readonly date: number
}

/** What the text of a file is. Pure; takes seconds for megabytes. */
export function recogniseBytes(about: AboutFile, bytes: Buffer): Recognised {
  const { name } = about
  const hints = { fileName: name, declaredType: null }
  const sniffed = sniffTranscript(bytes, hints)
  if (sniffed.kind === 'other' && /OPML/.test(sniffed.name)) return feedList(name, bytes)
  if (sniffed.kind === 'other' && sniffed.name === 'a feed')
    return unsupported(name, 'This is a feed saved as a file: paste its web address to follow the show.')
  const read = parseTranscript(bytes, hints)
  if (!read.ok) return unsupported(name, read.error.message)
  const words = { bytes, ...hints, source: 'file' } as const
  const more = { title: read.value.title ?? titleOfFileName(name), publishedAtMs: about.date, link: null }
  if (isTranscript(read.value)) return takeWords(read.value, words, { ...more, kind: 'transcript' })
  if (sniffed.kind === 'html') return ofArticle(about, sniffed.text)
  if (/json|srt|vtt/.test(read.value.format)) return takeWords(read.value, words, { ...more, kind: 'transcript' })
  if (read.value.wordCount < fewestWords)
    return unsupported(
      name,
      `This is a text of ${wordsInWords(read.value.wordCount)}: notes need ${fewestWords} words or more.`,
    )
  return takeWords(read.value, words, { ...more, kind: 'article' })
}

function ofArticle({ name, date }: AboutFile, html: string): Recognised {
  const page = readable(html)
  const bytes = Buffer.from(page.paragraphs.join('\n\n'))
  const read = parseTranscript(bytes, { fileName: null, declaredType: 'text/plain' })
  if (!read.ok || read.value.wordCount < fewestWords)
    return unsupported(
      name,
      `This page holds a text of ${wordsInWords(page.words)}: notes need ${fewestWords} words or more.`,
    )
  return takeWords(
    { ...read.value, language: page.page.language?.split('-')[0] ?? read.value.language },
    { bytes, fileName: null, declaredType: 'text/plain', source: 'file' },
    {
      title: page.title ?? titleOfFileName(name),
      kind: 'article',
      publishedAtMs: page.publishedAtMs ?? date,
      link: null,
    },
  )
}
