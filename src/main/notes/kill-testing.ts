import * as nodeFs from 'node:fs/promises'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect } from 'vitest'
import { sealOf } from '../storage/seals.ts'
import type { SqlValue } from '../storage/storage.ts'
import { type SwapNames, swapNotOffered } from '../storage/swap-names.ts'
import type { FileSystem } from '../storage/write-file.ts'
import { isKeptName } from './kept-files.ts'
import { lastWrite, prepare } from './kill-scenario.ts'
import { createMoveIfFree, type MoveIfFree } from './move-if-free.ts'
import { folderTable } from './note-tables.ts'
import { filesUnder, type House, house, temporaryFolder, watchedFs, watchedSwap } from './notes-testing.ts'
import { createNameCalls, type NameWay } from './take-name.ts'

/** A prepared vault and profile to copy, what an undisturbed write makes of it, and where that can be stopped. */
export interface Scenario {
  readonly expected: Record<string, string>
  /** Each change of the undisturbed write, in order. */
  readonly points: readonly string[]
  copy(): Promise<string>
  vaultOf(root: string): Promise<Record<string, string>>
  /** All of it or, before the commit point, nothing; the user's bytes in either case; asked again, all of it. */
  expectWhole(root: string, point: string): Promise<void>
  close(): Promise<void>
}

const vaultOf = (root: string) => filesUnder(join(root, 'vault'))
/** What was displaced on a full disk stays beside the note, out of sight, until it was looked at once more. */
export const withoutKept = (files: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(files).filter(([path]) => !isKeptName(path)))
const has = (home: House, where: string): boolean =>
  home.storage.get(`SELECT 1 FROM note_intents WHERE ${where}`) !== undefined

type Before = Parameters<typeof watchedSwap>[0]
/** How files are replaced: names are exchanged, or a free name is taken by a link, by a move, or by a copy. */
export type Way = 'exchange' | 'links' | 'moves' | 'copies'
export const ways: readonly Way[] = ['exchange', 'links']
export const allWays: readonly Way[] = [...ways, 'moves', 'copies']
export const swapOf = (way: Way, before: Before = () => {}): SwapNames =>
  way === 'exchange' ? watchedSwap(before) : swapNotOffered

const nameWays: Readonly<Record<Way, readonly NameWay[]>> = {
  exchange: ['link'],
  links: ['link'],
  moves: ['move'],
  copies: ['copy'],
}
/** @param before told of what does not go through `fs` */
export function callsOf(way: Way, fs: FileSystem = nodeFs, before: Before = () => {}) {
  const load = async (): Promise<MoveIfFree> => {
    const move = await createMoveIfFree()()
    return async (from, to) => {
      await before('move', to)
      return move(from, to)
    }
  }
  return { fs, swapNames: swapOf(way, before), names: createNameCalls(fs, { load, ways: nameWays[way] }) }
}

export async function openScenario(way: Way): Promise<Scenario> {
  const base = await mkdtemp(join(temporaryFolder(), 'inkwell-kill-'))
  const home = await house(callsOf(way))
  await prepare(home)
  const before = await vaultOf(home.root)
  home.leave()
  const prepared = join(base, 'prepared')
  await cp(home.root, prepared, { recursive: true })
  await rm(home.root, { recursive: true })
  let copies = 0
  const copy = async (): Promise<string> => {
    const root = join(base, `copy-${copies++}`)
    await cp(prepared, root, { recursive: true })
    const database = new DatabaseSync(join(root, 'profile', 'inkwell.sqlite'))
    for (const row of database.prepare('SELECT * FROM note_folders').all() as Record<string, SqlValue>[]) {
      const moved = { ...row, vault_path: join(root, 'vault') }
      database
        .prepare('UPDATE note_folders SET vault_path = ?, row_sha256 = ? WHERE id = ?')
        .run(moved.vault_path, sealOf(folderTable, moved), row.id!)
    }
    database.close()
    return root
  }
  const points: string[] = []
  const watch = (call: string, path: string): void => void points.push(`${call} ${path}`)
  const control = await house(callsOf(way, watchedFs(watch), watch), await copy())
  const result = await lastWrite(control)
  expect(result.ok && result.value.files.map(({ fileName, outcome }) => `${fileName}: ${outcome}`)).toEqual([
    'current.md: written',
    'edited (new 2026-11-23).md: beside-edited',
    'argued (new 2026-11-23).md: beside-edited',
    'deleted.md: stays-deleted',
    'missing.md: written',
  ])
  control.leave()
  const expected = await vaultOf(control.root)
  return {
    expected,
    points,
    copy,
    vaultOf,
    async expectWhole(root, point) {
      const home = await house(callsOf(way), root)
      const committed = has(home, "run_id = 'run-3'")
      await home.notes.recover()
      expect(withoutKept(await vaultOf(root)), `recovered: ${point}`).toEqual(committed ? expected : before)
      await home.notes.recover()
      expect(await lastWrite(home), point).toMatchObject({ ok: true })
      expect(has(home, 'done_at_ms IS NULL'), point).toBe(false)
      await home.notes.settled()
      expect(await vaultOf(root), `written again: ${point}`).toEqual(expected)
      home.leave()
      await rm(root, { recursive: true })
    },
    close: () => rm(base, { recursive: true, force: true }),
  }
}
