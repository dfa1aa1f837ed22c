import { uuid } from '../ground.ts'
import type { Home } from '../home.ts'
import type { Scenario } from '../scenario.ts'

const questions = 3
const exchangeId = (number: number): string => uuid(0xe0_0000 + number)
const words = (number: number): string => `My answer number ${number}. ${'And more of it. '.repeat(30)}`
const sessionOf = ({ interviews }: Home) => interviews.get(interviews.list()[0]!.id)!

export const saveExchange: Scenario = {
  name: 'save-interview',
  async prepare({ interviews }) {
    interviews.start({
      episodeId: null,
      episodeTitle: 'How a tide table is made',
      feedTitle: 'Tides',
      style: 'curious',
      maxQuestions: 10,
      guidelines: null,
    })
  },
  async act(home, ack) {
    const { interviews } = home
    for (let number = 1; number <= questions; number++) {
      const id = exchangeId(number)
      const asked = sessionOf(home)
      const question = { exchangeId: id, text: `Question ${number}?`, details: { minute: number } }
      if (interviews.ask(asked.id, asked.revision, question).ok) ack(`question ${number}`)
      const seenRevision = sessionOf(home).drafts.find(({ exchange_id }) => exchange_id === id)?.revision ?? 0
      if (interviews.saveDraft(asked.id, { exchangeId: id, text: words(number).slice(0, 20), seenRevision }).ok)
        ack(`draft ${number}`)
      const { id: sessionId, revision } = sessionOf(home)
      if (interviews.answer(sessionId, revision, id, words(number)).ok) ack(`answer ${number}`)
    }
    const { id, revision } = sessionOf(home)
    if (interviews.setState(id, revision, 'completed').ok) ack('completed')
  },
  async check(home, acked) {
    const session = sessionOf(home)
    const losses: string[] = []
    const byId = new Map(session.exchanges.map((exchange) => [exchange.id, exchange]))
    for (const what of acked) {
      const number = Number(what.split(' ')[1])
      const exchange = byId.get(exchangeId(number))
      if (what.startsWith('question') && !exchange) losses.push(`${what} is lost`)
      if (what.startsWith('answer') && exchange?.answer !== words(number)) losses.push(`${what} is lost`)
      const typed = session.drafts.some(({ exchange_id }) => exchange_id === exchangeId(number))
      if (what.startsWith('draft') && !typed && exchange?.answer !== words(number)) losses.push(`${what} is lost`)
      if (what === 'completed' && session.state !== 'completed') losses.push('the session is not completed')
    }
    for (const part of [session, ...session.exchanges, ...session.drafts])
      if (!part.intact) losses.push('a row of the interview does not match its seal')
    session.exchanges.forEach(({ position }, index) => {
      if (position !== index + 1) losses.push(`question ${index + 1} stands at ${position}`)
    })
    return losses
  },
}
