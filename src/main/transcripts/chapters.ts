import type { Chapter } from '#shared/contract/episodes.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import { readSeconds } from './clock-time.ts'
import { decodeText } from './decode.ts'
import { isObject, objects, textOf } from './formats/json-values.ts'
import { maxChapters } from './limits.ts'

const webAddress = (value: unknown): string | null => {
  const text = textOf(value)
  return /^https?:\/\/\S{1,4000}$/i.test(text) ? text : null
}

/** In order of time, each ending where the next begins when nothing else is said. `psc:chapters` pass through here too. */
export function orderChapters(chapters: readonly Chapter[]): Chapter[] {
  const sorted = chapters.toSorted((left, right) => left.startSeconds - right.startSeconds)
  return sorted.map((chapter, index) => {
    const next = sorted[index + 1]?.startSeconds ?? null
    const valid = chapter.endSeconds !== null && chapter.endSeconds > chapter.startSeconds
    return { ...chapter, endSeconds: valid ? chapter.endSeconds : next }
  })
}

/** podcast:chapters JSON 1.2. Those with `toc: false` are not for the table of contents and are left out. */
export function parseChapters(bytes: Uint8Array): Result<Chapter[], 'chapters-unreadable'> {
  let json: unknown
  try {
    json = JSON.parse(decodeText(bytes).text.replace(/^\ufeff/, ''))
  } catch {
    return fail('chapters-unreadable', 'The chapters file is not JSON.')
  }
  if (!isObject(json) || !Array.isArray(json.chapters))
    return fail('chapters-unreadable', 'The chapters file has no list of chapters.')
  const chapters = objects(json.chapters)
    .slice(0, maxChapters)
    .flatMap((chapter, index): Chapter[] => {
      const startSeconds = readSeconds(chapter.startTime)
      if (startSeconds === null || chapter.toc === false) return []
      return [
        {
          startSeconds,
          endSeconds: readSeconds(chapter.endTime),
          title: textOf(chapter.title).slice(0, 500) || `Chapter ${index + 1}`,
          url: webAddress(chapter.url),
        },
      ]
    })
  return ok(orderChapters(chapters))
}
