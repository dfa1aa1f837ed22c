import type { Analysis } from './analysis.ts'

/** `itemCount` is null for prose. Where nothing would be kept, the note says that none was found. */
export type Recipe = (analysis: Analysis) => { markdown: string; itemCount: number | null }
