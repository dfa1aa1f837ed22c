import { join } from 'node:path'
import type { Segment } from '#shared/contract/transcripts.ts'
import { fail, ok } from '#shared/result.ts'
import type { WorkerRunner } from '../ports.ts'
import type { TranscriptRung } from '../services-sound.ts'
import { type DocumentAnswer, type DocumentTask, isProblem, isScannable, maxPages } from './document-task.ts'

/** A page takes a few seconds; what takes this long has run away. */
const timeoutMs = 180_000
/** Read at one go, because to start takes as long as a page. */
const pagesAtOnce = 4
const secondsPerPage = 3

const problems = {
  locked: 'This document is locked with a password. It is kept; save it without one and drop it again.',
  unreadable: 'This document cannot be read: it is damaged or not what its name says. It is kept.',
} as const

/** Scanned pages and pictures, read by character recognition on this computer; each page is kept when it is done. */
export function createScanRung(deps: { readonly workers: WorkerRunner; readonly profilePath: string }): TranscriptRung {
  return {
    id: 'scan',
    offer: async (episode) => {
      const ready = isScannable(episode.mediaType) && episode.mediaPath !== null
      return {
        rung: 'scan',
        ready,
        words: ready ? 'The letters on its pages are read on this computer.' : 'This is not a scanned document.',
        model: 'tesseract-eng',
        estimate: { lowMicroUsd: 0, highMicroUsd: 0, reason: 'Reading on this computer is free.' },
        seconds: null,
      }
    },
    async run(episode, { signal, onProgress, pieces }) {
      const path = join(deps.profilePath, episode.mediaPath!)
      const segments: Segment[] = []
      let pages = 1
      for (let from = 1; from <= Math.min(pages, maxPages); from += pagesAtOnce) {
        const to = from + pagesAtOnce - 1
        const key = `${episode.mediaPath}/${from}-${to}`
        const left = Math.max(1, pages - from + 1) * secondsPerPage
        onProgress((from - 1) / pages, `Reading page ${from}${pages > 1 ? ` of ${pages}` : ''}, about ${left} s left`)
        const known = pieces.get(key)
        const count = pieces.get('pages')
        if (known && count) {
          pages = Number(count[0]!.text)
          segments.push(...known)
          continue
        }
        const task: DocumentTask = { kind: 'scan', path, mediaType: episode.mediaType!, from, to }
        const answer = await deps.workers.run<DocumentTask, DocumentAnswer>('documents', task, { timeoutMs, signal })
        if (!answer.ok) return answer
        if (isProblem(answer.value)) return fail(`document-${answer.value.problem}`, problems[answer.value.problem])
        pages = answer.value.pages
        const read = answer.value.texts.flatMap((text) => paragraphs(text))
        pieces.put('pages', paragraphs(String(pages)))
        pieces.put(key, read)
        segments.push(...read)
      }
      const warnings = ['Read from pictures: letters may be wrong. Letters of other scripts than Latin are not known.']
      return ok({ segments, language: episode.language, warnings, model: 'tesseract-eng' })
    },
  }
}

const paragraphs = (text: string): Segment[] =>
  text
    .split('\n\n')
    .filter((paragraph) => paragraph.trim() !== '')
    .map((paragraph) => ({ startSeconds: null, endSeconds: null, speaker: null, text: paragraph }))
