import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { insertFeed } from '../../../src/main/feeds/store.ts'
import { createIds } from '../../../src/main/ids.ts'
import { createInterviewsService } from '../../../src/main/interviews/service.ts'
import { openTestProfile } from '../../../src/main/storage/recovery/recovery-testing.ts'
import { type FamilyOptions, type FamilyWork, Tally } from '../family.ts'
import { uuid } from '../ground.ts'
import { startNode } from '../processes.ts'
import { createRandom, seedOf } from '../random.ts'
import type { Acked } from './journal.ts'
import { judgeWriters } from './judge.ts'

const sizes = {
  quick: { writers: 8, mutations: 50, kills: 4, everyMs: 0 },
  full: { writers: 16, mutations: 500, kills: 120, everyMs: 1_000 },
  hunt: { writers: 3, mutations: 36, kills: 0, everyMs: 0 },
}

/** Invariant: what many processes were told is done is there once, whoever of them is killed. */
export const concurrency: FamilyWork = {
  async run(options) {
    const size = options.mutant ? sizes.hunt : options.quick ? sizes.quick : sizes.full
    const tally = new Tally()
    // Who meets whom is chance: a planted fault gets some.
    for (let round = 1; round <= (options.mutant ? 12 : 1) && tally.losses.length === 0; round++)
      await compete({ ...options, scratch: join(options.scratch, String(round)) }, size, tally)
    return tally.result()
  },
}

async function compete(options: FamilyOptions, size: (typeof sizes)['quick'], tally: Tally): Promise<void> {
  mkdirSync(options.scratch)
  const { profile, sessions } = await layProfile(options)
  const { acked, kills, errors, seconds } = await runWriters(profile, sessions, size, options)
  tally.points += size.writers * size.mutations
  tally.faults += kills
  tally.states += 1
  const where = `${size.writers} writers, ${kills} killed (seed ${options.seed})`
  tally.losses.push(...[...errors, ...judgeWriters(profile, acked, kills)].map((loss) => `${where}: ${loss}`))
  options.report(`${size.writers} × ${size.mutations} mutations, ${kills} killed, in ${seconds.toFixed(1)} s`)
}

/** One feed, and interviews with a question, that all share. */
async function layProfile({ scratch }: FamilyOptions): Promise<{ profile: string; sessions: string[] }> {
  const profile = join(scratch, 'profile')
  mkdirSync(profile)
  const { storage } = await openTestProfile(profile)
  const clock = { now: () => Date.now() }
  const interviews = createInterviewsService({ storage, clock, ids: createIds(clock) })
  storage.write('feeds.add', (tx) => {
    insertFeed(tx, {
      id: uuid(1),
      kind: 'rss',
      own_title: 'Shared',
      url: 'http://feeds.example/shared.xml',
      url_display: 'feeds.example/shared.xml',
      url_key: 'shared',
      added_at_ms: clock.now(),
      state_kind: 'new',
      state_message: 'Not read yet',
    })
    tx.audit(`feed:${uuid(1)}`, null, { title: 'Shared' })
  })
  const about = { episodeId: null, episodeTitle: 'A talk', feedTitle: 'Shared', style: 'curious', guidelines: null }
  const sessions = [1, 2, 3].map((number) => {
    const { id, revision } = interviews.start({ ...about, maxQuestions: 100 })
    interviews.ask(id, revision, { exchangeId: uuid(100 + number), text: 'And?', details: null })
    return id
  })
  storage.close()
  return { profile, sessions }
}

interface Ran {
  readonly acked: readonly Acked[]
  readonly kills: number
  readonly errors: readonly string[]
  readonly seconds: number
}

async function runWriters(
  profile: string,
  sessions: readonly string[],
  { writers, mutations, kills: wanted, everyMs }: (typeof sizes)['quick'],
  { scratch, seed, mutant }: FamilyOptions,
): Promise<Ran> {
  const random = createRandom(seedOf(seed, 'writers'))
  const journals = Array.from({ length: writers }, (_, me) => join(scratch, `journal-${me}`))
  const errors: string[] = []
  const running = new Map<number, ChildProcess>()
  const sizeOf = (me: number): number => statSync(journals[me]!, { throwIfNoEntry: false })?.size ?? 0
  const sizeAtStart = new Map<number, number>()
  const start = (me: number): void => {
    const args = [profile, journals[me]!, String(me), String(mutations), sessions.join(',')]
    const child = startNode('./concurrency/writer.ts', args, { mutant: mutant?.name ?? null })
    let said = ''
    child.stderr!.on('data', (part) => {
      said += String(part)
    })
    running.set(me, child)
    sizeAtStart.set(me, sizeOf(me))
    child.once('close', (code, signal) => {
      running.delete(me)
      if (signal === 'SIGKILL') start(me)
      else if (code !== 0) errors.push(`writer ${me} ended with ${code}: ${said.split('\n').slice(0, 6).join(' | ')}`)
    })
  }
  const size = (): number => journals.reduce((sum, _, me) => sum + sizeOf(me), 0)
  const began = performance.now()
  const expected = writers * mutations * bytesOfLine
  let kills = 0
  let killedAt = began
  for (let me = 0; me < writers; me++) start(me)
  while (running.size > 0) {
    await sleep(20)
    const isFar = size() > (expected * (kills + 1)) / (wanted + 2)
    const isTime = everyMs > 0 && size() > 0 && performance.now() - killedAt >= everyMs
    // One that only loads would be killed for nothing, and on a slow computer for ever.
    const working = [...running].filter(([me]) => sizeOf(me) > sizeAtStart.get(me)!)
    if (working.length > 0 && kills < wanted && (isFar || isTime)) {
      working[random.below(working.length)]![1].kill('SIGKILL')
      kills += 1
      killedAt = performance.now()
    }
  }
  const acked = journals.flatMap((path) => readJournal(path))
  for (const [me, path] of journals.entries())
    if (!readJournal(path).some(({ kind }) => kind === 'done')) errors.push(`writer ${me} did not come to its end`)
  return { acked, kills, errors, seconds: (performance.now() - began) / 1_000 }
}

/** About as long as one is. */
const bytesOfLine = 110

const readJournal = (path: string): Acked[] =>
  !existsSync(path)
    ? []
    : readFileSync(path, 'utf8')
        .split('\n')
        .flatMap((line) => {
          try {
            return [JSON.parse(line) as Acked]
          } catch {
            // Cut by a kill: nobody was told.
            return []
          }
        })
