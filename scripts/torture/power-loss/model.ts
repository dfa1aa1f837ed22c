import { dirname } from 'node:path'
import type { Random } from '../random.ts'

/**
 * A weak file system, as the standards allow it: what was not flushed may be there or not, each call by itself, names
 * and contents apart, in any order. A file's flush keeps its contents, a folder's flush its names; nothing else does.
 */
export type Operation =
  | { readonly kind: 'create' | 'unlink' | 'mkdir'; readonly path: string; readonly node: number }
  | { readonly kind: 'rename' | 'link'; readonly path: string; readonly to: string; readonly node: number }
  | { readonly kind: 'swap'; readonly path: string; readonly to: string; readonly node: number; readonly other: number }
  | { readonly kind: 'write'; readonly node: number; readonly position: number; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly node: number; readonly length: number }
  | { readonly kind: 'sync-file'; readonly node: number; readonly path: string }
  | { readonly kind: 'sync-folder'; readonly path: string }

/** What lies under each name; null: a folder. */
export type Disk = ReadonlyMap<string, Buffer | null>
/** The files there are, each known by a number, as names may change. */
export interface Start {
  readonly nodeByPath: ReadonlyMap<string, number>
  readonly contentByNode: ReadonlyMap<number, Buffer>
  /** The root comes first. */
  readonly folders: readonly string[]
}

const foldersOf = (operation: Operation): string[] => {
  if (operation.kind === 'rename' || operation.kind === 'link' || operation.kind === 'swap')
    return [dirname(operation.path), dirname(operation.to)]
  return 'path' in operation ? [dirname(operation.path)] : []
}

/** Whether something was flushed after a call. @param what a folder's path, or `#` and a file's number */
const isFlushed = (
  operations: readonly Operation[],
  index: number,
  crash: number,
  deaf: number,
  what: string,
): boolean =>
  operations
    .slice(index + 1, crash)
    .some(
      (later, offset) =>
        index + 1 + offset !== deaf &&
        ((later.kind === 'sync-file' && what === `#${later.node}`) ||
          (later.kind === 'sync-folder' && what === later.path)),
    )

/** Indexes of calls before the crash that nothing has flushed yet. @param deaf index of a flush that is taken away */
export function pendingAt(operations: readonly Operation[], crash: number, deaf = -1): number[] {
  const pending: number[] = []
  for (let index = 0; index < crash; index++) {
    const operation = operations[index]!
    if (operation.kind === 'sync-file' || operation.kind === 'sync-folder') continue
    const needed =
      operation.kind === 'write' || operation.kind === 'truncate' ? [`#${operation.node}`] : foldersOf(operation)
    if (!needed.every((what) => isFlushed(operations, index, crash, deaf, what))) pending.push(index)
  }
  return pending
}

/** Which of the pending calls reached the medium: every subset, or so many that chance picks. Torn ones are halves. */
export function* fates(pending: readonly number[], most: number, random: Random): Generator<ReadonlyMap<number, Fate>> {
  const all = 2 ** pending.length
  if (all <= most) {
    for (let bits = 0; bits < all; bits++)
      yield new Map(pending.map((index, place): [number, Fate] => [index, bits & (2 ** place) ? 'kept' : 'lost']))
    // Each of them torn in the middle as well, the others kept.
    for (const torn of pending) yield new Map(pending.map((index) => [index, index === torn ? 'torn' : 'kept']))
    return
  }
  // None, all, each alone missing, each alone there, and what chance says.
  yield new Map(pending.map((index) => [index, 'lost']))
  yield new Map(pending.map((index) => [index, 'kept']))
  for (const one of pending) {
    yield new Map(pending.map((index) => [index, index === one ? 'lost' : 'kept']))
    yield new Map(pending.map((index) => [index, index === one ? 'kept' : 'lost']))
  }
  for (let count = 2 + 2 * pending.length; count < most; count++)
    yield new Map(
      pending.map((index): [number, Fate] => {
        const chance = random.next()
        return [index, chance < 0.45 ? 'kept' : chance < 0.9 ? 'lost' : 'torn']
      }),
    )
}
export type Fate = 'kept' | 'lost' | 'torn'

/** The disk after the power came back. */
export function diskAfter(
  start: Start,
  operations: readonly Operation[],
  crash: number,
  fate: ReadonlyMap<number, Fate>,
  deaf = -1,
): Disk {
  const nodeByPath = new Map(start.nodeByPath)
  const contentByNode = new Map(start.contentByNode)
  const folders = new Set(start.folders)
  for (let index = 0; index < crash; index++) {
    const operation = operations[index]!
    const what = fate.get(index) ?? 'kept'
    if (what === 'lost') {
      // From one folder into another: where the new name is flushed, only the old one may still be there.
      if (operation.kind === 'rename' && isFlushed(operations, index, crash, deaf, dirname(operation.to)))
        nodeByPath.set(operation.to, operation.node)
      continue
    }
    switch (operation.kind) {
      case 'create':
        nodeByPath.set(operation.path, operation.node)
        break
      case 'mkdir':
        folders.add(operation.path)
        break
      case 'unlink':
        if (nodeByPath.get(operation.path) === operation.node) nodeByPath.delete(operation.path)
        break
      case 'link':
        nodeByPath.set(operation.to, operation.node)
        break
      case 'rename':
        // The node goes to its new name, wherever the old one leads now.
        if (nodeByPath.get(operation.path) === operation.node) nodeByPath.delete(operation.path)
        nodeByPath.set(operation.to, operation.node)
        break
      case 'swap':
        nodeByPath.set(operation.to, operation.node)
        nodeByPath.set(operation.path, operation.other)
        break
      case 'truncate':
        contentByNode.set(
          operation.node,
          (contentByNode.get(operation.node) ?? Buffer.alloc(0)).subarray(0, operation.length),
        )
        break
      case 'write': {
        const bytes = what === 'torn' ? operation.bytes.subarray(0, operation.bytes.length >> 1) : operation.bytes
        contentByNode.set(operation.node, written(contentByNode.get(operation.node), operation.position, bytes))
        break
      }
    }
  }
  // A name in a folder that is not there is not there.
  const isThere = (folder: string): boolean =>
    folder === start.folders[0] || (folders.has(folder) && isThere(dirname(folder)))
  const disk = new Map<string, Buffer | null>()
  for (const path of folders) if (isThere(path)) disk.set(path, null)
  for (const [path, node] of nodeByPath)
    if (isThere(dirname(path))) disk.set(path, contentByNode.get(node) ?? Buffer.alloc(0))
  return disk
}

function written(before: Buffer = Buffer.alloc(0), position: number, bytes: Buffer): Buffer {
  const after = Buffer.alloc(Math.max(before.length, position + bytes.length))
  before.copy(after)
  bytes.copy(after, position)
  return after
}
