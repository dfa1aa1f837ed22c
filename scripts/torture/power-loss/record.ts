import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Call, setControl } from '../shim/control.ts'
import type { Operation, Start } from './model.ts'

export interface Recording {
  readonly start: Start
  readonly operations: readonly Operation[]
}

/** What lies below a root before anything is recorded. */
function startOf(root: string): { start: Start; next: number } {
  const nodeByPath = new Map<string, number>()
  const contentByNode = new Map<number, Buffer>()
  const folders = [root]
  let next = 1
  for (const item of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(item.parentPath, item.name)
    if (item.isDirectory()) folders.push(path)
    if (!item.isFile()) continue
    nodeByPath.set(path, next)
    contentByNode.set(next, readFileSync(path))
    next += 1
  }
  return { start: { nodeByPath, contentByNode, folders }, next }
}

/**
 * Runs what is to be recorded on the real file system, and notes each call that changes something below the root.
 * @param onOperation called before each is added, with the index that it gets
 */
export async function record(
  root: string,
  work: () => Promise<unknown>,
  onOperation: (index: number) => void = () => {},
): Promise<Recording> {
  const { start, next } = startOf(root)
  let nodes = next
  const operations: Operation[] = []
  const now = new Map(start.nodeByPath)
  const folders = new Set(start.folders)
  const opened = new Map<number, { node: number; offset: number }>()
  const add = (operation: Operation): void => void operations.push(operation)
  const names: Readonly<Record<string, (call: Call) => void>> = {
    mkdir: ({ path }) => {
      if (folders.has(path)) return
      folders.add(path)
      add({ kind: 'mkdir', path, node: 0 })
    },
    unlink: ({ path }) => {
      const node = now.get(path)
      if (node === undefined) return
      now.delete(path)
      add({ kind: 'unlink', path, node })
    },
    link: ({ path, to }) => {
      const node = now.get(path)
      if (node === undefined) return
      now.set(to!, node)
      add({ kind: 'link', path, to: to!, node })
    },
    rename: ({ path, to }) => {
      const node = now.get(path)
      if (node === undefined) return
      now.delete(path)
      now.set(to!, node)
      add({ kind: 'rename', path, to: to!, node })
    },
    swap: ({ path, to }) => {
      const [node, other] = [now.get(path), now.get(to!)]
      if (node === undefined || other === undefined) return
      now.set(to!, node)
      now.set(path, other)
      add({ kind: 'swap', path, to: to!, node, other })
    },
    sync: ({ path, handle }) => {
      const open = handle === undefined ? undefined : opened.get(handle)
      if (folders.has(path)) add({ kind: 'sync-folder', path })
      else if (open) add({ kind: 'sync-file', node: open.node, path })
    },
  }
  setControl({
    before: ({ path }) => {
      if (path.startsWith(root)) onOperation(operations.length)
      return null
    },
    after(call, written) {
      if (!call.path.startsWith(root)) return
      if (call.name === 'open' || call.name === 'open-to-read') {
        let node = now.get(call.path)
        if (node === undefined && call.creates) {
          node = nodes++
          now.set(call.path, node)
          add({ kind: 'create', path: call.path, node })
        } else if (node !== undefined && call.truncates) add({ kind: 'truncate', node, length: 0 })
        if (node !== undefined) opened.set(call.handle!, { node, offset: 0 })
      } else if (call.name === 'write' && written) {
        const open = opened.get(call.handle!)
        if (!open) return
        const position = written.position ?? open.offset
        open.offset = position + written.bytes.length
        add({ kind: 'write', node: open.node, position, bytes: Buffer.from(written.bytes) })
      } else names[call.name]?.(call)
    },
  })
  try {
    await work()
  } finally {
    setControl()
  }
  onOperation(operations.length)
  return { start, operations }
}
