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
}
const nothing: IntakeDraft = { text: '', passage: null, files: [], templates: null }

export const useIntakeDraft = create<IntakeDraft>(() => nothing)

export const clearIntake = (): void => useIntakeDraft.setState(nothing)

/** A link or a line goes into the field; anything longer becomes a passage of its own, so that no line break is lost. */
export function offerText(text: string): void {
  const trimmed = text.trim()
  const isLong = trimmed.length > 2_000 || trimmed.includes('\n')
  useIntakeDraft.setState(isLong ? { passage: trimmed, text: '' } : { text: trimmed, passage: null })
}

export function addFiles(files: readonly OfferedFile[]): void {
  useIntakeDraft.setState((draft) => ({
    files: [...draft.files, ...files.filter((file) => !draft.files.some((one) => one.token === file.token))],
  }))
}

/** Hands files to main and puts their tokens into the draft. */
export async function offerFiles(files: File[]): Promise<Result<OfferedFile[]>> {
  const offered = await inkwell.offerFiles(files)
  if (offered.ok) addFiles(offered.value)
  return offered
}
