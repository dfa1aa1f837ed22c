import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { lstat, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode, syncFolder } from '../storage/write-file.ts'
import { isTemplateFile, sameName } from './library.ts'
import { parseTemplate } from './parse.ts'
import { type SavedTemplate, stampOf } from './saved.ts'
import { maxYamlBytes } from './yaml-map.ts'

/** What became of a template of the user's. One that was edited by hand and reads well is as the user wants it. */
export interface TemplateFact {
  readonly kind:
    | 'fine'
    /** Cannot be used, or has other bytes than were saved though nobody saved it. */
    | 'damaged'
    | 'missing'
    /** Reads well, and differs from what was saved in one byte, or only lacks its end. */
    | 'nearly'
  readonly name: string
  readonly fileName: string
  /** Why it cannot be used, or how it differs; null for what is fine. */
  readonly problem: string | null
  /** Null for one that Inkwell never saved. */
  readonly saved: SavedTemplate | null
  /** Hex SHA-256 of what stands there now; null when that cannot be read. */
  readonly sha256: string | null
}
interface UserFile {
  readonly fileName: string
  readonly stamp: string | null
  readonly bytes: Buffer | null
  /** Why it cannot be read. */
  readonly problem: string | null
}
const maxFiles = 1_000

/** Every template of the user's: those in the folder, and those that were saved and are not there. Reads only. */
export function inspectTemplates(folder: string, saved: readonly SavedTemplate[]): TemplateFact[] {
  const files = new Map(namesIn(folder).map((name) => [name, readUserFile(folder, name)]))
  const nameOf = cached((file: UserFile) => {
    const parsed = file.bytes && parseTemplate(file.bytes.toString('utf8'))
    return parsed?.ok ? parsed.value.name : null
  })
  const claimed = new Map<UserFile, SavedTemplate>()
  const claim = (pick: (one: SavedTemplate) => UserFile | undefined): void => {
    const taken = new Set([...claimed.values()])
    for (const one of saved) {
      const file = taken.has(one) ? undefined : pick(one)
      if (file && !claimed.has(file)) claimed.set(file, one)
    }
  }
  claim(({ name, fileName }) => files.get(fileName ?? `${name}.yaml`) ?? files.get(`${name}.yml`))
  // Renamed by hand, it is still the same template. Most folders need no look for that.
  if (claimed.size < saved.length)
    claim(({ name }) => [...files.values()].find((file) => !claimed.has(file) && sameName(nameOf(file) ?? '', name)))
  const here = [...files.values()].map((file) => factOf(file, claimed.get(file) ?? null))
  const kept = new Set(claimed.values())
  const missing = saved
    .filter((one) => !kept.has(one))
    .map((one): TemplateFact => {
      const fileName = one.fileName ?? `${one.name}.yaml`
      return { kind: 'missing', name: one.name, fileName, problem: 'It is not there.', saved: one, sha256: null }
    })
  return [...here, ...missing]
}

function factOf(file: UserFile, saved: SavedTemplate | null): TemplateFact {
  const { fileName, bytes } = file
  const fact = (kind: TemplateFact['kind'], problem: string | null): TemplateFact => ({
    kind,
    name: saved?.name ?? fileName.replace(/\.ya?ml$/i, ''),
    fileName,
    problem,
    saved,
    sha256: bytes && createHash('sha256').update(bytes).digest('hex'),
  })
  if (bytes === null) return fact('damaged', file.problem)
  if (saved && bytes.equals(Buffer.from(saved.yaml))) return fact('fine', null)
  if (bytes.length === 0) return fact('damaged', 'It is empty.')
  if (saved?.stamp && saved.stamp === file.stamp)
    return fact('damaged', 'The text is another one than was saved, and nobody saved it.')
  if (!isUtf8(bytes)) return fact('damaged', 'It holds bytes that are no text.')
  const parsed = parseTemplate(bytes.toString('utf8'))
  if (!parsed.ok) return fact('damaged', parsed.error.message)
  const how = saved && nearly(bytes, Buffer.from(saved.yaml))
  return how ? fact('nearly', how) : fact('fine', null)
}

/** How rot and a write that was cut short look, and few edits do; null for any other difference. */
function nearly(bytes: Buffer, saved: Buffer): string | null {
  if (bytes.length < saved.length) {
    const end = saved.subarray(bytes.length).toString('utf8')
    return end.trim() !== '' && bytes.equals(saved.subarray(0, bytes.length)) ? 'Its end is missing.' : null
  }
  if (bytes.length > saved.length) return null
  let others = 0
  for (let at = 0; at < bytes.length && others < 2; at += 1) if (bytes[at] !== saved[at]) others += 1
  return others === 1 ? 'One byte of it is another one.' : null
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter(isTemplateFile).sort().slice(0, maxFiles)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error))) return []
    throw error
  }
}

function readUserFile(folder: string, fileName: string): UserFile {
  const unreadable = (problem: string): UserFile => ({ fileName, stamp: null, bytes: null, problem })
  try {
    const path = join(folder, fileName)
    const status = lstatSync(path)
    // A pipe would wait for ever, a link could lead anywhere.
    if (!status.isFile()) return unreadable('It is not a plain file.')
    if (status.size > maxYamlBytes) return unreadable('It is larger than 256 KB.')
    return { fileName, stamp: stampOf(status), bytes: readFileSync(path), problem: null }
  } catch (error) {
    return unreadable(`It cannot be read (${errorCode(error) || 'unknown'}).`)
  }
}

/**
 * Gives what stands at a template's name another one, which no list shows, so that nothing of it is lost.
 * @returns the new name; null when nothing stands there
 */
export async function setAside(folder: string, fileName: string, nowMs: number): Promise<string | null> {
  const there = (name: string): Promise<boolean> =>
    lstat(join(folder, name)).then(
      () => true,
      (error: unknown) => {
        if (['ENOENT', 'ENOTDIR'].includes(errorCode(error))) return false
        throw error
      },
    )
  if (!(await there(fileName))) return null
  const stem = `${fileName}.set-aside-${new Date(nowMs).toISOString().slice(0, 10)}`
  for (let attempt = 1; ; attempt += 1) {
    const name = attempt === 1 ? stem : `${stem}-${attempt}`
    if (await there(name)) continue
    await rename(join(folder, fileName), join(folder, name))
    await syncFolder(folder)
    return name
  }
}

function cached<Key, Value>(of: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>()
  return (key) => {
    if (!known.has(key)) known.set(key, of(key))
    return known.get(key)!
  }
}
