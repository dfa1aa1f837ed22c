import { readdir, stat, statfs } from 'node:fs/promises'
import * as os from 'node:os'
import { join } from 'node:path'
import type { Reader } from '../storage/storage.ts'

/** Enough to see what is large; a profile of 10,000 episodes has fewer. */
const maxEntries = 100_000
/** Never in a bundle, not even as "set". */
const nobodysBusiness = /^profile\.|salt|secret|key|marks|^kit$/i

/** Versions and kind of the computer; nothing that names it. */
export const systemFacts = (version: string) => ({
  inkwell: version,
  electron: process.versions.electron ?? null,
  node: process.versions.node,
  platform: process.platform,
  release: os.release(),
  arch: process.arch,
  cpus: os.cpus().length,
  memoryMb: Math.round(os.totalmem() / 1_000_000),
  freeMemoryMb: Math.round(os.freemem() / 1_000_000),
  locale: Intl.DateTimeFormat().resolvedOptions().locale,
  uptimeSeconds: Math.round(process.uptime()),
})

const one = (reader: Reader, pragma: string): unknown => Object.values(reader.get<object>(`PRAGMA ${pragma}`) ?? {})[0]

/** State of the database, and how many rows each table has; no row of it. */
export function databaseFacts(reader: Reader): Record<string, unknown> {
  const tables = reader
    .all<{ name: string }>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
    )
    .map(({ name }) => name)
  const count = (table: string): number =>
    reader.get<{ rows: number }>(`SELECT count(*) AS rows FROM "${table.replaceAll('"', '""')}"`)!.rows
  return {
    schemaVersion: one(reader, 'user_version'),
    sqlite: reader.get<{ version: string }>('SELECT sqlite_version() AS version')!.version,
    journalMode: one(reader, 'journal_mode'),
    synchronous: one(reader, 'synchronous'),
    pages: one(reader, 'page_count'),
    pageBytes: one(reader, 'page_size'),
    freePages: one(reader, 'freelist_count'),
    quickCheck: one(reader, 'quick_check(3)'),
    foreignKeyBreaches: reader.all('PRAGMA foreign_key_check').length,
    rows: Object.fromEntries(tables.map((table) => [table, count(table)])),
  }
}

/** Choices as they are; what might name a folder or a person only as set or not. */
export function settingFacts(reader: Reader): Record<string, unknown> {
  const rows = reader.all<{ name: string; value_json: string }>('SELECT name, value_json FROM settings ORDER BY name')
  return Object.fromEntries(
    rows.filter(({ name }) => !nobodysBusiness.test(name)).map(({ name, value_json }) => [name, plainly(value_json)]),
  )
}

function plainly(valueJson: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(valueJson)
  } catch {
    return 'unreadable'
  }
  const shown = (item: unknown): unknown => {
    if (typeof item === 'string') return /^[a-z0-9-]{1,24}$/.test(item) ? item : 'set'
    if (Array.isArray(item)) return `${item.length} items`
    if (typeof item === 'object' && item !== null)
      return Object.fromEntries(
        Object.entries(item)
          .filter(([key]) => !nobodysBusiness.test(key))
          .map(([key, part]) => [key, shown(part)]),
      )
    return item
  }
  return shown(value)
}

/** Bytes and files of each part of the profile, and the room on its disk. */
export async function diskFacts(profilePath: string): Promise<Record<string, unknown>> {
  const parts: Record<string, { files: number; bytes: number }> = {}
  let left = maxEntries
  const measure = async (path: string, part: string): Promise<void> => {
    for (const entry of await readdir(path, { withFileTypes: true }).catch(() => [])) {
      if (--left < 0) return
      const where = join(path, entry.name)
      const name = part === '' ? entry.name : part
      if (entry.isDirectory()) await measure(where, name)
      if (!entry.isFile()) continue
      const size = await stat(where).then(
        (found) => found.size,
        () => 0,
      )
      const { files, bytes } = parts[name] ?? { files: 0, bytes: 0 }
      parts[name] = { files: files + 1, bytes: bytes + size }
    }
  }
  await measure(profilePath, '')
  const disk = await statfs(profilePath).catch(() => null)
  return {
    freeMb: disk && Math.round((disk.bavail * disk.bsize) / 1_000_000),
    totalMb: disk && Math.round((disk.blocks * disk.bsize) / 1_000_000),
    parts,
    ...(left < 0 ? { onlyTheFirst: maxEntries } : {}),
  }
}
