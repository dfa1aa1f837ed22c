/** What the failing file system does at each call that changes something; shared by `fs.ts` and `fs-promises.ts`. */

export interface Call {
  /** e.g. `rename`, `write`, `sync` */
  readonly name: string
  readonly path: string
  /** Where it goes, for rename and link. */
  readonly to?: string
  readonly bytes?: number
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
