import type { Mutant } from '../family.ts'

const interviews = 'src/main/interviews/service.ts'

/** Faults that show only between processes, beside another program, or under a clock that is wrong. */
export const manyMutants: readonly Mutant[] = [
  {
    name: 'begin-without-the-lock',
    fault: 'a change reads before it has the writer’s lock (BEGIN instead of BEGIN IMMEDIATE)',
    families: ['concurrency'],
    edits: [{ file: 'src/main/storage/transaction.ts', find: "'BEGIN IMMEDIATE'", put: "'BEGIN'" }],
  },
  {
    name: 'draft-revision-not-compared',
    fault: 'a draft is written over though somebody else wrote since',
    families: ['concurrency'],
    quick: true,
    edits: [{ file: interviews, find: 'if (last !== seenRevision) return stale', put: '' }],
  },
  {
    name: 'session-revision-not-compared',
    fault: 'an interview is changed by who saw an older one',
    families: ['concurrency'],
    edits: [
      {
        file: interviews,
        find: 'return session.revision === revision ? work(tx, session) : stale',
        put: 'return work(tx, session)',
      },
    ],
  },
  {
    name: 'question-asked-twice',
    fault: 'the same question asked again is not known by its id',
    families: ['concurrency'],
    edits: [
      {
        file: interviews,
        find: 'if (known?.session_id === sessionId && known.question === question.text) return ok(get(sessionId)!)',
        put: "if (known?.id === '') return ok(get(sessionId)!)",
      },
    ],
  },
  {
    name: 'looked-then-renamed-over',
    fault: 'a note is looked at, and then the new one is renamed over whatever stands there by then',
    families: ['editor-race'],
    quick: true,
    edits: [
      {
        file: 'src/main/notes/exchange-by-swap.ts',
        find: "offered = (await swap(kept.kept_path, target)) === 'done'\n",
        put: `const before = await fs.open(target, 'r')
      const bytes = await before.readFile().finally(() => before.close())
      await fs.rename(kept.kept_path, target)
      offered = true
      const copy = await fs.open(kept.kept_path, 'wx')
      await copy.writeFile(bytes).finally(() => copy.close())\n`,
      },
    ],
  },
  {
    name: 'ids-by-the-clock-alone',
    fault: 'ids follow a clock that went back',
    families: ['clocks'],
    quick: true,
    edits: [{ file: 'src/main/ids.ts', find: 'if (now > lastMs) {', put: 'if (now !== lastMs) {' }],
  },
  {
    name: 'rotation-believes-the-clock',
    fault: 'backups of a clock that was wrong take the places of honest ones',
    families: ['clocks'],
    quick: true,
    edits: [
      {
        file: 'src/main/backup/rotation.ts',
        find: 'automatic && madeAtMs <= nowMs + dayMs',
        put: 'automatic && madeAtMs !== nowMs + dayMs',
      },
    ],
  },
  {
    name: 'sweep-after-a-leap',
    fault: 'a clock that leapt ahead makes everything look old, and the daily sweep takes it',
    families: ['clocks'],
    edits: [
      {
        file: 'src/main/retention/service.ts',
        find: 'if (sinceMs >= 0 && sinceMs <= longPauseMs) return true',
        put: 'if (sinceMs >= 0) return true',
      },
    ],
  },
]
