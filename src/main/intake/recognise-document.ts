import { type DocumentAnswer, type DocumentTask, isProblem, isScannable } from '../documents/document-task.ts'
import type { WorkerRunner } from '../ports.ts'
import { countWords } from '../transcripts/clean-text.ts'
import type { Signature } from '../transcripts/signatures.ts'
import { titleOfFileName } from './file-names.ts'
import type { AboutFile } from './recognise-bytes.ts'
import { fewestWords, type Recognised, sizeInWords, unsupported, wordsInWords } from './recognised.ts'

/** A thousand pages of text take some twenty seconds. */
const timeoutMs = 120_000
/** Larger ones are books of pictures. Bytes. */
const maxDocumentBytes = 500_000_000

/** A PDF with words is an article; one of pictures, and an image, is read page by page when its notes are made. */
export async function recogniseDocument(
  about: AboutFile,
  signature: Signature,
  workers: WorkerRunner,
): Promise<Recognised> {
  if (!isScannable(signature.mime) || about.bytes > maxDocumentBytes)
    return unsupported(
      about.name,
      `This is ${signature.name} of ${sizeInWords(about.bytes)}: Inkwell reads PDFs and images up to ${sizeInWords(maxDocumentBytes)}.`,
    )
  const media = { path: about.path, extension: signature.extension, mime: signature.mime }
  const facts = { media, publishedAtMs: about.date, durationSeconds: null, language: null, link: null }
  const fileTitle = titleOfFileName(about.name)
  const scan = (title: string, what: string): Recognised => ({
    item: {
      kind: 'article',
      title,
      sentence: `${what}: its letters are read on this computer, and notes are made from them.`,
      action: 'make-notes',
      costMicroUsd: 0,
    },
    words: null,
    ...facts,
  })
  if (signature.mime !== 'application/pdf')
    return scan(fileTitle, `${upper(signature.name)} of ${sizeInWords(about.bytes)}`)
  const task: DocumentTask = { kind: 'text', path: about.path }
  const read = await workers.run<DocumentTask, DocumentAnswer>('documents', task, { timeoutMs })
  if (!read.ok) return unsupported(about.name, 'This PDF is too large or too tangled to be read: cut it into parts.')
  if (isProblem(read.value))
    return unsupported(
      about.name,
      read.value.problem === 'locked'
        ? 'This PDF is locked with a password: save it without one and drop it again.'
        : 'This PDF cannot be read: it is damaged.',
    )
  const { texts, pages } = read.value
  const title = read.value.title ?? fileTitle
  const text = texts.filter((page) => page !== '').join('\n\n')
  const words = countWords(text)
  const length = `${pages} ${pages === 1 ? 'page' : 'pages'}`
  // A scanned book may have a printed title page or page numbers.
  if (words < fewestWords || words < pages * 10) return scan(title, `A scanned PDF of ${length}`)
  return {
    item: {
      kind: 'article',
      title,
      sentence: `A PDF of ${length}, ${wordsInWords(words)}: notes are made from it on this computer.`,
      action: 'make-notes',
      costMicroUsd: 0,
    },
    words: { bytes: Buffer.from(text), fileName: null, declaredType: 'text/plain', source: 'file' },
    ...facts,
  }
}

const upper = (text: string): string => text[0]!.toUpperCase() + text.slice(1)
