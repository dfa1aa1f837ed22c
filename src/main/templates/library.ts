import { type Dirent, lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { TemplateName } from '#shared/contract/templates.ts'
import { parseTemplate, type TemplateFile } from './parse.ts'
import { maxYamlBytes } from './yaml-map.ts'

export interface LibraryEntry {
  /** The template's name; the file's when it cannot be read. */
  readonly name: string
  readonly path: string
  readonly builtIn: boolean
  readonly yaml: string
  /** Null when `problem` says why. */
  readonly file: TemplateFile | null
  readonly problem: string | null
}
export interface Library {
  /** All templates as they are on disk now, the built-in ones first. People edit these files by hand. */
  entries(): LibraryEntry[]
  find(name: string): LibraryEntry | null
}

export const isTemplateFile = (name: string): boolean => /^[^.~].*\.ya?ml$/i.test(name)
export const sameName = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase()

export function createLibrary(builtInFolder: string, userFolder: string): Library {
  const builtIns = readFolder(builtInFolder, true)
  const entries = (): LibraryEntry[] => {
    const taken = new Map(builtIns.map(({ name }) => [name.toLowerCase(), 'a template that comes with Inkwell']))
    const own = readFolder(userFolder, false).map((entry): LibraryEntry => {
      const holder = taken.get(entry.name.toLowerCase())
      if (holder !== undefined && entry.file !== null)
        return { ...entry, file: null, problem: `The name “${entry.name}” belongs to ${holder}. Give it another name.` }
      taken.set(entry.name.toLowerCase(), `another of your files, ${entry.path.split(/[\\/]/).at(-1)}`)
      return entry
    })
    return [...builtIns, ...own]
  }
  return {
    entries,
    find: (name) => {
      const all = entries()
      return (
        all.find((entry) => entry.file !== null && entry.name === name) ??
        all.find((entry) => sameName(entry.name, name)) ??
        null
      )
    },
  }
}

function readFolder(folder: string, builtIn: boolean): LibraryEntry[] {
  let files: Dirent[]
  try {
    files = readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    // Nobody made a template of their own yet. The ones that come with Inkwell must be there.
    if (!builtIn && ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return []
    throw error
  }
  const entries = files
    .filter(({ name }) => isTemplateFile(name))
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .slice(0, 1_000)
    .map((file) => readEntry(join(folder, file.name), file.name, builtIn))
  return entries.sort((left, right) => (left.file?.priority ?? 1e6) - (right.file?.priority ?? 1e6))
}

function readEntry(path: string, fileName: string, builtIn: boolean): LibraryEntry {
  const stem = fileName.replace(/\.ya?ml$/i, '')
  const broken = (problem: string, yaml = ''): LibraryEntry => {
    const name = TemplateName.safeParse(stem).success ? stem : 'unnamed'
    return { name, path, builtIn, yaml, file: null, problem }
  }
  try {
    // A pipe would wait for ever, a link could lead anywhere.
    const status = lstatSync(path)
    if (!status.isFile()) return broken(`“${fileName}” is not a plain file.`)
    if (status.size > maxYamlBytes) return broken('This file is larger than 256 KB.')
    const yaml = readFileSync(path, 'utf8')
    const parsed = parseTemplate(yaml)
    if (!parsed.ok) return broken(parsed.error.message, yaml)
    return { name: parsed.value.name, path, builtIn, yaml, file: parsed.value, problem: null }
  } catch (error) {
    return broken(`“${fileName}” cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}.`)
  }
}
