import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createCostsService } from '../../../src/main/costs/service.ts'
import { inspect } from '../../../src/main/storage/recovery/damage.ts'
import { openStorage } from '../../../src/main/storage/storage.ts'
import { charge } from '../ground.ts'
import { type Content, contentOf, differences, withReader } from './content.ts'
import { removeDatabase } from './database.ts'
import type { Judged, Kind } from './kind.ts'

const commits = 6
const clock = { now: () => Date.UTC(2026, 10, 23) }

interface Live {
  readonly wal: Buffer
  readonly index: Buffer
  /** After each commit; the last is what was promised. */
  readonly states: readonly Content[]
}

/**
 * SQLite's log with commits that are not in the database yet, as a kill leaves it. Without its index (`-shm`), which no
 * flush keeps through a power cut, the last commit that rotted looks like one that was never flushed; nothing before it
 * does.
 */
export function walKind(database: Buffer, scratch: string, withIndex: boolean): Kind {
  const path = join(scratch, 'inkwell.db')
  const { wal, index, states } = makeLog(database, path)
  return {
    name: withIndex ? 'database’s log' : 'database’s log without its index',
    bytes: wal,
    sample: 150,
    thin: 4,
    most: 40_000,
    judge(damaged, { isFlip }) {
      removeDatabase(path)
      writeFileSync(path, database)
      if (damaged.length > 0) writeFileSync(`${path}-wal`, damaged)
      if (withIndex) writeFileSync(`${path}-shm`, index)
      return judgeLog(path, states, withIndex ? 0 : lostAtMost(wal, damaged, isFlip))
    },
  }
}

function makeLog(database: Buffer, path: string): Live {
  removeDatabase(path)
  writeFileSync(path, database)
  const opened = openStorage(path, { clock, origin: 'torture' })
  if (!opened.ok) throw new Error(opened.error.message)
  const storage = opened.value
  storage.all('PRAGMA wal_autocheckpoint = 0')
  const costs = createCostsService({ storage })
  const states = [contentOf(storage)]
  for (let number = 1; number <= commits; number++) {
    const done = costs.append(charge(number))
    if (!done.ok) throw new Error(done.error.message)
    states.push(contentOf(storage))
  }
  const live = { wal: readFileSync(`${path}-wal`), index: readFileSync(`${path}-shm`), states }
  storage.close()
  rmSync(path)
  return live
}

const [headBytes, frameHeadBytes, pageBytes] = [32, 24, 512]

/**
 * Commits whose loss cannot be told from a power cut: of a log that was cut short nobody knows how long it was; a rotten
 * page spoils the last commit only; a rotten head of a frame no longer says whether it ended a commit.
 */
function lostAtMost(wal: Buffer, damaged: Buffer, isFlip: boolean): number {
  if (damaged.length < wal.length) return commits
  const at = wal.findIndex((byte, index) => byte !== damaged[index])
  const isInPage = at >= headBytes && (at - headBytes) % (frameHeadBytes + pageBytes) >= frameHeadBytes
  return isFlip && isInPage ? 1 : 2
}

function judgeLog(path: string, states: readonly Content[], allowed: number): Judged {
  if (inspect(path, { wasUsed: true, isSuspect: false }).kind === 'damaged') return { outcome: 'recovered' }
  const after = withReader(path, contentOf)
  const state = states.findIndex((one) => differences(one, after).length === 0)
  if (state === states.length - 1) return { outcome: 'harmless' }
  if (state >= 0 && state >= states.length - 1 - allowed) return { outcome: 'torn' }
  return {
    outcome: 'silent',
    words:
      state < 0 ? 'it reads as it never was' : `${states.length - 1 - state} acknowledged commits are away, unsaid`,
  }
}
