import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { silentLog } from '../log.ts'
import { openStorage, type Storage } from '../storage/storage.ts'
import { createEpisodeLocks, type EpisodeLocks, type Held } from './locks.ts'
import { draft, episodeId, filesUnder, type House, house, temporaryFolder, watchedFs } from './notes-testing.ts'

const hourMs = 3_600_000

describe('a lease', () => {
  let folder: string
  let storage: Storage
  let clock: { ms: number; now(): number }
  let locks: EpisodeLocks
  let others: EpisodeLocks
  beforeEach(async () => {
    folder = await mkdtemp(join(temporaryFolder(), 'inkwell-locks-'))
    clock = { ms: Date.UTC(2026, 5, 1), now: () => clock.ms }
    const opened = openStorage(join(folder, 'inkwell.db'), { clock, origin: 'test' })
    if (!opened.ok) throw new Error(opened.error.message)
    storage = opened.value
    const locksOf = (id: string): EpisodeLocks =>
      createEpisodeLocks({
        storage,
        clock,
        log: silentLog,
        owner: { id, host: 'here', pid: process.pid },
        wait: async (ms) => {
          clock.ms += ms
        },
      })
    locks = locksOf('one')
    others = locksOf('other')
  })
  afterEach(async () => {
    vi.useRealTimers()
    storage.close()
    await rm(folder, { recursive: true, force: true })
  })

  const lost = { ok: false, error: { code: 'held-elsewhere', retryable: true } }
  const note = (held: Held, key: string): void => held.storage.write('test.note', (tx) => tx.audit(key, null, 1))
  const noted = (): string[] =>
    storage.all<{ subject: string }>('SELECT subject FROM audit ORDER BY id').map(({ subject }) => subject)

  it('that was taken over ends the work at its next safe point, also when the other one is done by then', async () => {
    for (const otherEnds of [false, true]) {
      const begun = Promise.withResolvers<void>()
      const end = Promise.withResolvers<void>()
      if (otherEnds) end.resolve()
      let after = false
      let other: Promise<unknown> = Promise.resolve()
      const mine = locks.hold(episodeId, 0, async (held) => {
        held.stillHeld()
        clock.ms += hourMs
        other = others.hold(episodeId, 0, async (theirs) => {
          theirs.stillHeld()
          begun.resolve()
          await end.promise
          theirs.stillHeld()
          return 'theirs'
        })
        await (otherEnds ? other : begun.promise)
        held.stillHeld()
        after = true
      })
      expect(await mine).toMatchObject(lost)
      expect(after).toBe(false)
      end.resolve()
      expect(await other).toEqual({ ok: true, value: 'theirs' })
    }
    expect(storage.all('SELECT * FROM note_locks')).toEqual([])
    expect(await locks.hold(episodeId, 0, async () => 'mine')).toEqual({ ok: true, value: 'mine' })
  })

  it('that was taken over takes no write any more, in the very transaction', async () => {
    const mine = locks.hold(episodeId, 0, async (held) => {
      note(held, 'before')
      clock.ms += hourMs
      expect(await others.hold(episodeId, 0, async (theirs) => note(theirs, 'theirs'))).toMatchObject({ ok: true })
      note(held, 'after')
    })
    expect(await mine).toMatchObject(lost)
    expect(noted()).toEqual(['before', 'theirs'])
  })

  it('that only ran out is still held, and is renewed', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const mine = locks.hold(episodeId, 0, async (held) => {
      clock.ms += hourMs
      held.stillHeld()
      vi.advanceTimersByTime(10_000)
      expect(await others.hold(episodeId, 5_000, async () => 'theirs')).toMatchObject(lost)
      note(held, 'mine')
      return 'mine'
    })
    expect(await mine).toEqual({ ok: true, value: 'mine' })
    expect(noted()).toEqual(['mine'])
  })

  it('that was lost is not renewed behind the back of who has it', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const mine = locks.hold(episodeId, 0, async (held) => {
      clock.ms += hourMs
      await others.hold(episodeId, 0, async () => {})
      vi.advanceTimersByTime(60_000)
      held.stillHeld()
    })
    expect(await mine).toMatchObject(lost)
  })
})

describe('two processes and a clock that leaps', () => {
  const child = fileURLToPath(new URL('./lease-child.ts', import.meta.url))
  const started = (root: string, aheadMs: number): Promise<string> =>
    promisify(execFile)(process.execPath, [child, root, String(aheadMs)]).then(({ stdout }) => stdout)

  /** A write that another process comes in between of, before its n-th name is made in the vault. */
  async function interrupted(aheadMs: number, at: number): Promise<{ home: House; mine: unknown; theirs: string }> {
    let names = 0
    let theirs = ''
    const fs = watchedFs(async (call, path) => {
      if (call !== 'link' || !path.endsWith('.md')) return
      names += 1
      if (names !== at) return
      home.clock.ms += aheadMs
      theirs = await started(home.root, aheadMs)
    })
    const home: House = await house({ fs })
    const mine = await home.notes.write(
      home.input(['one', 'two', 'three'].map((name) => draft(name, `This process wrote ${name}.`))),
    )
    return { home, mine, theirs }
  }

  it('write the notes of an episode one after the other: who lost the lease stops', async () => {
    const { home, mine, theirs } = await interrupted(hourMs, 2)
    try {
      expect(theirs).toBe('written')
      expect(mine).toMatchObject({ ok: false, error: { code: 'write-failed', retryable: true } })
      const files = await filesUnder(home.vault)
      const texts = Object.entries(files).filter(([path]) => !path.includes('/_') && !path.includes('/.'))
      expect(texts.map(([path]) => path.split('/').at(-1)).toSorted()).toEqual(['one.md', 'three.md', 'two.md'])
      for (const [, text] of texts) expect(text).toContain('The other process wrote')
      expect(Object.keys(files).filter((path) => path.includes('.~inkwell'))).toEqual([])
      // Tried again it has its turn.
      const again = await home.notes.write(home.input([draft('two', 'Once more.')], 'run-3'))
      expect(again).toMatchObject({ ok: true, value: { files: [{ outcome: 'written' }] } })
      expect(home.storage.all('SELECT * FROM note_intents WHERE done_at_ms IS NULL')).toEqual([])
    } finally {
      await home.close()
    }
  })

  it('wait for each other while it does not', async () => {
    const { home, mine, theirs } = await interrupted(0, 2)
    try {
      expect(theirs).toContain('Another Inkwell is writing these notes')
      expect(mine).toMatchObject({ ok: true })
    } finally {
      await home.close()
    }
  })
})
