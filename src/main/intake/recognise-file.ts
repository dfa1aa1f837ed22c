import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { WorkerRunner } from '../ports.ts'
import { maxTranscriptBytes } from '../transcripts/limits.ts'
import type { ParsedTranscript } from '../transcripts/parsed.ts'
import { richness } from '../transcripts/publisher-refs.ts'
import type { TranscriptReader } from '../transcripts/reader.ts'
import { type Signature, sniffSignature } from '../transcripts/signatures.ts'
import { dateOfFileName, sidecarNames, titleOfFileName } from './file-names.ts'
import type { MediaFacts, ReadMediaFacts } from './media-facts.ts'
import type { AboutFile } from './recognise-bytes.ts'
import type { RecogniseContent } from './recognise-content.ts'
import { recogniseDocument } from './recognise-document.ts'
import { describeTranscript, isTranscript, lastSecond } from './recognise-words.ts'
import { durationInWords, fewestWords, type Recognised, sizeInWords, unsupported, type Words } from './recognised.ts'
import { openRegular, readHead } from './regular-file.ts'

const headBytes = 65_536

export interface RecognisedFile {
  readonly found: Recognised
  /** The transcript beside a recording: it is not an episode of its own. */
  readonly sidecarPath: string | null
}
const alone = (found: Recognised): RecognisedFile => ({ found, sidecarPath: null })

/** How contents are read: large ones in a worker. */
export interface FileReaders {
  readonly recognise: RecogniseContent
  readonly read: TranscriptReader
  readonly factsOf: ReadMediaFacts
  readonly workers: WorkerRunner
}

/** What a file is, by its content. Opens nothing but regular files; changes nothing. */
export async function recogniseFile(
  path: string,
  { recognise, read, factsOf, workers }: FileReaders,
): Promise<RecognisedFile> {
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
      return await ofMedia(about, await factsOf(file, { path, type: signature.mime }), signature, read)
    if (signature && (signature.family === 'image' || signature.mime === 'application/pdf'))
      return alone(await recogniseDocument(about, signature, workers))
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
    return alone(await recognise({ kind: 'file', about, bytes: await readHead(file.handle, file.bytes) }))
  } finally {
    await file.handle.close()
  }
}

interface Sidecar {
  readonly path: string
  readonly words: Words
  readonly read: ParsedTranscript
}

/** The richest of the transcripts beside a recording; one that cannot be read is passed over. */
async function sidecarOf(path: string, readTranscript: TranscriptReader): Promise<Sidecar | null> {
  const folder = dirname(path)
  const names = await readdir(folder).catch(() => [])
  let best: Sidecar | null = null
  for (const name of sidecarNames(basename(path), names).slice(0, 12)) {
    const file = await openRegular(join(folder, name)).catch(() => null)
    if (!file) continue
    try {
      if (file.bytes > maxTranscriptBytes) continue
      const bytes = await readHead(file.handle, file.bytes)
      const read = await readTranscript(bytes, { fileName: name, declaredType: null })
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

async function ofMedia(
  about: AboutFile,
  facts: MediaFacts,
  signature: Signature,
  read: TranscriptReader,
): Promise<RecognisedFile> {
  const sidecar = await sidecarOf(about.path, read)
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
          : `${what} without a transcript beside it: it is kept and listed. Its words need speech recognition: its page shows the ways, with price and time.`,
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
