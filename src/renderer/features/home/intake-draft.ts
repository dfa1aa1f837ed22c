import { create } from 'zustand'
import type { OfferedFile } from '#shared/contract/types.ts'
import type { Result } from '#shared/result.ts'
import { inkwell } from '../../lib/inkwell.ts'

/** What lies in the paste box on its way to main. `passage` is a long pasted text, shown as one piece. */
export interface IntakeDraft {
  text: string
  passage: string | null
  files: readonly OfferedFile[]
  /** Null: the ones chosen in settings. */
  templates: readonly string[] | null
  /** What could not be taken of what was in the box last. */
  problems: readonly string[]
  /** Counts what came from elsewhere (drop, paste on another screen): the box takes the focus then. */
  arrivals: number
}
const nothing = { text: '', passage: null, files: [], templates: null, problems: [] }

export const useIntakeDraft = create<IntakeDraft>(() => ({ ...nothing, arrivals: 0 }))

export const clearIntake = (): void => useIntakeDraft.setState(nothing)

export const isEmptyDraft = (draft: Pick<IntakeDraft, 'text' | 'passage' | 'files'>): boolean =>
  draft.text.trim() === '' && draft.passage === null && draft.files.length === 0

/** More than a link or a line: kept whole beside the field, so that no line break is lost. */
export const isPassage = (text: string): boolean => text.length > 2_000 || text.trim().includes('\n')

/** Puts pasted or dropped words into the box. */
export function offerText(text: string): void {
  const trimmed = text.trim()
  useIntakeDraft.setState(({ arrivals }) => ({
    arrivals: arrivals + 1,
    ...(isPassage(text) ? { passage: trimmed, text: '' } : { text: trimmed, passage: null }),
  }))
}

export function addFiles(files: readonly OfferedFile[]): void {
  useIntakeDraft.setState((draft) => ({
    arrivals: draft.arrivals + 1,
    files: [...draft.files, ...files.filter((file) => !draft.files.some((one) => one.token === file.token))],
  }))
}

/** Hands files to main and puts their tokens into the draft. */
export async function offerFiles(files: File[]): Promise<Result<OfferedFile[]>> {
  const offered = await inkwell.offerFiles(files)
  if (offered.ok) addFiles(offered.value)
  return offered
}
