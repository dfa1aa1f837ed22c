import { fail, type Json, ok, type Result } from '#shared/result.ts'
import type { Clock, Ids } from '../ports.ts'
import type { Storage, Transaction } from '../storage/storage.ts'
import {
  type DraftRow,
  type ExchangeRow,
  interviewStore,
  type Kept,
  type SessionRow,
  type SessionState,
} from './store.ts'

export interface NewSession {
  readonly episodeId: string | null
  readonly episodeTitle: string
  readonly feedTitle: string
  readonly style: string
  /** 1 to 100. */
  readonly maxQuestions: number
  readonly guidelines: Json
}
export interface NewQuestion {
  /** Made by the caller: asked again after a crash, it is the same exchange. */
  readonly exchangeId: string
  readonly text: string
  /** Where it comes from: minute, depth, parent. */
  readonly details: Json
}
export interface Session extends Kept<SessionRow> {
  readonly exchanges: readonly Kept<ExchangeRow>[]
  /** One for each answer that is being typed. */
  readonly drafts: readonly Kept<DraftRow>[]
}
export type InterviewFailure =
  | 'session-missing'
  | 'stale' // somebody else wrote since: nothing is merged silently
  | 'session-ended'
  | 'damaged' // the row is not as it was written: it is kept, and nothing is built on it

export interface InterviewsService {
  start(session: NewSession): Session
  get(sessionId: string): Session | null
  /** Newest change first. */
  list(): Kept<SessionRow>[]
  /** @param revision of the session that the caller saw */
  ask(sessionId: string, revision: number, question: NewQuestion): Result<Session, InterviewFailure>
  /** The draft is done with. Answered already with the same words: nothing changes. */
  answer(sessionId: string, revision: number, exchangeId: string, text: string): Result<Session, InterviewFailure>
  /**
   * What is being typed; durable when it returns. One writer: it names the draft's revision that it saw (0 before the
   * first), and a draft that somebody else wrote since is never overwritten.
   */
  saveDraft(
    sessionId: string,
    draft: { exchangeId: string; text: string; seenRevision: number },
  ): Result<{ revision: number }, InterviewFailure>
  setState(sessionId: string, revision: number, state: SessionState): Result<Session, InterviewFailure>
  markExported(sessionId: string, revision: number): Result<Session, InterviewFailure>
  /** Open sessions in which nothing was said or typed since are abandoned, in one transaction. Answers their ids. */
  abandonIdle(beforeMs: number): string[]
}

const missing = fail('session-missing', 'This interview is not there any more.')
const stale = fail(
  'stale',
  'This interview was changed in another window just now. Your words are still here; look at it again.',
  { retryable: true },
)
const ended = fail('session-ended', 'This interview has ended. Your words are still here; resume it to go on.')
const damaged = fail(
  'damaged',
  'A part of this interview is not as it was written. It is kept as it is. Run the health check to mend it.',
)

