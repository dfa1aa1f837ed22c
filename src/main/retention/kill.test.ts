import { readFileSync } from 'node:fs'
import * as nodeFs from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Storage, Transaction } from '../storage/storage.ts'
import type { FileSystem } from '../storage/write-file.ts'
import {
  addCost,
  addEarlierText,
  addEpisode,
  addFeed,
  addJob,
  addNote,
  addSession,
  addTranscript,
  filesIn,
  hasFile,
  openRetentionHouse,
  putFile,
  type RetentionHouse,
} from './retention-testing.ts'

let house: RetentionHouse
beforeEach(() => {
  house = openRetentionHouse()
})
afterEach(() => house.close())

const sha = (letter: string): string => letter.repeat(64)
const recording = (letter: string): string => `media/${sha(letter)}.mp3`

class Killed extends Error {}

/** Counts what changes anything, and ends the process before the n-th of them: what follows does not happen either. */
function dying(atCall: number) {
  let calls = 0
  const step = (): void => {
    calls += 1
    if (calls >= atCall) throw new Killed()
  }
  const stepping =
    <Args extends unknown[], Value>(call: (...args: Args) => Promise<Value>) =>
    async (...args: Args): Promise<Value> => {
      step()
      return call(...args)
    }
  const { rename, unlink, mkdir, open } = nodeFs
  const fs: FileSystem = {
    ...nodeFs,
    rename: stepping(rename),
    unlink: stepping(unlink),
    mkdir: stepping(mkdir) as FileSystem['mkdir'],
    open: stepping(open),
  }
  const within = (change: (tx: Transaction) => unknown) => (tx: Transaction) => {
    const value = change({
      ...tx,
      run: (sql, params) => {
        step()
        return tx.run(sql, params)
      },
    })
    step() // before the commit
    return value
  }
  const storage: Storage = {
    ...house.storage,
    write: (action, change) => {
      const value = house.storage.write(action, within(change) as typeof change)
      step() // behind it
      return value
    },
    writeUnaudited: (change) => {
      const value = house.storage.writeUnaudited(within(change) as typeof change)
      step()
      return value
    },
  }
  return { fs, storage, calls: () => calls }
}

/** One of each kind that goes, and of each that stays. */
function furnish(): { stays: string[] } {
  const feedId = addFeed(house)
  const old = addEpisode(house, { feedId })
  addTranscript(house, old, 'publisher', 100)
  addJob(house, { episodeId: old, state: 'done', ageDays: 100 })
  addSession(house, { state: 'completed', ageDays: 100, answer: 'Much.', exported: 'after' })
  addSession(house, { state: 'abandoned', ageDays: 100 })
  addCost(house, 500, 9)
  for (const letter of ['a', 'b', 'c']) {
    putFile(house, recording(letter), letter, 0)
    const days = letter === 'c' ? 1 : 100
    const episode = addEpisode(house, { feedId, media: { path: recording(letter), seenDaysAgo: days } })
    addNote(house, episode, days)
    addTranscript(house, episode, 'file', days)
  }
  addEarlierText(house, 'an earlier text', 100)
  const young = addEarlierText(house, 'a younger text', 1)
  putFile(house, `artwork/${sha('d')}.png`, 'd', 100)
  addFeed(house, { artwork: sha('d'), removedDaysAgo: 100 })
  return { stays: [recording('c'), young] }
}

async function setRules(): Promise<void> {
  const service = house.service()
  await service.set({ kind: 'media', days: 30 })
  await service.set({ kind: 'cost-history', days: 365 })
}
const sweepWith = async (deps: Parameters<RetentionHouse['service']>[0]): Promise<void> => {
  const service = house.service(deps)
  await service.sweep((await service.preview()).token)
}

/** Tables and files, without what tells when. */
const outcome = () => ({
  rows: ['transcripts', 'job_steps', 'interview_sessions', 'interview_exchanges', 'cost_entries', 'note_history'].map(
    (table) => [table, house.storage.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)!.n],
  ),
  left: house.storage.all('SELECT path FROM sweep_files'),
  named: house.storage.all<{ path: string }>('SELECT media_path AS path FROM episodes WHERE media_path IS NOT NULL'),
  files: ['media', 'artwork', 'sweep'].map((folder) => filesIn(house, folder)),
  blobs: filesIn(house, 'blobs').flatMap((part) => filesIn(house, `blobs/${part}`)),
  ledger: house.costs.facts(),
  // One for each kind, however often it was begun.
  trail: house.storage.all<{ subject: string }>(
    "SELECT subject FROM audit WHERE action = 'retention.sweep' ORDER BY subject",
  ),
})

