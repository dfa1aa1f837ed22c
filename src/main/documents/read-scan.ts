import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { createWorker, OEM } from 'tesseract.js'
import type { DocumentAnswer } from './document-task.ts'
import { withPdf } from './read-pdf.ts'

const languageFolder = join(
  dirname(createRequire(import.meta.url).resolve('@tesseract.js-data/eng/package.json')),
  '4.0.0_best_int',
)
/** Character recognition wants letters some thirty pixels high. */
const dotsPerInch = 200
const mostPixels = 25_000_000

type Recognise = (picture: string | Buffer) => Promise<string>

/** Character recognition on this computer: its data lies in the app, nothing is fetched. */
async function withRecognition<Value>(use: (recognise: Recognise) => Promise<Value>): Promise<Value> {
  const worker = await createWorker('eng', OEM.LSTM_ONLY, {
    langPath: languageFolder,
    cacheMethod: 'none',
    gzip: true,
    // What fails is thrown to the caller too.
    errorHandler: () => {},
  })
  try {
    return await use(async (picture) => {
      const { data } = await worker.recognize(picture)
      return data.text
        .split(/\n{2,}/)
        .map((paragraph) =>
          paragraph
            .replaceAll(/-\n(?=\p{Ll})/gu, '')
            .replaceAll(/\s+/g, ' ')
            .trim(),
        )
        .filter((paragraph) => paragraph !== '')
        .join('\n\n')
    })
  } finally {
    await worker.terminate()
  }
}

/** Reads pages of a scanned PDF, or an image, from the picture. */
export async function readScan(path: string, mediaType: string, from: number, to: number): Promise<DocumentAnswer> {
  return withRecognition(async (recognise): Promise<DocumentAnswer> => {
    if (mediaType !== 'application/pdf') {
      try {
        return { title: null, pages: 1, texts: [await recognise(path)] }
      } catch {
        return { problem: 'unreadable' }
      }
    }
    return withPdf(path, async (pdf) => {
      const texts: string[] = []
      for (let number = from; number <= Math.min(to, pdf.numPages); number++)
        texts.push(await recognise(await picture(pdf, number)))
      return { title: null, pages: pdf.numPages, texts }
    })
  })
}

interface NodeCanvas {
  toBuffer(type: 'image/png'): Buffer
}

async function picture(pdf: PDFDocumentProxy, number: number): Promise<Buffer> {
  const page = await pdf.getPage(number)
  const plain = page.getViewport({ scale: 1 })
  const wanted = dotsPerInch / 72
  const scale = Math.min(wanted, Math.sqrt(mostPixels / (plain.width * plain.height)))
  const viewport = page.getViewport({ scale })
  const factory = pdf.canvasFactory as { create(width: number, height: number): { canvas: NodeCanvas } }
  const { canvas } = factory.create(Math.ceil(viewport.width), Math.ceil(viewport.height))
  await page.render({ canvas: canvas as unknown as HTMLCanvasElement, viewport }).promise
  page.cleanup()
  return canvas.toBuffer('image/png')
}
