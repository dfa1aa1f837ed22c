/**
 * One of many processes that write to one profile: `node writer.ts <profile> <journal> <number> <mutations> <sessions>`.
 * What was acknowledged goes into its journal at once; killed and started again it goes on there, with the mutation that
 * may have been done and was not acknowledged.
 */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { sealedTables } from '../../../src/main/compose/sealed-tables.ts'
import { createCostsService } from '../../../src/main/costs/service.ts'
import { readProfileIdentity } from '../../../src/main/credentials/profile-identity.ts'
import type { FeedDeps } from '../../../src/main/feeds/deps.ts'
import { createFeedEdits } from '../../../src/main/feeds/edits.ts'
import type { FeedSecrets } from '../../../src/main/feeds/feed-secrets.ts'
import { createOpml } from '../../../src/main/feeds/opml.ts'
import { createIds } from '../../../src/main/ids.ts'
import { createInterviewsService } from '../../../src/main/interviews/service.ts'
import { createSettingsService } from '../../../src/main/settings/service.ts'
import { openProfile } from '../../../src/main/storage/open-profile.ts'
import { charge, uuid } from '../ground.ts'
import type { Acked } from './journal.ts'

const [profilePath, journalPath, ...numbers] = process.argv.slice(2) as [string, string, string, string, string]
const [me, mutations] = numbers.map(Number) as [number, number]
const sessions = numbers[2]!.split(',')
const clock = { now: () => Date.now() }
const silent = { info: () => {}, warn: () => {}, error: () => {} }
const opened = await openProfile({
  profilePath,
  clock,
  log: silent,
  origin: 'headless',
  sealedTables,
  goodCopies: null,
  onNotice: () => {},
})
if (!opened.ok) throw new Error(opened.error.message)
const { storage } = opened.value
const ids = createIds(clock)
const events = { emit: () => {}, on: () => () => {}, onAny: () => () => {} }
const { salt } = readProfileIdentity(storage, clock.now())
const costs = createCostsService({ storage })
const interviews = createInterviewsService({ storage, clock, ids })
const edits = createFeedEdits({ storage, clock })
const opml = createOpml({ storage, events, clock, ids, log: silent, salt } as object as FeedDeps, {} as FeedSecrets)
const settings = createSettingsService({
  storage,
  events,
  clock,
  desktop: null,
  suggestedVaultPath: profilePath,
  keychain: async () => 'unavailable',
})

const before = readFileSync(journalPath, { encoding: 'utf8', flag: 'a+' })
// A line that the kill cut was not acknowledged.
const lines = before.split('\n').slice(0, -1)
const journal = openSync(journalPath, 'a')
if (!before.endsWith('\n') && before !== '') writeSync(journal, '\n')
const ack = (what: Acked): void => void writeSync(journal, `${JSON.stringify(what)}\n`)
const idOf = (mutation: number): string => uuid(0x10_0000_0000 + me * 0x10_0000 + mutation)
const must = <Value>(result: { ok: true; value: Value } | { ok: false; error: { message: string } }): Value => {
  if (!result.ok) throw new Error(`refused: ${result.error.message}`)
  return result.value
}

/** Looks, lets others be faster, and tries again while they were: as a page does that shows the new state. */
async function insist<Value>(
  look: () => number,
  attempt: (seen: number) => { ok: true; value: Value } | { ok: false; error: { code: string; message: string } },
): Promise<{ seen: number; value: Value }> {
  for (;;) {
    const seen = look()
    await sleep(Math.random() * 4)
    const result = attempt(seen)
    if (result.ok) return { seen, value: result.value }
    if (result.error.code !== 'stale') throw new Error(`refused: ${result.error.message}`)
  }
}

const ownFeed = (): string =>
  storage.get<{ id: string }>('SELECT id FROM feeds WHERE url LIKE ? ORDER BY rowid DESC', [`%/writer-${me}/%`])!.id

const kinds: readonly ((mutation: number) => Promise<void>)[] = [
  async (mutation) => {
    const entry = charge(me * 10_000 + mutation)
    // As after a crash: the same charge again is the same charge.
    for (let time = 0; time < 2; time++) must(costs.append(entry))
    ack({ mutation, kind: 'charge', id: entry.id })
  },
  async (mutation) => {
    const url = `http://feeds.example/writer-${me}/${mutation}.xml`
    must(
      await opml.importText(`<opml version="2.0"><body><outline type="rss" text="W" xmlUrl="${url}"/></body></opml>`),
    )
    ack({ mutation, kind: 'feed', url })
  },
  async (mutation) => {
    const [feedId, title] = [ownFeed(), `Writer ${me} at ${mutation}`]
    must(edits.rename(feedId, title))
    ack({ mutation, kind: 'title', feedId, title })
  },
  async (mutation) => {
    const shared = storage.get<{ id: string }>("SELECT id FROM feeds WHERE url LIKE '%/shared.xml'")!.id
    must(edits.setCategory(shared, `Writer ${me} at ${mutation}`))
    await settings.set({ colorScheme: (['light', 'dark', 'auto'] as const)[mutation % 3]! })
    ack({ mutation, kind: 'shared' })
  },
  async (mutation) => {
    const [sessionId, exchangeId] = [sessions[(me + mutation) % sessions.length]!, idOf(mutation)]
    const question = { exchangeId, text: `Question ${me} ${mutation}`, details: null }
    const text = `Answer ${me} ${mutation}`
    const revisionNow = (): number => interviews.get(sessionId)!.revision
    const known = interviews.get(sessionId)!.exchanges.some(({ id }) => id === exchangeId)
    const { seen } = await insist(revisionNow, (revision) => interviews.ask(sessionId, revision, question))
    if (!known) ack({ mutation, kind: 'change', sessionId, seen })
    await insist(revisionNow, (revision) => interviews.answer(sessionId, revision, exchangeId, text))
    // Asked once more, e.g. by a page that did not hear the first answer: it is the same question.
    must(interviews.ask(sessionId, 1, question))
    ack({ mutation, kind: 'answer', sessionId, exchangeId, text })
    // A window that saw the session at its beginning.
    if (interviews.answer(sessionId, 1, exchangeId, 'From an old window.').ok)
      throw new Error('a stale answer was taken')
  },
  async (mutation) => {
    const sessionId = sessions[mutation % sessions.length]!
    const shared = interviews.get(sessionId)!.exchanges[0]!.id
    const revisionNow = (): number =>
      interviews.get(sessionId)!.drafts.find((one) => one.exchange_id === shared)?.revision ?? 0
    const { seen, value } = await insist(revisionNow, (seenRevision) =>
      interviews.saveDraft(sessionId, { exchangeId: shared, text: `${me} ${mutation}`, seenRevision }),
    )
    // A page that did not see what was just typed elsewhere.
    if (interviews.saveDraft(sessionId, { exchangeId: shared, text: 'Older.', seenRevision: seen }).ok)
      throw new Error('a stale draft was taken')
    ack({ mutation, kind: 'draft', exchangeId: shared, seen, revision: value.revision })
  },
]

const last = lines.flatMap((line) => (line === '' ? [] : [(JSON.parse(line) as Acked).mutation])).at(-1) ?? 0
for (let mutation = last + 1; mutation <= mutations; mutation++) await kinds[mutation % kinds.length]!(mutation)
ack({ mutation: mutations, kind: 'done' })
closeSync(journal)
storage.close()
process.exit(0)
