/** What the worker is asked: plain data. */
export type DocumentTask =
  /** Words of a PDF that has them as text. */
  | { readonly kind: 'text'; readonly path: string }
  /** Pages as pictures, read by character recognition. From 1, both included; an image is page 1. */
  | {
      readonly kind: 'scan'
      readonly path: string
      readonly mediaType: string
      readonly from: number
      readonly to: number
    }

export interface DocumentText {
  /** Of the document's own description; null when it has none. */
  readonly title: string | null
  readonly pages: number
  /** One text for each page that was read; empty where nothing was found. */
  readonly texts: readonly string[]
}
/** Locked with a password, or not what it says it is. */
export type DocumentProblem = { readonly problem: 'locked' | 'unreadable' }
export type DocumentAnswer = DocumentText | DocumentProblem

export const maxPages = 2_000
export const isProblem = (answer: DocumentAnswer): answer is DocumentProblem => 'problem' in answer
export const isScannable = (mediaType: string | null): boolean =>
  mediaType === 'application/pdf' || /^image\/(?:png|jpeg|gif|bmp|webp|tiff)$/.test(mediaType ?? '')
