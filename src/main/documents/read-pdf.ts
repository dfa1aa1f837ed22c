import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { getDocument, type PDFDocumentProxy, VerbosityLevel } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { type DocumentProblem, type DocumentText, maxPages } from './document-task.ts'
import { paragraphsOf } from './lines.ts'

const folder = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'))

/** Opens a PDF without running anything in it; nothing is fetched. */
export async function withPdf<Value>(
  path: string,
  use: (pdf: PDFDocumentProxy) => Promise<Value>,
): Promise<Value | DocumentProblem> {
  const task = getDocument({
    data: new Uint8Array(await readFile(path)),
    enableXfa: false,
    disableAutoFetch: true,
    useSystemFonts: false,
    standardFontDataUrl: `${join(folder, 'standard_fonts')}/`,
    cMapUrl: `${join(folder, 'cmaps')}/`,
    wasmUrl: `${join(folder, 'wasm')}/`,
    verbosity: VerbosityLevel.ERRORS,
  })
  try {
    return await use(await task.promise)
  } catch (error) {
    return { problem: (error as Error).name === 'PasswordException' ? 'locked' : 'unreadable' }
  } finally {
    await task.destroy()
  }
}

/** Words of a PDF, page by page; one that was scanned has none. */
export const readPdfText = (path: string): Promise<DocumentText | DocumentProblem> =>
  withPdf(path, async (pdf) => {
    const texts: string[] = []
    for (let number = 1; number <= Math.min(pdf.numPages, maxPages); number++) {
      const page = await pdf.getPage(number)
      const { items } = await page.getTextContent()
      const pieces = items.flatMap((item) =>
        'str' in item
          ? [
              {
                text: item.str,
                x: item.transform[4] as number,
                y: item.transform[5] as number,
                width: item.width,
                height: item.height,
                endsLine: item.hasEOL,
              },
            ]
          : [],
      )
      texts.push(paragraphsOf(pieces).join('\n\n'))
      page.cleanup()
    }
    return { title: await titleOf(pdf), pages: pdf.numPages, texts }
  })

async function titleOf(pdf: PDFDocumentProxy): Promise<string | null> {
  const { info } = await pdf.getMetadata()
  const title = (info as { Title?: unknown }).Title
  // Word processors put the file's name there.
  return typeof title === 'string' && title.trim() !== '' && !/\.(?:docx?|pdf|tex|indd)$/i.test(title)
    ? title.trim().slice(0, 300)
    : null
}
