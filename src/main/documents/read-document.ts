import type { DocumentAnswer, DocumentTask } from './document-task.ts'

/** Runs in a worker. The libraries are loaded when they are needed: they are large. */
export async function readDocument(task: DocumentTask): Promise<DocumentAnswer> {
  if (task.kind === 'text') return (await import('./read-pdf.ts')).readPdfText(task.path)
  return (await import('./read-scan.ts')).readScan(task.path, task.mediaType, task.from, task.to)
}
