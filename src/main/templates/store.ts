import { readSetting, writeSetting } from '../settings/store.ts'
import type { Reader, Transaction } from '../storage/storage.ts'

const defaultsRow = 'templates.defaults'
const removedRow = 'templates.removed'
/** How many removed templates can be brought back. */
const keptRemoved = 50

export type RemovedTemplate = {
  readonly name: string
  readonly fileName: string
  readonly yaml: string
  readonly removedAtMs: number
}

/** Null until the user chose. */
export const readDefaults = (reader: Reader): string[] | null =>
  (readSetting(reader, defaultsRow) as string[] | undefined) ?? null
export const writeDefaults = (tx: Transaction, names: readonly string[], nowMs: number): void =>
  writeSetting(tx, defaultsRow, [...names], nowMs)

/** Newest first. */
export const readRemoved = (reader: Reader): RemovedTemplate[] =>
  (readSetting(reader, removedRow) as RemovedTemplate[] | undefined) ?? []
export const writeRemoved = (tx: Transaction, removed: readonly RemovedTemplate[], nowMs: number): void =>
  writeSetting(tx, removedRow, removed.slice(0, keptRemoved), nowMs)
