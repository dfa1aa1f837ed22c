import type { HttpResponse } from '../ports.ts'
import { decodeText } from '../transcripts/decode.ts'
import { parseTranscript } from '../transcripts/parse.ts'
import { sniffSignature } from '../transcripts/signatures.ts'
import { titleOfFileName } from './file-names.ts'
import { readable } from './readable.ts'
import { isTranscript, takeWords } from './recognise-words.ts'
import { fewestWords, type Recognised, unsupported, wordsInWords } from './recognised.ts'

export type Fetched = Pick<HttpResponse, 'url' | 'status' | 'headers' | 'body'>

const feedAhead =
  /^\s*(?:<\?[^>]*\?>\s*|<!--[^>]*-->\s*)*<(?:rss|feed|rdf:RDF)[\s>]|^\s*\{[\s\S]{0,300}"version"\s*:\s*"https?:\/\/jsonfeed\.org/i

export const addFeed = (url: string, title: string, sentence: string): Recognised => ({
  item: { kind: 'feed', title, sentence, action: 'add-feed', costMicroUsd: 0 },
  url,
})

const failed = (title: string, pasted: string, status: number): Recognised => {
  if (status === 401)
    return addFeed(
      pasted,
      title,
      `${title} asks for a password: it is added as a private feed, and you are asked for it.`,
    )
  const why = status === 404 || status === 410 ? 'has nothing at this address' : 'does not give it out'
  return unsupported(
    title,
    `${title} ${why} (the server says ${status}): open it in a browser, and paste its text or the right address.`,
  )
}

function ofPage(answer: Fetched, pasted: string, nowMs: number): Recognised {
  const { url, body } = answer
  const host = new URL(url).hostname
  const decoded = decodeText(body).text
  const found = readable(decoded)
  const { feedLinks, isArticle, hasPasswordField } = found.page
  const atRoot = new URL(url).pathname.replace(/\/+$/, '') === ''
  const reads = found.words >= 150 && !(atRoot && feedLinks.length > 0)
  if (feedLinks.length > 0 && !(reads && (isArticle || found.page.blocks.some((block) => block.inArticle))))
    return addFeed(
      pasted,
      found.title ?? host,
      `A page at ${host} that names its feed: the show is followed and its episodes are listed.`,
    )
  if (hasPasswordField && found.words < 150)
    return unsupported(
      found.title ?? host,
      `This is a login page at ${host}: log in with a browser and paste the text.`,
    )
  const bytes = Buffer.from(found.paragraphs.join('\n\n'))
  const read = parseTranscript(bytes, { fileName: null, declaredType: 'text/plain' })
  if (!read.ok || read.value.wordCount < fewestWords)
    return unsupported(
      found.title ?? host,
      `This page at ${host} has neither a feed nor an article (${wordsInWords(found.words)} to read): paste the address of the feed, or the text itself.`,
    )
  return takeWords(
    { ...read.value, language: found.page.language?.split('-')[0] ?? read.value.language },
    { bytes, fileName: null, declaredType: 'text/plain', source: 'text' },
    {
      title: (found.title ?? host).slice(0, 300),
      kind: isTranscript(read.value) ? 'transcript' : 'web-page',
      publishedAtMs: found.publishedAtMs ?? nowMs,
      link: url,
    },
  )
}

/** What a server sent. Pure; takes seconds for megabytes. */
export function recogniseAnswer(answer: Fetched, pasted: string, nowMs: number): Recognised {
  const { url, body, status, headers } = answer
  const host = new URL(url).hostname
  if (status < 200 || status > 299) return failed(host, pasted, status)
  const name = decodeURIComponentSafely(/\/([^/?#]+)\/?(?:[?#]|$)/.exec(new URL(url).pathname)?.[1] ?? host)
  const signature = sniffSignature(body.subarray(0, 65_536))
  if (signature)
    return unsupported(
      name,
      signature.family === 'audio' || signature.family === 'video'
        ? `This is ${signature.name} at ${host}: download it and drop the file here, or paste the address of the show it belongs to.`
        : `This is ${signature.name} at ${host}: notes are made from feeds, transcripts, recordings and articles.`,
    )
  if (feedAhead.test(body.subarray(0, 8_000).toString('utf8')))
    return addFeed(pasted, host, `A feed at ${host}: the show is followed and its episodes are listed.`)
  const hints = { fileName: name, declaredType: headers['content-type'] ?? null }
  const read = parseTranscript(body, hints)
  if (read.ok && (isTranscript(read.value) || (read.value.format !== 'html' && read.value.wordCount >= fewestWords)))
    return takeWords(
      read.value,
      { bytes: body, ...hints, source: 'file' },
      {
        title: read.value.title ?? titleOfFileName(name),
        kind: isTranscript(read.value) ? 'transcript' : 'article',
        publishedAtMs: nowMs,
        link: url,
      },
    )
  if (/<(?:html|body|p|div|article)[\s>]/i.test(body.subarray(0, 20_000).toString('latin1')))
    return ofPage(answer, pasted, nowMs)
  return unsupported(
    name,
    read.ok
      ? `This is a text of ${wordsInWords(read.value.wordCount)} at ${host}: notes need ${fewestWords} words or more.`
      : read.error.message,
  )
}

const decodeURIComponentSafely = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
