/** What the failing file system does at each call that changes something; shared by `fs.ts` and `fs-promises.ts`. */
import { constants } from 'node:fs'

export interface Call {
  /** e.g. `rename`, `write`, `sync` */
  readonly name: string
  readonly path: string
  /** Where it goes, for rename and link. */
  readonly to?: string
  readonly bytes?: number
  /** Of the open file, where the call is about one. */
  readonly handle?: number
  /** An open that makes the file, or empties it. */
  readonly creates?: boolean
  readonly truncates?: boolean
}
/** Bytes that a write may take; null: all. */
export type Limit = number | null
export interface Control {
  /** Before a call takes effect; may throw, or end the process. */
  before(call: Call): Limit
  /** After it took effect, with the bytes that were written and where. */
  after?(call: Call, written?: { bytes: Uint8Array; position: number | null }): void
}

const idle: Control = { before: () => null }
let current: Control = idle

let handles = 0
/** Each opened file has its own number. */
export const nextHandle = (): number => {
  handles += 1
  return handles
}
const { O_CREAT, O_TRUNC, O_WRONLY, O_RDWR } = constants
/** What flags of an open mean, as numbers or as Node's letters. */
export function meaningOf(flags: unknown): { writes: boolean; creates: boolean; truncates: boolean } {
  if (typeof flags === 'number')
    return {
      writes: (flags & (O_WRONLY | O_RDWR)) !== 0,
      creates: (flags & O_CREAT) !== 0,
      truncates: (flags & O_TRUNC) !== 0,
    }
  const letters = typeof flags === 'string' ? flags : 'r'
  return { writes: /[wa+]/.test(letters), creates: /[wa]/.test(letters), truncates: letters.includes('w') }
}

export const control = {
  before: (call: Call): Limit => current.before(call),
  after: (call: Call, written?: { bytes: Uint8Array; position: number | null }): void => current.after?.(call, written),
}

/** Until it is called again; without argument nothing fails. */
export function setControl(next: Control = idle): void {
  current = next
}

export const systemError = (code: string, { name, path, to }: Call): NodeJS.ErrnoException =>
  Object.assign(new Error(`${code}: planted, ${name} '${path}'${to === undefined ? '' : ` -> '${to}'`}`), {
    code,
    syscall: name,
    path,
  })
