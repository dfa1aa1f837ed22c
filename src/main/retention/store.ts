import { z } from 'zod'
import type { RetentionKind } from '#shared/contract/retention.ts'
import { readSetting, writeSetting } from '../settings/store.ts'
import type { Reader, Transaction } from '../storage/storage.ts'
import type { ForgottenFile, Rule } from './kind.ts'

const StoredRule = z.object({
  days: z.number().int().min(1).nullable(),
  maxBytes: z.number().int().min(0).nullable(),
})
const State = z.object({
  agreedAtMs: z.number().int().nullable().catch(null),
  lastSweepAtMs: z.number().int().nullable().catch(null),
  /** After a long pause, or a leap of the clock, the daily sweep waits until then. */
  notBeforeMs: z.number().int().nullable().catch(null),
})
export type SweepState = z.infer<typeof State>

const ruleName = (kind: RetentionKind): string => `retention.${kind}`
const stateName = 'retention.state'

/** A rule that cannot be read is as good as none: nothing goes by a rule nobody gave. */
export function readRule(reader: Reader, kind: RetentionKind, defaults: Rule): Rule {
  const stored = readSetting(reader, ruleName(kind))
  if (stored === undefined) return defaults
  return StoredRule.safeParse(stored).data ?? { days: null, maxBytes: null }
}
export const writeRule = (tx: Transaction, kind: RetentionKind, { days, maxBytes }: Rule, nowMs: number): void =>
  writeSetting(tx, ruleName(kind), { days, maxBytes }, nowMs)

export const readState = (reader: Reader): SweepState =>
  State.catch({ agreedAtMs: null, lastSweepAtMs: null, notBeforeMs: null }).parse(readSetting(reader, stateName))
export const writeState = (tx: Transaction, change: Partial<SweepState>, nowMs: number): void =>
  writeSetting(tx, stateName, { ...readState(tx), ...change }, nowMs)

export interface SweepFileRow {
  readonly path: string
  readonly bytes: number
  readonly forgotten_at_ms: number
  readonly aside_at_ms: number | null
}
export const sweepFiles = {
  all: (reader: Reader) => reader.all<SweepFileRow>('SELECT * FROM sweep_files ORDER BY forgotten_at_ms, path'),
  /** The same content swept twice is one file. */
  put: (tx: Transaction, { path, bytes }: ForgottenFile, nowMs: number) =>
    void tx.run(
      `INSERT INTO sweep_files (path, bytes, forgotten_at_ms) VALUES (?, ?, ?)
       ON CONFLICT (path) DO UPDATE SET forgotten_at_ms = excluded.forgotten_at_ms, aside_at_ms = NULL`,
      [path, bytes, nowMs],
    ),
  setAside: (tx: Transaction, path: string, atMs: number | null) =>
    void tx.run('UPDATE sweep_files SET aside_at_ms = ? WHERE path = ?', [atMs, path]),
  delete: (tx: Transaction, path: string) => void tx.run('DELETE FROM sweep_files WHERE path = ?', [path]),
}

export const sweptSecrets = {
  open: (reader: Reader) =>
    reader
      .all<{ subject: string }>('SELECT subject FROM swept_secrets WHERE gone_at_ms IS NULL ORDER BY subject')
      .map(({ subject }) => subject),
  close: (tx: Transaction, subject: string, atMs: number) =>
    void tx.run('UPDATE swept_secrets SET gone_at_ms = ? WHERE subject = ?', [atMs, subject]),
}
