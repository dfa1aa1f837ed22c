import type { Analysis } from './analysis.ts'

/** Null when there is nothing that would be kept. */
export type Recipe = (analysis: Analysis) => { markdown: string; itemCount: number | null } | null
