import { parseTranscript } from '../transcripts/parse.ts'
import { sniffTranscript } from '../transcripts/sniff.ts'
import { titleOfText } from './file-names.ts'
import { readable } from './readable.ts'
import { isTranscript, takeWords } from './recognise-words.ts'
import { feedList, fewestWords, type Recognised, unsupported, wordsInWords } from './recognised.ts'

const none = { fileName: null, declaredType: null }

/** Pasted words: a transcript of any format, an article's HTML, or prose. */
export function recogniseText(text: string, nowMs: number): Recognised {
  const bytes = Buffer.from(text.toWellFormed())
  const sniffed = sniffTranscript(bytes, none)
  if (sniffed.kind === 'empty')
    return unsupported('Nothing', 'There is no text in it: paste an address, a transcript or an article.')
  if (sniffed.kind === 'other' && /OPML/.test(sniffed.name)) return feedList('Pasted list of feeds', bytes)
  if (sniffed.kind === 'other')
    return unsupported(
      'Pasted text',
      sniffed.name === 'a feed'
        ? 'This is the source of a feed: paste its address instead, and the show is followed.'
        : `This is the source of ${sniffed.name}: save it as SRT, VTT or text first.`,
    )
  const read = parseTranscript(bytes, none)
  if (!read.ok) return unsupported('Pasted text', read.error.message)
  const title =
    read.value.title ??
    titleOfText(
      read.value.segments
        .map((segment) => segment.text)
        .join('\n')
        .slice(0, 400),
    )
  if (sniffed.kind === 'html' && !isTranscript(read.value)) return recogniseHtmlText(sniffed.text, nowMs)
  if (isTranscript(read.value))
    return takeWords(
      read.value,
      { bytes, ...none, source: 'text' },
      { title, kind: 'transcript', publishedAtMs: nowMs, link: null },
    )
  if (read.value.wordCount < fewestWords)
    return unsupported(
      titleOfText(text),
      `This is a text of ${wordsInWords(read.value.wordCount)}: notes need ${fewestWords} words or more${/\s/.test(text.trim()) ? '' : ', and an address looks like https://example.com/feed'}.`,
    )
  return takeWords(
    read.value,
    { bytes, ...none, source: 'text' },
    { title: read.value.title ?? titleOfText(text), kind: 'text', publishedAtMs: nowMs, link: null },
  )
}

function recogniseHtmlText(html: string, nowMs: number): Recognised {
  const found = readable(html)
  const bytes = Buffer.from(found.paragraphs.join('\n\n'))
  const read = parseTranscript(bytes, none)
  if (!read.ok || read.value.wordCount < fewestWords)
    return unsupported(
      found.title ?? 'Pasted HTML',
      `This HTML holds a text of ${wordsInWords(found.words)}: notes need ${fewestWords} words or more.`,
    )
  return takeWords(
    read.value,
    { bytes, ...none, source: 'text' },
    {
      title: found.title ?? titleOfText(found.paragraphs[0]!),
      kind: 'article',
      publishedAtMs: found.publishedAtMs ?? nowMs,
      link: null,
    },
  )
}
