/** `node:fs/promises` for the sources under src/main: each call that changes something asks `control` first. */
import * as real from 'node:fs/promises'
import { control, meaningOf, nextHandle } from './control.ts'

export * from 'node:fs/promises'

type Handle = real.FileHandle
type Anything = (...args: never[]) => unknown

const changesOf: Readonly<Record<string, string>> = {
  sync: 'sync',
  datasync: 'sync',
  truncate: 'truncate',
}

/** A handle whose writes and syncs are announced. */
function watched(handle: Handle, path: string, number: number): Handle {
  const writeOnce = async (bytes: Uint8Array, position: number | null): Promise<number> => {
    const call = { name: 'write', path, bytes: bytes.length, handle: number }
    const limit = control.before(call)
    const part = limit === null ? bytes : bytes.subarray(0, limit)
    if (part.length === 0 && bytes.length > 0) return 0
    const { bytesWritten } = await handle.write(part, 0, part.length, position)
    control.after(call, { bytes: part.subarray(0, bytesWritten), position })
    return bytesWritten
  }
  /** As Node does it: until all is out, or an error. */
  const writeAll = async (data: string | Uint8Array): Promise<void> => {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data
    for (let offset = 0; offset < bytes.length; ) {
      const written = await writeOnce(bytes.subarray(offset), null)
      if (written === 0) throw Object.assign(new Error(`ENOSPC: planted, write '${path}'`), { code: 'ENOSPC' })
      offset += written
    }
  }
  return new Proxy(handle, {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown
      if (typeof value !== 'function') return value
      if (name === 'write')
        return async (data: Uint8Array | string, offset?: number, length?: number, position?: number | null) => {
          if (typeof data === 'string') {
            const bytes = Buffer.from(data)
            return { bytesWritten: await writeOnce(bytes, offset ?? null), buffer: data }
          }
          const start = offset ?? 0
          const part = data.subarray(start, start + (length ?? data.length - start))
          return { bytesWritten: await writeOnce(part, position ?? null), buffer: data }
        }
      if (name === 'writeFile' || name === 'appendFile')
        return (data: unknown, ...rest: unknown[]) =>
          typeof data === 'string' || data instanceof Uint8Array
            ? writeAll(data)
            : (value as (...args: unknown[]) => unknown).call(target, data, ...rest)
      const change = changesOf[String(name)]
      if (change === undefined) return (value as Anything).bind(target)
      return async (...rest: unknown[]) => {
        const call = { name: change, path, handle: number }
        control.before(call)
        await (value as (...args: unknown[]) => unknown).apply(target, rest)
        control.after(call)
      }
    },
  })
}

export const open = async (...args: Parameters<typeof real.open>): Promise<Handle> => {
  const [path, flags] = args
  const { writes, creates, truncates } = meaningOf(flags)
  const handle = nextHandle()
  const call = { name: writes ? 'open' : 'open-to-read', path: String(path), handle, creates, truncates }
  if (writes) control.before(call)
  const opened = await real.open(...args)
  control.after(call)
  return watched(opened, call.path, handle)
}

export const writeFile: typeof real.writeFile = async (target, data, options) => {
  if (typeof target === 'object' && 'fd' in target) return (target as Handle).writeFile(data as string)
  const flags = (typeof options === 'object' && options?.flag) || 'w'
  const mode = typeof options === 'object' ? (options?.mode as number | undefined) : undefined
  const handle = await open(target as string, flags as string, mode)
  try {
    await handle.writeFile(data as string)
    if (typeof options === 'object' && (options as { flush?: boolean } | null)?.flush) await handle.sync()
  } finally {
    await handle.close()
  }
}
export const appendFile: typeof real.appendFile = (target, data, options) =>
  writeFile(target, data, { ...(typeof options === 'object' ? options : {}), flag: 'a' })

type Two = (from: never, to: never, ...rest: never[]) => Promise<unknown>
type One = (path: never, ...rest: never[]) => Promise<unknown>
const two = <Function extends Two>(name: string, run: Function): Function =>
  (async (...args: unknown[]) => {
    const call = { name, path: String(args[0]), to: String(args[1]) }
    control.before(call)
    const value = await (run as unknown as (...rest: unknown[]) => Promise<unknown>)(...args)
    control.after(call)
    return value
  }) as unknown as Function
const one = <Function extends One>(name: string, run: Function): Function =>
  (async (...args: unknown[]) => {
    const call = { name, path: String(args[0]) }
    control.before(call)
    const value = await (run as unknown as (...rest: unknown[]) => Promise<unknown>)(...args)
    control.after(call)
    return value
  }) as unknown as Function

export const rename = two('rename', real.rename)
export const link = two('link', real.link)
export const symlink = two('symlink', real.symlink)
export const copyFile = two('copy', real.copyFile)
export const cp = two('copy', real.cp)
export const unlink = one('unlink', real.unlink)
export const rm = one('unlink', real.rm)
export const rmdir = one('unlink', real.rmdir)
export const mkdir = one('mkdir', real.mkdir)
export const mkdtemp = one('mkdir', real.mkdtemp)
export const truncate = one('truncate', real.truncate)
