import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
} from 'node:fs'
import { join, relative } from 'node:path'
import { contract } from '#shared/contract/index.ts'
import type { Result } from '#shared/result.ts'
import { compose, type House } from '../../src/main/compose.ts'
import { answer, matchHandlers } from '../../src/main/ipc/answer.ts'

/** A root with a real profile, a real notes folder and, while it is open, the real house. */
export interface Home {
  readonly root: string
  readonly profile: string
  readonly vault: string
  readonly house: House
  readonly costs: House['costs']
  readonly interviews: House['interviews']
  /** As a page asks: parsed on the way in and out. */
  tell(channel: string, input?: object): Promise<Result<unknown>>
  /** The same; throws what was refused. */
  ask<Value>(channel: string, input?: object): Promise<Value>
  close(): Promise<void>
}

export const profileOf = (root: string): string => join(root, 'profile')
export const vaultOf = (root: string): string => join(root, 'vault')
/** Sources and assets lie beside it. */
const entry = new URL('../../src/main/headless.ts', import.meta.url)

export class Refused extends Error {
  readonly code: string
  constructor(what: string, { code, message }: { code: string; message: string }) {
    super(`${what}: ${code}: ${message}`)
    this.code = code
  }
}

/** Opens the house on a root, new or as it was left. Throws `Refused` when the house does not open. */
export async function openHome(root: string): Promise<Home> {
  const [profile, vault] = [profileOf(root), vaultOf(root)]
  mkdirSync(vault, { recursive: true })
  const composed = await compose({ profilePath: profile, entry, origin: 'app', desktop: null })
  if (!composed.ok) throw new Refused('open', composed.error)
  const house = composed.value
  const matched = matchHandlers(contract, house.handlers)
  const tell: Home['tell'] = (channel, input = {}) => answer(channel, matched.get(channel)!, input, house.log)
  return {
    root,
    profile,
    vault,
    house,
    costs: house.costs,
    interviews: house.interviews,
    tell,
    async ask<Value>(channel: string, input: object = {}) {
      const result = await tell(channel, input)
      if (!result.ok) throw new Refused(channel, result.error)
      return result.value as Value
    },
    close: () => house.close(),
  }
}

/** A copy that is quick: the ballast, which nobody writes to once it is there, is linked. */
export function copyRoot(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true })
  cpSync(from, to, { recursive: true, verbatimSymlinks: true, filter: (path) => !path.endsWith('/ballast') })
  for (const ballast of ['ballast', 'profile/ballast'])
    if (existsSync(join(from, ballast))) linkSync(join(from, ballast), join(to, ballast))
}

/** Every file below a folder with what is in it, by its path from there. */
export function filesUnder(folder: string): Map<string, Buffer> {
  const files = new Map<string, Buffer>()
  if (!existsSync(folder)) return files
  for (const item of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(item.parentPath, item.name)
    const name = relative(folder, path)
    if (item.isSymbolicLink()) files.set(name, Buffer.from(`-> ${readlinkSync(path)}`))
    else if (item.isFile() && name !== 'profile/ballast' && name !== 'ballast' && lstatSync(path).size < 64 * 1_048_576)
      files.set(name, readFileSync(path))
  }
  return files
}

export const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
