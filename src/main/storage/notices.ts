import type { Clock } from '../ports.ts'
import type { Storage, Transaction } from './storage.ts'

/** What befell the database, in words for the user; kept until it is seen. */
export interface StorageNotice {
  readonly id: number
  readonly atMs: number
  readonly kind: 'recovered' | 'disk-full' | 'write-failed' | 'damaged'
  readonly title: string
  readonly detail: string
  /** Relative to the profile: where files were set aside. */
  readonly keptIn: string | null
  readonly seenAtMs: number | null
}
export type NewNotice = Omit<StorageNotice, 'id' | 'atMs' | 'seenAtMs'>

export interface StorageNotices {
  /** Newest first; those the database could not take yet have negative ids. */
  list(): StorageNotice[]
  /** May be called while a transaction runs: it is written afterwards. The same trouble within an hour is one notice. */
  add(notice: NewNotice): void
  markSeen(id: number): void
}

const sameMs = 3_600_000
const columns = 'id, at_ms AS atMs, kind, title, detail, kept_in AS keptIn, seen_at_ms AS seenAtMs'

export const insertNotice = ({ run }: Pick<Transaction, 'run'>, notice: NewNotice & { readonly atMs: number }): void =>
  void run('INSERT INTO storage_notices (at_ms, kind, title, detail, kept_in) VALUES (?, ?, ?, ?, ?)', [
    notice.atMs,
    notice.kind,
    notice.title,
    notice.detail,
    notice.keptIn,
  ])

/** @param onChange told after a notice came or was seen */
export function createStorageNotices(deps: { storage: Storage; clock: Clock; onChange: () => void }): StorageNotices {
  const { storage, clock } = deps
  let waiting: StorageNotice[] = []

  const stored = (): StorageNotice[] =>
    storage.all<StorageNotice>(`SELECT ${columns} FROM storage_notices ORDER BY id DESC LIMIT 100`)
  const flush = (): void => {
    if (waiting.length === 0) return
    try {
      storage.write('storage.notice', (tx) => {
        for (const notice of waiting) {
          insertNotice(tx, notice)
          tx.audit('storage', null, { notice: notice.title })
        }
      })
      waiting = []
    } catch {
      // The database does not take it now; it stays on the list and is tried with the next one.
    }
  }
  const list = (): StorageNotice[] => {
    try {
      return [...waiting.toReversed(), ...stored()]
    } catch {
      return waiting.toReversed()
    }
  }
  return {
    list,
    add: (notice) => {
      const atMs = clock.now()
      if (waiting.some(({ kind, atMs: at }) => kind === notice.kind && atMs - at < sameMs)) return
      waiting.push({ ...notice, id: -1 - waiting.length, atMs, seenAtMs: null })
      setImmediate(() => {
        const [newest] = list().filter(({ id, kind }) => id > 0 && kind === notice.kind)
        if (newest && notice.kind !== 'recovered' && atMs - newest.atMs < sameMs)
          waiting = waiting.filter(({ kind }) => kind !== notice.kind)
        flush()
        deps.onChange()
      }).unref()
    },
    markSeen: (id) => {
      if (id < 0) waiting = waiting.filter((notice) => notice.id !== id)
      else
        storage.write('storage.noticeSeen', (tx) => {
          tx.run('UPDATE storage_notices SET seen_at_ms = ? WHERE id = ? AND seen_at_ms IS NULL', [clock.now(), id])
          tx.audit('storage', null, { seen: id })
        })
      deps.onChange()
    },
  }
}
