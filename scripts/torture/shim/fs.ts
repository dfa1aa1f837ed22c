/** `node:fs` for the sources under src/main: each call that changes something asks `control` first. */
import * as real from 'node:fs'
import { control, meaningOf, nextHandle } from './control.ts'
import * as promisesShim from './fs-promises.ts'

export * from 'node:fs'
export { default } from 'node:fs'
export const promises = promisesShim

const openByDescriptor = new Map<number, { path: string; handle: number }>()

export const openSync: typeof real.openSync = (path, flags, mode) => {
  const { writes, creates, truncates } = meaningOf(flags)
  const handle = nextHandle()
  const call = { name: writes ? 'open' : 'open-to-read', path: String(path), handle, creates, truncates }
  if (writes) control.before(call)
  const descriptor = real.openSync(path, flags, mode)
  control.after(call)
  openByDescriptor.set(descriptor, { path: call.path, handle })
  return descriptor
}
export const closeSync: typeof real.closeSync = (descriptor) => {
  openByDescriptor.delete(descriptor)
  real.closeSync(descriptor)
}
const synced =
  (run: (descriptor: number) => void) =>
  (descriptor: number): void => {
    const call = { name: 'sync', ...(openByDescriptor.get(descriptor) ?? { path: `descriptor ${descriptor}` }) }
    control.before(call)
    run(descriptor)
    control.after(call)
  }
export const fsyncSync = synced(real.fsyncSync)
export const fdatasyncSync = synced(real.fdatasyncSync)

export const writeSync = ((descriptor: number, data: string | Uint8Array, ...rest: unknown[]): number => {
  const whole = typeof data === 'string' ? Buffer.from(data) : data
  const [offset, length, position] =
    typeof data === 'string' ? [0, whole.length, rest[0]] : [rest[0] ?? 0, rest[1], rest[2]]
  const from = Number(offset)
  const bytes = whole.subarray(from, from + Number(length ?? whole.length - from))
  const call = { name: 'write', path: '', bytes: bytes.length, ...openByDescriptor.get(descriptor) }
  const limit = control.before(call)
  const part = limit === null ? bytes : bytes.subarray(0, limit)
  if (part.length === 0 && bytes.length > 0) return 0
  const at = typeof position === 'number' ? position : null
  const written = real.writeSync(descriptor, part, 0, part.length, at)
  control.after(call, { bytes: part.subarray(0, written), position: at })
  return written
}) as typeof real.writeSync

export const writeFileSync: typeof real.writeFileSync = (target, data, options) => {
  if (typeof target === 'number' || (typeof data !== 'string' && !(data instanceof Uint8Array)))
    return real.writeFileSync(target, data, options)
  const flag = typeof options === 'object' && options !== null ? options.flag : undefined
  const mode = typeof options === 'object' && options !== null ? options.mode : undefined
  const descriptor = openSync(target, (flag as string | undefined) ?? 'w', mode ?? undefined)
  try {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data
    for (let offset = 0; offset < bytes.length; ) {
      const written = writeSync(descriptor, bytes, offset, bytes.length - offset)
      if (written === 0) throw Object.assign(new Error('ENOSPC: planted, write'), { code: 'ENOSPC' })
      offset += written
    }
    if (typeof options === 'object' && (options as { flush?: boolean } | null)?.flush) fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
export const appendFileSync: typeof real.appendFileSync = (target, data, options) =>
  writeFileSync(target as string, data, { ...(typeof options === 'object' ? options : {}), flag: 'a' })

type Call = (...args: unknown[]) => unknown
const changing = <Function>(name: string, run: Function, hasTarget = false): Function =>
  ((...args: unknown[]) => {
    const call = { name, path: String(args[0]), ...(hasTarget ? { to: String(args[1]) } : {}) }
    control.before(call)
    const value = (run as Call)(...args)
    control.after(call)
    return value
  }) as Function

export const renameSync = changing('rename', real.renameSync, true)
export const linkSync = changing('link', real.linkSync, true)
export const copyFileSync = changing('copy', real.copyFileSync, true)
export const cpSync = changing('copy', real.cpSync, true)
export const unlinkSync = changing('unlink', real.unlinkSync)
export const rmSync = changing('unlink', real.rmSync)
export const rmdirSync = changing('unlink', real.rmdirSync)
export const mkdirSync = changing('mkdir', real.mkdirSync)
export const truncateSync = changing('truncate', real.truncateSync)
export const ftruncateSync = changing('truncate', real.ftruncateSync)