describe('a sweep that is killed', () => {
  it('at any statement or change of a file ends as one that was not', async () => {
    const { stays } = furnish()
    await setRules()
    const furnished = house
    furnished.leave()
    try {
      const begin = (): void => {
        house = openRetentionHouse(furnished.folder)
      }
      begin()
      const counted = dying(Number.POSITIVE_INFINITY)
      await sweepWith(counted)
      const whole = outcome()
      expect(whole.left).toEqual([])
      expect(whole.trail).toHaveLength(8)
      expect(counted.calls()).toBeGreaterThan(60)

      for (let call = 1; call <= counted.calls(); call++) {
        house.close()
        begin()
        await expect(sweepWith(dying(call)), `call ${call}`).rejects.toThrow(Killed)
        for (const path of stays) expect(hasFile(house, path)).toBe(true)
        // No row names a file that is gone.
        for (const { path } of outcome().named) expect(hasFile(house, path), `call ${call}`).toBe(true)
        // The next start is killed as well, then one is left alone; what was not begun is swept by the next sweep.
        await house
          .service(dying(3))
          .finish()
          .catch(() => {})
        expect(await house.service().finish(), `call ${call}`).toBe(true)
        await sweepWith({})
        expect(outcome(), `call ${call}`).toEqual(whole)
      }
    } finally {
      furnished.close()
    }
  })

  const dropAgain = (): void => {
    addEpisode(house, { feedId: addFeed(house), media: { path: recording('a'), seenDaysAgo: 0 } })
  }
  const held = {
    ...nodeFs,
    rename: async () => Promise.reject(Object.assign(new Error('held'), { code: 'EBUSY' })),
  } as FileSystem

  it('gives a file back that was named again in the moment after it was put aside', async () => {
    furnish()
    await setRules()
    let again = 0
    const fs = {
      ...nodeFs,
      rename: async (from: string, to: string) => {
        await nodeFs.rename(from, to)
        if (!from.endsWith(recording('a'))) return
        again += 1
        dropAgain()
      },
    } as FileSystem
    await sweepWith({ fs })
    expect(again).toBe(1)
    expect(readFileSync(join(house.folder, recording('a')), 'utf8')).toBe('a')
    expect(hasFile(house, recording('b'))).toBe(false)
    expect(filesIn(house, 'sweep')).toEqual([])
  })

  it('does not touch a file that was named again before', async () => {
    furnish()
    await setRules()
    await sweepWith({ fs: held })
    dropAgain()
    const moved: string[] = []
    const fs = {
      ...nodeFs,
      rename: async (from: string, to: string) => {
        moved.push(from.slice(house.folder.length + 1))
        await nodeFs.rename(from, to)
      },
    } as FileSystem
    expect(await house.service({ fs }).finish()).toBe(true)
    expect(moved).toContain(recording('b'))
    expect(moved).not.toContain(recording('a'))
    expect(hasFile(house, recording('a'))).toBe(true)
  })

  it('keeps a file that another program holds, and takes it next time', async () => {
    furnish()
    await setRules()
    await sweepWith({ fs: held })
    expect(hasFile(house, recording('a'))).toBe(true)
    expect(await house.service().finish()).toBe(true)
    expect(hasFile(house, recording('a'))).toBe(false)
  })

  it('never leaves the profile, whatever a row says', async () => {
    putFile(house, 'inkwell-notes.md', 'mine', 0)
    const paths = ['inkwell-notes.md', '../outside', 'media/../inkwell-notes.md', 'inkwell.db', 'media/mine.mp3']
    for (const path of paths)
      house.storage.writeUnaudited((tx) =>
        tx.run('INSERT INTO sweep_files (path, bytes, forgotten_at_ms) VALUES (?, 1, 1)', [path]),
      )
    expect(await house.service().finish()).toBe(true)
    expect([hasFile(house, 'inkwell-notes.md'), hasFile(house, 'inkwell.db')]).toEqual([true, true])
  })
})

describe('two processes', () => {
  it('that sweep at once take each thing once, and neither fails', async () => {
    furnish()
    await setRules()
    const one = house.service()
    const two = house.service({ storage: house.other() })
    const tokens = [(await one.preview()).token, (await two.preview()).token]
    const swept = await Promise.all([one.sweep(tokens[0]!), two.sweep(tokens[1]!)])
    const items = swept.map((result) => (result.ok ? result.value.items : Number.NaN))
    expect(items[0]! + items[1]!).toBe(9)
    expect(outcome()).toMatchObject({ left: [], trail: { length: 8 } })
    expect(outcome().files).toEqual([[`${sha('c')}.mp3`], [], []])
  })
})
