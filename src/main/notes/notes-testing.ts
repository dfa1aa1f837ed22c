import { existsSync } from 'node:fs'
import * as nodeFs from 'node:fs/promises'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Transcript } from '#shared/contract/transcripts.ts'
import { createEvents } from '../events.ts'
import { createIds } from '../ids.ts'
import { silentLog } from '../log.ts'
import type { Clock } from '../ports.ts'
import type { EpisodeRecord, NoteDraft, WriteNotesInput } from '../services.ts'
import { openStorage, type Storage } from '../storage/storage.ts'
import { createSwapNames, type SwapNames } from '../storage/swap-names.ts'
import type { FileSystem } from '../storage/write-file.ts'
import { createNotesService, type NotesDeps, type NotesService } from './service.ts'

/** What tests of the notes share: real folders, a real database, and a file system that can be made to fail. */
export const startMs = Date.UTC(2026, 10, 23, 10, 36)
export const episodeId = '01900000-0000-7000-8000-000000000001'

export const episode = (changes: Partial<EpisodeRecord> = {}): EpisodeRecord => ({
  id: episodeId,
  feedId: '01900000-0000-7000-8000-00000000000f',
  feedTitle: 'Tides',
  feedKind: 'rss',
  language: 'en',
  guid: 'guid-1',
  title: 'How a tide table is made',
  number: null,
  season: null,
  publishedAtMs: Date.UTC(2026, 9, 30),
  durationSeconds: 2_520.4,
  descriptionHtml: null,
  link: 'https://tides.example/ep/1',
  mediaUrl: 'https://cdn.tides.example/ep1.mp3',
  mediaType: 'audio/mpeg',
  transcriptRefs: [],
  chaptersUrl: null,
  chapters: [],
  persons: [],
  mediaPath: null,
  ...changes,
})

export const draft = (templateName: string, markdown: string, changes: Partial<NoteDraft> = {}): NoteDraft => ({
  templateName,
  templateVersion: '1.0',
  title: templateName[0]!.toUpperCase() + templateName.slice(1).replace(/-/g, ' '),
  markdown,
  itemCount: null,
  provider: 'offline',
  model: 'inkwell-offline-1',
  costMicroUsd: 0,
  coveredFromSeconds: 0,
  coveredToSeconds: 2_520,
  ...changes,
})

export const transcript: Transcript = {
  id: '01900000-0000-7000-8000-0000000000aa',
  episodeId,
  source: 'publisher',
  format: 'vtt',
  language: 'en',
  segments: [
    { startSeconds: 0, endSeconds: 4, speaker: 'Ada', text: 'Welcome to Tides.' },
    { startSeconds: 4, endSeconds: 9, speaker: 'Ada', text: 'Today: tables.' },
    { startSeconds: 9, endSeconds: 20, speaker: 'Ben', text: 'Thank you. 1. It is *old*.' },
  ],
  wordCount: 12,
  hasTimes: true,
  model: null,
  hasSpeakers: true,
  warnings: [],
}

/**
 * In memory where there is such a place: what is killed here is a process, not a disk, and syncs cost nothing there. In
 * the folder of the run (`scripts/test-folder.ts`), where it is one.
 */
export const temporaryFolder = (): string =>
  process.env.INKWELL_TEST_MEMORY ?? (existsSync('/dev/shm') ? '/dev/shm' : tmpdir())

export interface House {
  readonly root: string
  readonly vault: string
  readonly profile: string
  readonly storage: Storage
  readonly notes: NotesService
  readonly clock: Clock & { ms: number }
  readonly changed: string[]
  readonly input: (drafts: readonly NoteDraft[], runId?: string) => WriteNotesInput
  /** Keeps the folders. */
  leave(): void
  close(): Promise<void>
}

/** @param root an existing one is opened as it is */
export async function house(changes: Partial<NotesDeps> = {}, root?: string): Promise<House> {
  const home = root ?? (await mkdtemp(join(temporaryFolder(), 'inkwell-notes-')))
  const [vault, profile] = [join(home, 'vault'), join(home, 'profile')]
  if (!root) await Promise.all([mkdir(vault), mkdir(profile)])
  const clock = { ms: startMs, now: () => clock.ms }
  const opened = openStorage(join(profile, 'inkwell.sqlite'), { clock, origin: 'test' })
  if (!opened.ok) throw new Error(opened.error.message)
  const storage = opened.value
  const events = createEvents((error) => {
    throw error
  })
  const changed: string[] = []
  events.on('notes.changed', (payload) => changed.push(payload.episodeId))
  const notes = createNotesService({
    storage,
    events,
    clock,
    ids: createIds(clock),
    log: silentLog,
    profilePath: profile,
    episodes: { get: (id) => (id === episodeId ? episode() : null) },
    desktop: null,
    // Waiting for another program, or for displaced files, takes the clock on and no time.
    wait: async (ms) => {
      clock.ms += ms
    },
    ...changes,
  })
  const leave = (): void => {
    void notes.close()
    storage.close()
  }
  return {
    root: home,
    vault,
    profile,
    storage,
    notes,
    clock,
    changed,
    input: (drafts, runId = 'run-1') => ({ episodeId, runId, vaultPath: vault, drafts, transcript, chapters: [] }),
    leave,
    async close() {
      leave()
      await rm(home, { recursive: true, force: true })
    },
  }
}

/** The system's exchange of names, announced as `watchedFs` does. */
export function watchedSwap(before: (call: string, path: string) => void | Promise<void>): SwapNames {
  const swap = createSwapNames()
  return async (one, other) => {
    await before('swap', other)
    return swap(one, other)
  }
}

/** Names and texts of all files under a folder. */
export async function filesUnder(folder: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {}
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) {
      const path = join(entry.parentPath, entry.name)
      files[path.slice(folder.length + 1)] = await readFile(path, 'utf8')
    }
  return files
}

export const systemError = (code: string): Error => Object.assign(new Error(`${code}: planted`), { code })

/**
 * Calls that change something, in the order they are made; `before` may throw, hang or kill. Syncs are announced, and
 * left out: they matter to a power cut only.
 */
export function watchedFs(
  before: (call: string, path: string) => void | Promise<void>,
): FileSystem & { closeAll(): Promise<void> } {
  const open = new Set<nodeFs.FileHandle>()
  return {
    async closeAll() {
      for (const file of open) await file.close()
    },
    ...nodeFs,
    open: async (...args: Parameters<typeof nodeFs.open>) => {
      const [path, flags] = args
      const writes = typeof flags === 'number' && (flags & 3) !== 0
      if (writes) await before('open', String(path))
      const file = await nodeFs.open(...args)
      if (!writes) return file
      open.add(file)
      return new Proxy(file, {
        get(real, name) {
          const value = Reflect.get(real, name)
          if (typeof value !== 'function') return value
          if (name === 'close') open.delete(real)
          if (name !== 'write' && name !== 'sync') return value.bind(real)
          return async (...rest: unknown[]) => {
            await before(name, String(path))
            return name === 'sync' ? undefined : value.apply(real, rest)
          }
        },
      })
    },
    rename: async (from, to) => {
      await before('rename', String(to))
      await nodeFs.rename(from, to)
    },
    link: async (from, to) => {
      await before('link', String(to))
      await nodeFs.link(from, to)
    },
    unlink: async (path) => {
      await before('unlink', String(path))
      await nodeFs.unlink(path)
    },
    mkdir: (async (path: string, options: object) => {
      await before('mkdir', String(path))
      return nodeFs.mkdir(path, options)
    }) as typeof nodeFs.mkdir,
  }
}
