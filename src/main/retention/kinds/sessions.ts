import { interviewStore, type SessionRow } from '../../interviews/store.ts'
import type { Reader } from '../../storage/storage.ts'
import { cutoffOf, type Item, type SweepKind, sift } from '../kind.ts'

interface Words {
  readonly row: SessionRow
  readonly reason: string | null
  readonly bytes: number
}

const sizeOf = (text: string | null): number => Buffer.byteLength(text ?? '')

/** What speaks against the going of a session: words of the user that are nowhere else. */
function lookAt(reader: Reader, row: SessionRow & { intact: boolean }): Words {
  const exchanges = interviewStore.exchanges(reader, row.id)
  const drafts = interviewStore.drafts(reader, row.id)
  const bytes =
    exchanges.reduce((sum, { question, answer }) => sum + sizeOf(question) + sizeOf(answer), 0) +
    drafts.reduce((sum, { text }) => sum + sizeOf(text), 0)
  const exportedAt = row.exported_at_ms ?? Number.NEGATIVE_INFINITY
  const answered = exchanges.filter(({ answer }) => answer !== null && answer.trim() !== '')
  const unexported = answered.some(({ answered_at_ms }) => (answered_at_ms ?? Number.POSITIVE_INFINITY) > exportedAt)
  const reason = [row, ...exchanges, ...drafts].some(({ intact }) => !intact)
    ? 'damaged, and kept for the health check'
    : drafts.some(({ text }) => text.trim() !== '')
      ? 'with words not sent yet'
      : unexported || (row.state === 'completed' && row.exported_at_ms === null)
        ? 'not in any note yet'
        : null
  return { row, reason, bytes }
}

/** Age counts from the last change. Open ones are never looked at. */
const sessionsKind = (kind: SweepKind['kind'], state: 'completed' | 'abandoned', days: number): SweepKind => {
  const all = (reader: Reader) => interviewStore.sessions(reader).filter((row) => row.state === state)
  const itemOf = ({ row, bytes }: Words): Item => ({ id: row.id, bytes, words: row.episode_title })
  return {
    kind,
    defaults: { days, maxBytes: null },
    stored: (reader) => {
      const seen = all(reader).map((row) => lookAt(reader, row))
      return { items: seen.length, bytes: seen.reduce((sum, { bytes }) => sum + bytes, 0) }
    },
    due: (reader, question) => {
      const old = all(reader).filter(({ updated_at_ms }) => updated_at_ms < cutoffOf(question))
      return sift(
        old.map((row) => lookAt(reader, row)),
        ({ reason }) => reason,
        itemOf,
      )
    },
    forget: (tx, items) => {
      for (const { id } of items) interviewStore.deleteSession(tx, id)
      return []
    },
  }
}

export const completedSessionsKind = sessionsKind('completed-sessions', 'completed', 30)
export const abandonedSessionsKind = sessionsKind('abandoned-sessions', 'abandoned', 7)
