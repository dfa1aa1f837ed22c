import { constants } from 'node:fs'
import { extname, join } from 'node:path'
import type { Storage } from '../storage/storage.ts'
import type { FileSystem } from '../storage/write-file.ts'
import type { Blobs } from './blobs.ts'
import { identityOf } from './frontmatter.ts'
import { type FileRow, type FolderRow, noteStore, partsOf, unknownSha } from './store.ts'
import { look } from './vault-folder.ts'

/**
 * Finds notes that the user renamed or moved: by the text as Inkwell wrote it, and one that was edited too by what its
 * frontmatter says it is. A vault is walked once, and only when something is missing.
 */
export interface Finder {
  /**
   * Absolute paths of files that no row stands for. `sure` when it is one file, and no other note that is missing could
   * be it: else nobody can tell which is which.
   */
  find(folder: FolderRow, row: FileRow): Promise<Whereabouts>
}
export interface Whereabouts {
  readonly paths: readonly string[]
  readonly sure: boolean
  /** Not the text as it was written: known by its frontmatter. */
  readonly edited: boolean
}
interface FinderDeps {
  readonly fs: FileSystem
  readonly storage: Storage
  readonly blobs: Pick<Blobs, 'size' | 'get'>
}
interface Walked {
  readonly path: string
  readonly bytes: number
  readonly savedAtMs: number
}

/** Deeper folders are not looked into, nor are more files than this. */
const deepest = 12
const mostFiles = 200_000
/** Frontmatter is looked for in the beginning of a file. */
const headBytes = 16_384
const nowhere: Whereabouts = { paths: [], sure: false, edited: false }

export function createFinder({ fs, storage, blobs }: FinderDeps, signal: AbortSignal): Finder {
  const filesByVault = new Map<string, Promise<readonly Walked[]>>()
  let manifest: Manifest | undefined
  const shaByPath = new Map<string, string | null>()
  const identityByPath = new Map<string, string | null>()
  const shaOf = async (path: string): Promise<string | null> => {
    if (!shaByPath.has(path)) {
      const there = await look(fs, path).catch(() => null)
      shaByPath.set(path, there?.kind === 'file' ? there.sha256 : null)
    }
    return shaByPath.get(path)!
  }
  const identityAt = async (path: string): Promise<string | null> => {
    if (!identityByPath.has(path)) identityByPath.set(path, identityOf(await headOf(fs, path).catch(() => '')))
    return identityByPath.get(path)!
  }
  const identityOfBase = async (sha: string | null): Promise<string | null> => {
    const text = sha === null || sha === unknownSha ? null : await blobs.get(sha)
    return text && identityOf(text.toString('utf8', 0, headBytes))
  }

  /** One that was edited was saved after Inkwell wrote it. */
  const findEdited = async (
    known: Manifest,
    folder: FolderRow,
    row: FileRow,
    strangers: readonly Walked[],
  ): Promise<Whereabouts> => {
    const identity = await identityOfBase(row.base_sha256)
    if (identity === null || extname(row.file_name) !== '.md') return nowhere
    const writtenAtMs = row.base_stamp === null ? 0 : Number(BigInt(row.base_stamp.split('@')[1]!) / 1_000_000n)
    const paths: string[] = []
    for (const { path, savedAtMs } of strangers)
      if (extname(path) === '.md' && savedAtMs >= writtenAtMs && (await identityAt(path)) === identity) paths.push(path)
    if (paths.length !== 1) return nowhere
    for (const twin of known.byTemplate.get(templateKey(folder, row)) ?? [])
      if (twin.id !== row.id && (await shaOf(twin.path)) === null && (await identityOfBase(twin.sha)) === identity)
        return nowhere
    return { paths, sure: true, edited: true }
  }

  return {
    async find(folder, row) {
      const { base_sha256: sha, base_stamp } = row
      if (sha === null || sha === unknownSha) return nowhere
      const bytes = base_stamp === null ? await blobs.size(sha) : Number(base_stamp.split('@')[0])
      if (bytes === null) return nowhere
      const known = manifest ?? readManifest(storage)
      manifest = known
      const walked = filesByVault.get(folder.vault_path) ?? walk(fs, folder.vault_path, signal)
      filesByVault.set(folder.vault_path, walked)
      const strangers = (await walked).filter(({ path }) => !known.paths.has(path))
      const paths: string[] = []
      for (const file of strangers)
        if (file.bytes === bytes && extname(file.path) === extname(row.file_name) && (await shaOf(file.path)) === sha)
          paths.push(file.path)
      if (paths.length === 0) return findEdited(known, folder, row, strangers)
      if (paths.length !== 1) return { paths, sure: false, edited: false }
      for (const twin of known.bySha.get(`${folder.vault_path} ${sha}`) ?? [])
        if (twin.id !== row.id && (await shaOf(twin.path)) !== sha) return { paths, sure: false, edited: false }
      return { paths, sure: true, edited: false }
    },
  }
}

const templateKey = ({ vault_path }: FolderRow, { kind, template_name }: FileRow): string =>
  JSON.stringify([vault_path, kind, template_name])

async function headOf(fs: FileSystem, path: string): Promise<string> {
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
  const file = await fs.open(path, flags)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}

interface Known {
  readonly id: string
  readonly path: string
  readonly sha: string | null
}
interface Manifest {
  /** That rows stand for: what stands there is that note. */
  readonly paths: ReadonlySet<string>
  readonly bySha: ReadonlyMap<string, readonly Known[]>
  readonly byTemplate: ReadonlyMap<string, readonly Known[]>
}

function readManifest(storage: Storage): Manifest {
  const paths = new Set<string>()
  const [bySha, byTemplate] = [new Map<string, Known[]>(), new Map<string, Known[]>()]
  const add = (map: Map<string, Known[]>, key: string, one: Known): void => {
    const ones = map.get(key)
    if (ones) ones.push(one)
    else map.set(key, [one])
  }
  for (const folder of noteStore.allFolders(storage))
    for (const row of noteStore.files(storage, folder.id)) {
      const standsIn = join(folder.vault_path, ...partsOf(folder, row))
      const known = { id: row.id, path: join(standsIn, row.file_name), sha: row.base_sha256 }
      paths.add(known.path)
      if (row.newer_file_name !== null) paths.add(join(standsIn, row.newer_file_name))
      add(bySha, `${folder.vault_path} ${row.base_sha256}`, known)
      add(byTemplate, templateKey(folder, row), known)
    }
  return { paths, bySha, byTemplate }
}

/** Notes and metadata. Hidden folders are left out: what lies in `.trash` was deleted. */
async function walk(fs: FileSystem, root: string, signal: AbortSignal): Promise<readonly Walked[]> {
  const found: Walked[] = []
  const visit = async (folder: string, depth: number): Promise<void> => {
    const entries = await fs.readdir(folder, { withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      if (signal.aborted || found.length > mostFiles) return
      const path = join(folder, entry.name)
      if (entry.isDirectory() && !entry.name.startsWith('.') && depth < deepest) await visit(path, depth + 1)
      if (!entry.isFile() || !['.md', '.yaml'].includes(extname(entry.name))) continue
      const stat = await fs.lstat(path).catch(() => null)
      if (stat) found.push({ path, bytes: stat.size, savedAtMs: stat.mtimeMs })
    }
  }
  await visit(root, 0)
  return found
}
