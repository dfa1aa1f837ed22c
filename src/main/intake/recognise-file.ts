import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { maxTranscriptBytes } from '../transcripts/limits.ts'
import { parseTranscript } from '../transcripts/parse.ts'
import type { ParsedTranscript } from '../transcripts/parsed.ts'
import { richness } from '../transcripts/publisher-refs.ts'
import { type Signature, sniffSignature } from '../transcripts/signatures.ts'
import { sniffTranscript } from '../transcripts/sniff.ts'
import { dateOfFileName, sidecarNames, titleOfFileName } from './file-names.ts'
import { mediaFacts } from './media-facts.ts'
import { readable } from './readable.ts'
import { describeTranscript, isTranscript, lastSecond, takeWords } from './recognise-words.ts'
import {
  durationInWords,
  feedList,
  fewestWords,
  type Recognised,
  sizeInWords,
  unsupported,
  type Words,
  wordsInWords,
} from './recognised.ts'
import { openRegular, readHead } from './regular-file.ts'

const headBytes = 65_536

export interface RecognisedFile {
  readonly found: Recognised
  /** The transcript beside a recording: it is not an episode of its own. */
  readonly sidecarPath: string | null
}
const alone = (found: Recognised): RecognisedFile => ({ found, sidecarPath: null })

/** What a file is, by its content. Opens nothing but regular files; changes nothing. */
export async function recogniseFile(path: string): Promise<RecognisedFile> {
  const name = basename(path)
  let file: Awaited<ReturnType<typeof openRegular>>
  try {
    file = await openRegular(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return alone(
      unsupported(
        name,
        code === 'ENOENT' ? 'This file is no longer there: choose it again.' : `This file cannot be read (${code}).`,
      ),
    )
  }
  if (!file) return alone(unsupported(name, 'This is not a file but a folder, pipe or device.'))
  try {
    if (file.bytes === 0) return alone(unsupported(name, 'This file is empty (0 bytes).'))
    const head = await readHead(file.handle, headBytes)
    const signature = sniffSignature(head)
    const about = { path, name, bytes: file.bytes, date: dateOfFileName(name) ?? Math.round(file.modifiedAtMs) }
    if (signature && (signature.family === 'audio' || signature.family === 'video'))
      return await ofMedia(about, signature)
    if (signature && !(head[0] === 0xff && head[1] === 0xfe))
      return alone(
        unsupported(
          name,
          `This is ${signature.name}: notes are made from recordings, transcripts, articles and lists of feeds.`,
        ),
      )
    if (file.bytes > maxTranscriptBytes)
      return alone(
        unsupported(
          name,
          `This file has ${sizeInWords(file.bytes)}: a text of more than ${sizeInWords(maxTranscriptBytes)} is not read, cut it into parts.`,
        ),
      )
    return alone(ofText(about, await readHead(file.handle, file.bytes)))
  } finally {
    await file.handle.close()
  }
}

interface About {
  readonly path: string
  readonly name: string
  readonly bytes: number
  readonly date: number
}

function ofText(about: About, bytes: Buffer): Recognised {
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

function ofArticle({ name, date }: About, html: string): Recognised {
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

interface Sidecar {
  readonly path: string
  readonly words: Words
  readonly read: ParsedTranscript
}

/** The richest of the transcripts beside a recording; one that cannot be read is passed over. */
async function sidecarOf(path: string): Promise<Sidecar | null> {
  const folder = dirname(path)
  const names = await readdir(folder).catch(() => [])
  let best: Sidecar | null = null
  for (const name of sidecarNames(basename(path), names).slice(0, 12)) {
    const file = await openRegular(join(folder, name)).catch(() => null)
    if (!file) continue
    try {
      if (file.bytes > maxTranscriptBytes) continue
      const bytes = await readHead(file.handle, file.bytes)
      const read = parseTranscript(bytes, { fileName: name, declaredType: null })
      // Show notes lie beside recordings too: text without turns must at least be a text.
      if (!read.ok || (!isTranscript(read.value) && read.value.wordCount < fewestWords)) continue
      if (best && richness(read.value) <= richness(best.read)) continue
      best = {
        path: join(folder, name),
        read: read.value,
        words: { bytes, fileName: name, declaredType: null, source: 'sidecar' },
      }
      if (richness(read.value) === 3) break
    } finally {
      await file.handle.close()
    }
  }
  return best
}

async function ofMedia(about: About, signature: Signature): Promise<RecognisedFile> {
  const facts = await mediaFacts(about.path)
  const sidecar = await sidecarOf(about.path)
  const durationSeconds = facts.durationSeconds ?? (sidecar && lastSecond(sidecar.read))
  const length =
    durationSeconds === null
      ? sizeInWords(about.bytes)
      : `${durationInWords(durationSeconds)}, ${sizeInWords(about.bytes)}`
  const what = `${signature.name[0]!.toUpperCase()}${signature.name.slice(1)} (${length})`
  const title = facts.title ?? titleOfFileName(about.name)
  return {
    sidecarPath: sidecar?.path ?? null,
    found: {
      item: {
        kind: 'media',
        title,
        sentence: sidecar
          ? `${what} with its transcript beside it in “${basename(sidecar.path)}” (${describeTranscript(sidecar.read)}): it is kept, and notes are made on this computer.`
          : `${what} without a transcript beside it: it is kept and listed, but needs speech recognition, which Inkwell cannot do yet.`,
        action: sidecar ? 'make-notes' : 'store',
        costMicroUsd: 0,
      },
      words: sidecar?.words ?? null,
      media: { path: about.path, extension: signature.extension, mime: signature.mime },
      publishedAtMs: about.date,
      durationSeconds,
      language: sidecar?.read.language ?? null,
      link: null,
    },
  }
}
