import type { WorkerRunner } from '../ports.ts'
import { apartFromBytes, readTimeoutMs } from '../transcripts/reader.ts'
import { type Fetched, recogniseAnswer } from './recognise-answer.ts'
import { type AboutFile, recogniseBytes } from './recognise-bytes.ts'
import { recogniseText } from './recognise-text.ts'
import { type Recognised, unsupported } from './recognised.ts'

/** What is judged by its content alone. Plain data: it is sent to a worker when it is large. */
export type Content =
  | { readonly kind: 'text'; readonly text: string; readonly nowMs: number }
  | { readonly kind: 'file'; readonly about: AboutFile; readonly bytes: Uint8Array }
  | { readonly kind: 'answer'; readonly answer: Fetched; readonly pasted: string; readonly nowMs: number }

export type RecogniseContent = (content: Content) => Promise<Recognised>

/** A Buffer that went to or came from another thread is only an array. */
const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

export function recogniseContent(content: Content): Recognised {
  switch (content.kind) {
    case 'text':
      return recogniseText(content.text, content.nowMs)
    case 'file':
      return recogniseBytes(content.about, asBuffer(content.bytes))
    case 'answer':
      return recogniseAnswer({ ...content.answer, body: asBuffer(content.answer.body) }, content.pasted, content.nowMs)
  }
}

const sizeOf = (content: Content): number =>
  content.kind === 'text'
    ? content.text.length
    : content.kind === 'file'
      ? content.bytes.length
      : content.answer.body.length

const nameOf = (content: Content): string =>
  content.kind === 'text'
    ? 'Pasted text'
    : content.kind === 'file'
      ? content.about.name
      : new URL(content.answer.url).hostname

function withBuffers(found: Recognised): Recognised {
  if ('opml' in found) return { ...found, opml: asBuffer(found.opml) }
  if ('words' in found && found.words)
    return { ...found, words: { ...found.words, bytes: asBuffer(found.words.bytes) } }
  return found
}

/** `recogniseContent` for the main thread, which never waits for something large. */
export const createContentRecogniser =
  (workers: WorkerRunner): RecogniseContent =>
  async (content) => {
    if (sizeOf(content) <= apartFromBytes) return recogniseContent(content)
    const answer = await workers.run<Content, Recognised>('recogniser', content, { timeoutMs: readTimeoutMs })
    return answer.ok
      ? withBuffers(answer.value)
      : unsupported(nameOf(content), 'This is too large or too tangled to be read: cut it into parts.')
  }