/** Interview sessions as they are kept: one writer each, every change revisioned, every word durable when it returns. */
export function createInterviewsService(deps: { storage: Storage; clock: Clock; ids: Ids }): InterviewsService {
  const { storage, clock, ids } = deps
  const get = (sessionId: string): Session | null => {
    const session = interviewStore.session(storage, sessionId)
    if (!session) return null
    return {
      ...session,
      exchanges: interviewStore.exchanges(storage, sessionId),
      drafts: interviewStore.drafts(storage, sessionId),
    }
  }
  const touch = (tx: Transaction, { intact, ...row }: Kept<SessionRow>, change: Partial<SessionRow> = {}): void =>
    interviewStore.putSession(tx, { ...row, ...change, revision: row.revision + 1, updated_at_ms: clock.now() })

  /** One read-modify-write: the revision is compared and the change made in the same transaction. */
  const change = (
    action: string,
    sessionId: string,
    revision: number,
    work: (tx: Transaction, session: Kept<SessionRow>) => Result<null, InterviewFailure>,
  ): Result<Session, InterviewFailure> => {
    const changed = storage.write(action, (tx): Result<null, InterviewFailure> => {
      const session = interviewStore.session(tx, sessionId)
      if (!session) return missing
      if (!session.intact) return damaged
      return session.revision === revision ? work(tx, session) : stale
    })
    return changed.ok ? ok(get(sessionId)!) : changed
  }
  const isOpen = ({ state }: SessionRow): boolean => state === 'active' || state === 'paused'

  return {
    get,
    list: () => interviewStore.sessions(storage),
    start(session) {
      const row: SessionRow = {
        id: ids.next(),
        episode_id: session.episodeId,
        episode_title: session.episodeTitle,
        feed_title: session.feedTitle,
        style: session.style,
        max_questions: session.maxQuestions,
        guidelines_json: JSON.stringify(session.guidelines),
        state: 'active',
        revision: 1,
        started_at_ms: clock.now(),
        updated_at_ms: clock.now(),
        completed_at_ms: null,
        exported_at_ms: null,
      }
      storage.write('interviews.start', (tx) => {
        interviewStore.putSession(tx, row)
        tx.audit(`interview:${row.id}`, null, { episode: row.episode_id, style: row.style })
      })
      return get(row.id)!
    },
    ask: (sessionId, revision, question) => {
      const known = interviewStore.exchange(storage, question.exchangeId)
      if (known?.session_id === sessionId && known.question === question.text) return ok(get(sessionId)!)
      return change('interviews.ask', sessionId, revision, (tx, session) => {
        if (!isOpen(session)) return ended
        const position = interviewStore.exchanges(tx, sessionId).length + 1
        interviewStore.putExchange(tx, {
          id: question.exchangeId,
          session_id: sessionId,
          position,
          question: question.text,
          question_json: JSON.stringify(question.details),
          answer: null,
          asked_at_ms: clock.now(),
          answered_at_ms: null,
        })
        touch(tx, session)
        tx.audit(`interview:${sessionId}`, null, { question: position })
        return ok(null)
      })
    },
    answer: (sessionId, revision, exchangeId, text) => {
      const known = interviewStore.exchange(storage, exchangeId)
      if (known?.session_id === sessionId && known.answer === text) return ok(get(sessionId)!)
      return change('interviews.answer', sessionId, revision, (tx, session) => {
        if (!isOpen(session)) return ended
        const exchange = interviewStore.exchange(tx, exchangeId)
        if (exchange?.session_id !== sessionId) return missing
        if (!exchange.intact) return damaged
        const { intact, ...row } = exchange
        interviewStore.putExchange(tx, { ...row, answer: text, answered_at_ms: clock.now() })
        interviewStore.deleteDraft(tx, exchangeId)
        touch(tx, session)
        // The words themselves are in the session; the trail tells that and when, not what was said.
        tx.audit(
          `interview:${sessionId}`,
          { question: row.position, characters: row.answer?.length ?? null },
          { question: row.position, characters: text.length },
        )
        return ok(null)
      })
    },
    saveDraft: (sessionId, { exchangeId, text, seenRevision }) =>
      // Progress of typing, many times a second: without an audit row, as every draft ends in an answer that has one.
      storage.writeUnaudited((tx): Result<{ revision: number }, InterviewFailure> => {
        const session = interviewStore.session(tx, sessionId)
        if (!session) return missing
        if (!isOpen(session)) return ended
        if (interviewStore.exchange(tx, exchangeId)?.session_id !== sessionId) return missing
        const last = interviewStore.draft(tx, exchangeId)?.revision ?? 0
        if (last !== seenRevision) return stale
        interviewStore.putDraft(tx, {
          session_id: sessionId,
          exchange_id: exchangeId,
          text,
          revision: last + 1,
          saved_at_ms: clock.now(),
        })
        return ok({ revision: last + 1 })
      }),
    setState: (sessionId, revision, state) =>
      change('interviews.setState', sessionId, revision, (tx, session) => {
        touch(tx, session, { state, completed_at_ms: state === 'completed' ? clock.now() : null })
        tx.audit(`interview:${sessionId}`, { state: session.state }, { state })
        return ok(null)
      }),
    markExported: (sessionId, revision) =>
      change('interviews.export', sessionId, revision, (tx, session) => {
        touch(tx, session, { exported_at_ms: clock.now() })
        tx.audit(`interview:${sessionId}`, { exportedAtMs: session.exported_at_ms }, { exportedAtMs: clock.now() })
        return ok(null)
      }),
    abandonIdle(beforeMs) {
      if (interviewStore.idleSince(storage, beforeMs).length === 0) return []
      const abandoned = storage.write('interviews.abandon', (tx): Result<string[], 'none'> => {
        // Looked at again inside: an answer that came meanwhile keeps its session open.
        const idle = interviewStore.idleSince(tx, beforeMs).filter(({ intact }) => intact)
        for (const session of idle) {
          touch(tx, session, { state: 'abandoned' })
          tx.audit(`interview:${session.id}`, { state: session.state }, { state: 'abandoned' })
        }
        return idle.length > 0 ? ok(idle.map(({ id }) => id)) : fail('none', 'No session is idle.')
      })
      return abandoned.ok ? abandoned.value : []
    },
  }
}
