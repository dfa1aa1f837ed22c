import { nextUuid } from './lists.ts'
import type { StepOf } from './steps.ts'
import { expectSame, type SessionModel, type World } from './world.ts'

const isOpen = ({ state }: SessionModel): boolean => state === 'active' || state === 'paused'
const codeOf = (result: { ok: boolean; error?: { code: string } }): string => (result.ok ? 'ok' : result.error!.code)

/** Does it on one of the sessions and compares what was said with what should be. */
function onSession(
  { model }: World,
  s: number,
  work: (
    session: SessionModel,
  ) => { readonly found: string; readonly expected: string; readonly after: () => void } | null,
): void {
  const session = model.sessions[s % Math.max(1, model.sessions.length)]
  const done = session && work(session)
  if (!done) return
  expectSame('answer of the interview', done.found, done.expected)
  if (done.expected === 'ok') done.after()
}

export const interviewSteps = {
  async 'start-interview'({ home, model }: World, _: StepOf<'start-interview'>): Promise<void> {
    const { id, revision, state } = home.interviews.start({
      episodeId: null,
      episodeTitle: 'How a tide table is made',
      feedTitle: 'Tides',
      style: 'curious',
      maxQuestions: 50,
      guidelines: { tone: 'kind' },
    })
    model.sessions.push({ id, revision, state, exchanges: [], drafts: new Map() })
  },
  async ask(world: World, { s, stale }: StepOf<'ask'>): Promise<void> {
    onSession(world, s, (session) => {
      const id = nextUuid(world)
      const question = { exchangeId: id, text: `Question ${id}?`, details: { minute: 1 } }
      return {
        found: codeOf(world.home.interviews.ask(session.id, session.revision - Number(stale), question)),
        expected: stale ? 'stale' : isOpen(session) ? 'ok' : 'session-ended',
        after() {
          session.exchanges.push({ id, question: question.text, answer: null })
          session.revision += 1
        },
      }
    })
  },
  async draft(world: World, { s, e, stale, text }: StepOf<'draft'>): Promise<void> {
    onSession(world, s, (session) => {
      const exchange = session.exchanges[e % Math.max(1, session.exchanges.length)]
      if (!exchange) return null
      const last = session.drafts.get(exchange.id)?.revision ?? 0
      const draft = { exchangeId: exchange.id, text, seenRevision: stale ? last + 1 : last }
      return {
        found: codeOf(world.home.interviews.saveDraft(session.id, draft)),
        expected: !isOpen(session) ? 'session-ended' : stale ? 'stale' : 'ok',
        after: () => void session.drafts.set(exchange.id, { text: text.toWellFormed(), revision: last + 1 }),
      }
    })
  },
  async answer(world: World, { s, e, stale, text }: StepOf<'answer'>): Promise<void> {
    onSession(world, s, (session) => {
      const exchange = session.exchanges[e % Math.max(1, session.exchanges.length)]
      if (!exchange) return null
      const same = exchange.answer === text
      return {
        found: codeOf(world.home.interviews.answer(session.id, session.revision - Number(stale), exchange.id, text)),
        expected: same ? 'ok' : stale ? 'stale' : isOpen(session) ? 'ok' : 'session-ended',
        after() {
          if (same) return
          exchange.answer = text
          session.drafts.delete(exchange.id)
          session.revision += 1
        },
      }
    })
  },
  async 'set-state'(world: World, { s, stale, state }: StepOf<'set-state'>): Promise<void> {
    onSession(world, s, (session) => ({
      found: codeOf(world.home.interviews.setState(session.id, session.revision - Number(stale), state)),
      expected: stale ? 'stale' : 'ok',
      after() {
        session.state = state
        session.revision += 1
      },
    }))
  },
} as const

export function compareInterviews({ home, model }: World): void {
  expectSame('interviews', home.interviews.list().length, model.sessions.length)
  for (const session of model.sessions) {
    const found = home.interviews.get(session.id)
    expectSame(
      'an interview',
      found && {
        revision: found.revision,
        state: found.state,
        exchanges: found.exchanges.map(({ id, question, answer }) => ({ id, question, answer })),
        drafts: found.drafts.map(({ exchange_id, text, revision }) => [exchange_id, { text, revision }]).toSorted(),
        intact: [found, ...found.exchanges, ...found.drafts].every(({ intact }) => intact),
      },
      {
        revision: session.revision,
        state: session.state,
        exchanges: session.exchanges,
        drafts: [...session.drafts].toSorted(),
        intact: true,
      },
    )
  }
}
