import { parseFile } from 'music-metadata'
import { cleanCharacters, oneLine } from '../transcripts/clean-text.ts'

export interface MediaFacts {
  /** Null when its container does not say. */
  readonly durationSeconds: number | null
  readonly title: string | null
}

/** Length and title from the container. Covers are skipped, and nothing is read to the end to measure it. Never throws. */
export async function mediaFacts(path: string): Promise<MediaFacts> {
  try {
    const { format, common } = await parseFile(path, { skipCovers: true, duration: false })
    const { duration } = format
    const title = oneLine(cleanCharacters(common.title ?? '')).slice(0, 300)
    return {
      durationSeconds:
        duration !== undefined && Number.isFinite(duration) && duration > 0 && duration < 360_000 ? duration : null,
      title: title || null,
    }
  } catch {
    return { durationSeconds: null, title: null }
  }
}
