import type { SessionState } from '../../../src/main/interviews/store.ts'
import { type Home, openHome } from '../home.ts'

export interface FeedModel {
  readonly own: string
  title: string | null
  category: string | null
  paused: boolean
  removed: boolean
}
export interface SessionModel {
  readonly id: string
  revision: number
  state: SessionState
  readonly exchanges: { id: string; question: string; answer: string | null }[]
  readonly drafts: Map<string, { text: string; revision: number }>
}
export interface UserText {
  readonly user: string
  /** An earlier telling of Inkwell that the user had back: told so again, it counts as Inkwell's once more. */
  readonly told?: string | undefined
}
export interface NoteModel {
  readonly episode: string
  readonly template: string
  /** What stands at its name: Inkwell's words, or a text of the user; null when the user deleted it. */
  disk: UserText | { readonly words: string } | null
  /** What Inkwell wrote last, and what it offered last. */
  base: string
  offered: string
  /** What stands beside it; `edited` when the user changed that too. */
  newer: { readonly words: string; edited: string | null } | null
}
/** What the house must hold, kept in memory by other rules than its own. */
export interface Model {
  readonly feeds: Map<string, FeedModel>
  readonly settings: { colorScheme: string; singleKeyShortcuts: boolean }
  readonly sessions: SessionModel[]
  readonly charges: Map<number, { microUsd: number; old: boolean; swept: boolean }>
  readonly notes: NoteModel[]
  /** Texts of the user that Inkwell moved out of its way: each must be found again. */
  readonly displaced: Set<string>
  counter: number
}
export interface World {
  readonly root: string
  readonly model: Model
  home: Home
}

export class Wrong extends Error {}
export function expectSame(what: string, found: unknown, expected: unknown): void {
  const [left, right] = [JSON.stringify(found), JSON.stringify(expected)]
  if (left !== right) throw new Wrong(`${what}: the house has ${left}, the model ${right}`)
}

export function newModel(): Model {
  return {
    feeds: new Map(
      ['Tides', 'Signal Box', 'Night Train'].map((own) => [
        own,
        { own, title: null, category: null, paused: false, removed: false },
      ]),
    ),
    settings: { colorScheme: 'auto', singleKeyShortcuts: true },
    sessions: [],
    charges: new Map([1, 2, 3].map((n) => [n, { microUsd: 1_000 + n, old: false, swept: false }])),
    notes: [],
    displaced: new Set(),
    counter: 0,
  }
}

/** The process ends without ceremony, and another opens what is there. */
export async function crash(world: World): Promise<void> {
  world.home.house.storage.close()
  world.home = await openHome(world.root)
  await world.home.house.notes.recover()
}

/** Backed up, restored at once, and gone on with in the restored profile: nobody may notice. */
export async function moveHouse(world: World): Promise<void> {
  const { fileName } = await world.home.ask<{ fileName: string }>('backup.create', { withMedia: true })
  const { planToken } = await world.home.ask<{ planToken: string }>('backup.planRestore', { fileName })
  await world.home.ask('backup.restore', { fileName, planToken })
  await world.home.close()
  world.home = await openHome(world.root)
  await world.home.house.notes.recover()
}
