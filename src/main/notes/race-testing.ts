import { spawn } from 'node:child_process'
import { once } from 'node:events'
import * as nodeFs from 'node:fs/promises'
import { join } from 'node:path'
import { text as readAll } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createIds } from '../ids.ts'
import { silentLog } from '../log.ts'
import { createSwapNames, type SwapNames, swapNotOffered } from '../storage/swap-names.ts'
import { createBlobs } from './blobs.ts'
import { createExchange } from './exchange.ts'
import { createKeeper } from './keep.ts'
import { createKeptFiles } from './kept-files.ts'
import { onlyFolder } from './kill-scenario.ts'
import { draft, type House, house } from './notes-testing.ts'
import { versionBeginning, versionOf } from './race-versions.ts'
import { createNameCalls, type LoadNameCalls, type NameWay } from './take-name.ts'
import { ignoring, look, openVaultFolder } from './vault-folder.ts'

export interface EditorRace {
  /** A folder of its own, emptied by nobody; on the file system that is to be tried. */
  readonly root: string
  readonly seconds: number
  /** Truncates and writes, or writes aside and renames: so that it can say what it displaced, or as plainly as editors do. */
  readonly editor: 'in-place' | 'aside' | 'rename'
  /** False: the way of file systems without an exchange of names. */
  readonly swap: boolean
  /** How a free name is taken there; all ways where it is not given. */
  readonly nameWays?: readonly NameWay[]
  readonly seed: number
  /** A fault that must lose edits: the text is looked at, and then renamed over. */
  readonly planted?: boolean
}
export interface RaceOutcome {
  /** Saved and acknowledged by the editor. */
  readonly edits: number
  /** Texts that Inkwell put in place. */
  readonly replaced: number
  /** Edits that the editor did not overwrite itself: each must be found. */
  readonly displaced: number
  /** Found nowhere. */
  readonly lost: readonly number[]
  /** Found whole, with another text behind it: only where a name is taken by a copy. */
  readonly mixed: readonly number[]
}

/** Looks at what it displaces before it does, as a program would that knows no better. */
const checkThenRename: SwapNames = async (one, other) => {
  const before = await nodeFs.readFile(other)
  await nodeFs.rename(one, other)
  await nodeFs.writeFile(one, before)
  return 'done'
}

/** An editor in a process of its own saves all the time, while Inkwell makes the same note anew and puts it in its place. */
export async function runEditorRace(race: EditorRace): Promise<RaceOutcome> {
  const { root, seconds, editor, swap, nameWays, seed, planted } = race
  await nodeFs.mkdir(join(root, 'vault'), { recursive: true })
  await nodeFs.mkdir(join(root, 'profile'), { recursive: true })
  const clock = { now: () => Date.now() }
  const swapNames = planted ? checkThenRename : swap ? createSwapNames() : swapNotOffered
  const names = createNameCalls(nodeFs, nameWays && { ways: nameWays })
  const home = await house({ clock, swapNames, names, wait: (ms) => sleep(ms) }, root)
  try {
    await home.notes.write(home.input([draft('summary', 'Inkwell.')]))
    const folder = await onlyFolder(home.vault)
    const script = fileURLToPath(new URL('./race-editor.ts', import.meta.url))
    const process_ = spawn(
      process.execPath,
      [script, join(folder, 'summary.md'), editor, String(seconds * 1_000), String(seed)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    const said = readAll(process_.stdout)
    const ended = once(process_, 'exit')
    let running = true
    void ended.then(() => {
      running = false
    })
    const replaced = await replaceWhile(home, folder, { swapNames, names }, () => running)
    const [code] = await ended
    if (code !== 0) throw new Error(`the editor ended with ${code}`)
    await home.notes.settled()
    return await judge(root, await said, replaced)
  } finally {
    home.leave()
  }
}

/** What stands there goes to history, as `takeNew` does it, and a text of Inkwell takes its place: as fast as can be. */
async function replaceWhile(
  home: House,
  path: string,
  calls: { swapNames: SwapNames; names: LoadNameCalls },
  running: () => boolean,
): Promise<number> {
  const { storage, profile: profilePath, clock } = home
  const wait = (ms: number) => sleep(ms)
  const blobs = createBlobs(profilePath, nodeFs, wait)
  const files = createKeptFiles({ fs: nodeFs, storage, clock, ids: createIds(clock), profilePath })
  const keeper = createKeeper({
    ...calls,
    fs: nodeFs,
    storage,
    blobs,
    files,
    clock,
    log: silentLog,
    onConflict: () => {},
  })
  const exchange = createExchange({ ...calls, fs: nodeFs, keeper, tag: 'race', wait })
  const opened = await openVaultFolder(nodeFs, path, [], false)
  if (!opened.ok || !opened.value) throw new Error('the folder of the race is gone')
  const { id } = storage.get<{ id: string }>("SELECT id FROM note_files WHERE file_name = 'summary.md'")!
  let replaced = 0
  for (let n = 1; running(); n++) {
    // In the middle of a save it cannot be read.
    const there = await look(nodeFs, join(path, 'summary.md')).catch(ignoring('EBUSY'))
    if (there?.kind !== 'file') continue
    await blobs.put(there.bytes)
    const text = Buffer.from(`Inkwell made this, text ${n}.\n`)
    const done = await exchange
      .replace(opened.value, 'summary.md', text, there.sha256, id, () => {})
      .catch(ignoring('EBUSY'))
    if (done !== undefined && done !== 'changed') replaced += 1
  }
  return replaced
}

async function judge(root: string, said: string, replaced: number): Promise<RaceOutcome> {
  const saves = said.split('\n').map((line) => line.split(' '))
  const overwritten = new Set(saves.map(([, own]) => Number(own)))
  const edits = saves.map(([n]) => Number(n))
  const found = await versionsUnder(root)
  const displaced = edits.filter((n) => !overwritten.has(n))
  return {
    edits: edits.length,
    replaced,
    displaced: displaced.length,
    lost: displaced.filter((n) => !found.has(n)),
    mixed: displaced.filter((n) => found.get(n) === 'mixed'),
  }
}

/** Versions that stand in some file, whole: alone, or with another text behind them. */
async function versionsUnder(root: string): Promise<ReadonlyMap<number, 'alone' | 'mixed'>> {
  const found = new Map<number, 'alone' | 'mixed'>()
  for (const entry of await nodeFs.readdir(root, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue
    const text = await nodeFs.readFile(join(entry.parentPath, entry.name), 'utf8')
    const n = versionOf(text)
    if (n !== null) found.set(n, 'alone')
    const begun = versionBeginning(text)
    if (begun !== null && !found.has(begun)) found.set(begun, 'mixed')
  }
  return found
}
