import { lstat, unlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import PQueue from 'p-queue'
import type { TemplateSummary } from '#shared/contract/templates.ts'
import { fail, type Json, ok, type Result } from '#shared/result.ts'
import type { Clock, Events, Log } from '../ports.ts'
import type { Template, TemplatePrompt, Templates } from '../services.ts'
import type { Storage } from '../storage/storage.ts'
import { makeFolders, syncFolder, writeFileAtomic } from '../storage/write-file.ts'
import { createLibrary, type LibraryEntry, sameName } from './library.ts'
import { parseTemplate, type TemplateFile } from './parse.ts'
import { forgetOthersAt, readSaved, stampOf, writePlace } from './saved.ts'
import { readDefaults, readRemoved, writeDefaults, writeRemoved } from './store.ts'
import { inspectTemplates, setAside, type TemplateFact } from './upkeep.ts'

/** What health does with the files of the user's templates. */
export interface TemplateUpkeep {
  inspect(): TemplateFact[]
  /**
   * Writes what was saved last again; what stands there gets another name. Nothing when a file is not as the fact says.
   * @returns names of what was put aside
   */
  putBack(
    facts: readonly TemplateFact[],
  ): Promise<Result<{ aside: string[] }, 'changed-meanwhile' | 'template-not-written'>>
}

export interface TemplatesService extends Templates {
  /** As on disk now, the built-in ones first. */
  list(): TemplateSummary[]
  source(name: string): Result<{ yaml: string; builtIn: boolean }, 'no-such-template'>
  /** Adds or replaces `<profile>/templates/<name>.yaml`. */
  save(yaml: string): Promise<Result<TemplateSummary, 'invalid-template' | 'name-taken' | 'template-not-written'>>
  /** The text is kept in the profile before the file goes, for `undoRemove`. */
  remove(name: string): Promise<Result<{ name: string }, 'no-such-template' | 'built-in' | 'template-not-written'>>
  undoRemove(name: string): Promise<Result<TemplateSummary, 'no-such-template' | 'name-taken' | 'template-not-written'>>
  setDefaults(names: readonly string[]): Result<Record<string, never>, 'no-such-template'>
  readonly upkeep: TemplateUpkeep
}

const firstDefaults = ['summary', 'quotes', 'key-concepts']

/** `key-concepts` → "Key concepts". */
export const titleOf = (name: string): string => {
  const words = name.replace(/[-_]+/g, ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** @param assetsUrl the folder that holds `templates/` */
export function createTemplatesService(deps: {
  storage: Storage
  events: Events
  clock: Clock
  log: Log
  profilePath: string
  assetsUrl: URL
  /** Frees what is kept for a full disk. */
  makeRoom?: (path: string) => boolean
}): TemplatesService {
  const { storage, events, clock, log, profilePath, assetsUrl, makeRoom } = deps
  const userFolder = join(profilePath, 'templates')
  const builtInFolder = fileURLToPath(new URL('templates/', `${assetsUrl.href.replace(/\/$/, '')}/`))
  const library = createLibrary(builtInFolder, userFolder)
  // One change of the folder after another: what one has read, no other changes before it has written.
  const queue = new PQueue({ concurrency: 1 })

  const defaults = (): string[] => {
    const usable = new Set(library.entries().flatMap(({ file }) => file?.name ?? []))
    const chosen = readDefaults(storage)?.filter((name) => usable.has(name)) ?? []
    return chosen.length > 0 ? chosen : firstDefaults
  }
  const missing = (name: string) =>
    fail('no-such-template', `There is no template called “${name}”. It may have been renamed or removed.`)
  const notWritten = (error: unknown, what: string) => {
    log.warn('templates.not-written', { error })
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown reason'
    return fail('template-not-written', `${what} (${code}). Nothing was changed.`, { retryable: true })
  }
  const inspect = (): TemplateFact[] => inspectTemplates(userFolder, readSaved(storage))

  const write = async (
    action: string,
    yaml: string,
  ): Promise<Result<TemplateSummary, 'invalid-template' | 'name-taken' | 'template-not-written'>> => {
    const parsed = parseTemplate(yaml)
    if (!parsed.ok) return parsed
    const { name } = parsed.value
    const holders = library.entries().filter((entry) => sameName(entry.name, name))
    if (holders.some(({ builtIn }) => builtIn))
      return fail('name-taken', `“${name}” comes with Inkwell and stays as it is. Give yours another name.`)
    const holder = holders.find(({ file }) => file !== null) ?? holders[0]
    const fileName = holder ? basename(holder.path) : `${name}.yaml`
    return put(action, { name, fileName, yaml, before: holder ? { yaml: holder.yaml } : null })
  }
  const put = async (
    action: string,
    { name, fileName, yaml, before }: { name: string; fileName: string; yaml: string; before: Json },
  ): Promise<Result<TemplateSummary, 'template-not-written'>> => {
    try {
      await makeFolders(profilePath, ['templates'])
      await writeFileAtomic(join(userFolder, fileName), yaml, makeRoom ? { makeRoom } : {})
    } catch (error) {
      return notWritten(error, 'The template could not be written')
    }
    const there = await lstat(join(userFolder, fileName)).catch(() => null)
    storage.write(action, (tx) => {
      forgetOthersAt(tx, fileName, name, clock.now())
      if (there) writePlace(tx, name, { fileName, stamp: stampOf(there) }, clock.now())
      tx.audit(`template:${name}`, before, { yaml })
    })
    events.emit('templates.changed', {})
    const saved = library.find(name)
    return saved ? ok(summaryOf(saved, defaults())) : notWritten(new Error('gone'), 'The template’s file is gone again')
  }

  return {
    list: () => {
      const chosen = defaults()
      return library.entries().map((entry) => summaryOf(entry, chosen))
    },
    source: (name) => {
      const entry = library.find(name)
      return entry ? ok({ yaml: entry.yaml, builtIn: entry.builtIn }) : missing(name)
    },
    get: (name) => {
      const entry = library.find(name)
      if (!entry) return missing(name)
      if (!entry.file)
        return fail('invalid-template', `The template “${name}” cannot be used. ${entry.problem} Its file is kept.`)
      return ok(templateOf(entry.file, entry.builtIn))
    },
    defaults,
    save: (yaml) => queue.add(() => write('templates.save', yaml)),
    remove: (name) =>
      queue.add(async () => {
        const entry = library.find(name)
        if (!entry) return missing(name)
        if (entry.builtIn) return fail('built-in', `“${entry.name}” comes with Inkwell and cannot be removed.`)
        if (entry.yaml === '')
          return fail('template-not-written', `${entry.problem} It is left where it is; remove it in the file manager.`)
        const nowMs = clock.now()
        // Durable before the file goes: a crash in between leaves both, never neither.
        storage.write('templates.remove', (tx) => {
          const { name, yaml } = entry
          const removed = { name, fileName: basename(entry.path), yaml, removedAtMs: nowMs }
          writeRemoved(tx, [removed, ...readRemoved(tx).filter((other) => !sameName(other.name, name))], nowMs)
          forgetOthersAt(tx, basename(entry.path), entry.name, nowMs)
          writePlace(tx, entry.name, null, nowMs)
          tx.audit(`template:${entry.name}`, { yaml: entry.yaml }, null)
        })
        try {
          await unlink(entry.path)
          await syncFolder(userFolder)
        } catch (error) {
          return notWritten(error, 'The template’s file could not be removed')
        }
        events.emit('templates.changed', {})
        return ok({ name: entry.name })
      }),
    undoRemove: (name) =>
      queue.add(async () => {
        const removed = readRemoved(storage).find((template) => sameName(template.name, name))
        if (!removed) return missing(name)
        if (library.entries().some((entry) => sameName(entry.name, name)))
          return fail('name-taken', `There is a template called “${name}” again. The removed one is kept.`)
        // As it was, also when it was not a valid template: it was the user's text.
        return put('templates.undoRemove', { ...removed, before: null })
      }),
    setDefaults: (names) => {
      const unique = [...new Set(names)]
      const usable = new Set(library.entries().flatMap(({ file }) => file?.name ?? []))
      const unknown = unique.find((name) => !usable.has(name))
      if (unknown !== undefined) return missing(unknown)
      storage.write('templates.setDefaults', (tx) => {
        tx.audit('templates', { defaults: readDefaults(tx) }, { defaults: unique })
        writeDefaults(tx, unique, clock.now())
      })
      events.emit('templates.changed', {})
      return ok({})
    },
    upkeep: {
      inspect,
      putBack: (facts) =>
        queue.add(async () => {
          const now = new Map(inspect().map((fact) => [fact.fileName, fact]))
          const isAsSeen = (seen: TemplateFact): boolean => {
            const fact = now.get(seen.fileName)
            return fact?.kind === seen.kind && fact.sha256 === seen.sha256 && fact.saved?.yaml === seen.saved?.yaml
          }
          if (!facts.every(isAsSeen)) return fail('changed-meanwhile', 'A template has changed meanwhile.')
          const aside: string[] = []
          for (const { name, fileName, saved } of facts) {
            if (saved === null) continue
            let other: string | null
            try {
              other = await setAside(userFolder, fileName, clock.now())
            } catch (error) {
              return notWritten(error, `${fileName} could not be put aside`)
            }
            const before = other === null ? null : { setAside: other }
            const written = await put('templates.putBack', { name, fileName, yaml: saved.yaml, before })
            if (!written.ok) return written
            if (other !== null) aside.push(other)
          }
          return ok({ aside })
        }),
    },
  }
}

const templateOf = (file: NonNullable<LibraryEntry['file']>, builtIn: boolean): Template => ({
  name: file.name,
  title: titleOf(file.name),
  version: file.version,
  description: file.description,
  category: file.category,
  offlineRecipe: file.offlineRecipe,
  builtIn,
  prompt: promptOf(file),
})

/** What of a template goes into a request to a model. */
export const promptOf = (file: TemplateFile): TemplatePrompt => ({
  systemPrompt: file.systemPrompt,
  userPromptTemplate: file.userPromptTemplate,
  systemLine: file.systemLine,
  userLine: file.userLine,
  expectedFormat: file.expectedFormat,
  maxTokens: file.maxTokens,
  temperature: file.temperature,
  variables: file.variables.map(({ name, defaultText }) => ({ name, defaultText })),
  examples: file.examples,
  modelPreference: file.modelPreference,
})

const summaryOf = (entry: LibraryEntry, defaults: readonly string[]): TemplateSummary => ({
  name: entry.name,
  title: titleOf(entry.name),
  version: entry.file?.version ?? '',
  description: entry.file?.description ?? '',
  category: entry.file?.category ?? '',
  builtIn: entry.builtIn,
  worksOffline: (entry.file?.offlineRecipe ?? null) !== null,
  isDefault: entry.file !== null && defaults.includes(entry.name),
  problem: entry.problem,
})
