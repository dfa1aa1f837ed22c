import * as nodeFs from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { z } from 'zod'
import type { MergeBlock, Note, NotedEpisode, NoteVersion } from '#shared/contract/notes.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import { type LeaseOwner, leaseOwner } from '../jobs/lease.ts'
import type { Clock, Desktop, Events, Ids, Log } from '../ports.ts'
import type { Episodes, Notes, WriteNotesFailure, WriteNotesInput, WrittenNotes } from '../services.ts'
import type { Storage } from '../storage/storage.ts'
import { createSwapNames, type SwapNames } from '../storage/swap-names.ts'
import type { FileSystem } from '../storage/write-file.ts'
import { createBlobs } from './blobs.ts'
import { bringBack } from './bring-back.ts'
import { type ChooseDeps, type ChooseFailure, keepMine, takeNew } from './choose.ts'
import { compare, merge } from './compare.ts'
import { createKeeper, settleAfterMs } from './keep.ts'
import { createKeptFiles } from './kept-files.ts'
import { createEpisodeLocks } from './locks.ts'
import { commitPlan, planWrite } from './plan.ts'
import { folderNow, foldersNow, noteNow, readBody } from './reading.ts'
import { episodeGone, rollForward } from './roll-forward.ts'
import { type FileRow, noteStore, partsOf } from './store.ts'
import { createNameCalls, type LoadNameCalls } from './take-name.ts'
import { createNoteUpkeep, type NoteUpkeep } from './upkeep.ts'
import { look, vaultFailure } from './vault-folder.ts'
import { noteOfVersion, readVersion, restoreVersion, versions } from './versions.ts'
import { versionStore } from './versions-store.ts'

export interface NotesDeps {
  readonly storage: Storage
  readonly events: Events
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  /** Absolute; holds blobs/ and keep/. */
  readonly profilePath: string
  readonly episodes: Pick<Episodes, 'get'>
  /** Null without a window. */
  readonly desktop: Pick<Desktop, 'showInFolder' | 'openFolder'> | null
  /** Path of a feed's picture for the list of recent notes. */
  readonly artworkOf?: (feedId: string) => string | null
  readonly fs?: FileSystem
  /** How names are exchanged; `swapNotOffered` is the way of Windows and of network disks. */
  readonly swapNames?: SwapNames
  /** How a name is taken only while it is free. */
  readonly names?: LoadNameCalls
  readonly wait?: (ms: number) => Promise<unknown>
  readonly owner?: LeaseOwner
}
type RecentNotes = z.infer<typeof NotedEpisode>
type NotesFailure = ChooseFailure | 'note-unreadable' | 'held-elsewhere' | 'no-file-manager'

export interface NotesService extends Notes {
  list(episodeId: string): Promise<Result<Note[]>>
  read(
    noteId: string,
    newer: boolean,
  ): Promise<Result<{ note: Note; markdown: string; truncated: boolean }, NotesFailure>>
  recent(limit: number): Result<RecentNotes[]>
  keepMine(noteId: string): Promise<Result<Note, NotesFailure>>
  takeNew(noteId: string): Promise<Result<Note, NotesFailure>>
  /** Writes a deleted note again, with the last text Inkwell wrote. */
  bringBack(noteId: string): Promise<Result<Note, NotesFailure>>
  /** The user's text and the newer one, block by block. */
  compare(
    noteId: string,
  ): Promise<Result<{ note: Note; blocks: MergeBlock[]; token: string; mineSavedAtMs: number | null }, NotesFailure>>
  /** @param token of the comparison the choices were made in */
  merge(
    noteId: string,
    token: string,
    choices: readonly { readonly index: number; readonly take: 'mine' | 'both' | 'new' }[],
  ): Promise<Result<Note, NotesFailure>>
  /** Earlier texts that can be had back, newest first; of notes that are deleted too. */
  versions(noteId: string): Promise<Result<NoteVersion[], NotesFailure>>
  readVersion(versionId: string): Promise<Result<{ version: NoteVersion; markdown: string }, NotesFailure>>
  restoreVersion(versionId: string): Promise<Result<{ note: Note; fileName: string }, NotesFailure>>
  reveal(episodeId: string, noteId?: string): Promise<Result<Record<string, never>, NotesFailure>>
  /** For health and retention. */
  readonly upkeep: NoteUpkeep
  /** Absolute path of the episode's folder; null before the first notes. */
  folderOf(episodeId: string): string | null
  /** Resolves when displaced files were looked at once more (about two seconds after a write). Before the process ends. */
  settled(): Promise<void>
  /** Stops what waits in the background; what is left is looked at when the profile is opened again. */
  close(): Promise<void>
}

const patienceMs = 60_000
const dayMs = 86_400_000
const noNote = fail('note-missing', 'This note is not there any more.')

export function createNotesService(given: NotesDeps): NotesService {
  const { storage, events, clock, ids, log, profilePath, episodes, desktop } = given
  const fs = given.fs ?? nodeFs
  const wait = given.wait ?? ((ms: number) => sleep(ms))
  const changed = (episodeId: string): void => {
    events.emit('notes.changed', { episodeId })
    // Rows of episodes show how many notes there are.
    const episode = episodes.get(episodeId)
    if (episode) events.emit('episodes.changed', { feedId: episode.feedId })
  }
  const blobs = createBlobs(profilePath, fs, wait)
  const files = createKeptFiles({ fs, storage, clock, ids, profilePath })
  const names = given.names ?? createNameCalls(fs)
  const keeper = createKeeper({ fs, names, storage, blobs, files, clock, log, onConflict: changed })
  const locks = createEpisodeLocks({ storage, clock, log, owner: given.owner ?? leaseOwner(ids.next()), wait })
  const swapNames = given.swapNames ?? createSwapNames()
  const deps = { fs, swapNames, names, storage, blobs, keeper, clock, ids, log, wait }
  /** With what only the holder of the episode's lock may work with. */
  const hold = <Value>(episodeId: string, waitMs: number, work: (held: ChooseDeps) => Promise<Value>) =>
    locks.hold(episodeId, waitMs, (held) => work({ ...deps, ...held }))

  const timers = new Set<NodeJS.Timeout>()
  let closed = false
  const settleLater = (): void => {
    const inMs = keeper.nextInMs()
    if (inMs === null || closed) return
    for (const timer of timers) clearTimeout(timer)
    timers.clear()
    const timer = setTimeout(
      () => {
        timers.delete(timer)
        keeper
          .settle()
          .then(settleLater)
          .catch((error: unknown) => log.error('notes.settle-failed', { error }))
      },
      Math.min(Math.max(inMs + 100, settleAfterMs), dayMs),
    )
    timers.add(timer.unref())
  }

  const write = async (held: ChooseDeps, input: WriteNotesInput): Promise<Result<WrittenNotes, WriteNotesFailure>> => {
    const episode = episodes.get(input.episodeId)
    if (!episode) return episodeGone
    // What an earlier run left comes first. When that fails the new texts are made durable all the same.
    const earlier = await rollForward(held, episode.id)
    const plan = planWrite(held, episode, input)
    try {
      await commitPlan(held, blobs, plan, input)
    } catch (error) {
      const failure = vaultFailure(error, profilePath)
      return failure.ok
        ? failure
        : fail('write-failed', `The notes could not be kept: ${(error as Error).message}. Nothing was written.`, {
            retryable: true,
          })
    }
    const rolled = await rollForward(held, episode.id)
    changed(episode.id)
    settleLater()
    if (!rolled.ok) return rolled
    const folder = join(input.vaultPath, ...partsOf(plan.folder, null))
    const outcomes = new Map([...(earlier.ok ? earlier.value : []), ...rolled.value])
    const rows = noteStore.files(storage, plan.folder.id)
    const files = []
    for (const { templateName } of input.drafts) {
      const row = rows.find((one) => one.kind === 'template' && one.template_name === templateName)!
      const outcome = outcomes.get(row.id)?.outcome ?? (await outcomeNow(row))
      files.push({
        templateName,
        // One that the user moved by itself stands elsewhere in the vault.
        fileName: relative(
          folder,
          join(
            input.vaultPath,
            ...partsOf(plan.folder, row),
            (outcome === 'beside-edited' && row.newer_file_name) || row.file_name,
          ),
        ),
        outcome,
      })
    }
    return ok({ folder, files })
  }

  /** Of a note that this run had nothing new for. */
  const outcomeNow = async (row: FileRow): Promise<WrittenNotes['files'][number]['outcome']> => {
    const { state } = await noteOf(row.id)
    return state === 'deleted' ? 'stays-deleted' : state === 'waiting' ? 'waiting' : 'unchanged'
  }

  /** A choice about one note, under its episode's lock and after what is still open. */
  const choose = async <Value>(
    noteId: string,
    decide: (held: ChooseDeps, row: FileRow) => Promise<Result<Value, ChooseFailure>>,
  ): Promise<Result<{ note: Note; chosen: Value }, NotesFailure>> => {
    const found = noteStore.file(storage, noteId)
    if (!found) return noNote
    const held = await hold(found.episode_id, patienceMs, async (holder) => {
      const rolled = await rollForward(holder, found.episode_id)
      return rolled.ok ? decide(holder, noteStore.file(storage, noteId)!) : rolled
    })
    if (!held.ok) return held
    changed(found.episode_id)
    settleLater()
    return held.value.ok ? ok({ note: await noteOf(noteId), chosen: held.value.value }) : held.value
  }
  const chosenNote = async (...choice: Parameters<typeof choose>): Promise<Result<Note, NotesFailure>> => {
    const chosen = await choose(...choice)
    return chosen.ok ? ok(chosen.value.note) : chosen
  }
  const noteOf = async (noteId: string): Promise<Note> => {
    const row = noteStore.file(storage, noteId)!
    return noteNow(deps, row, await folderNow(deps, noteStore.folderById(storage, row.folder_id)!, row))
  }

  return {
    upkeep: createNoteUpkeep(deps, locks, changed),
    async write(input) {
      const normal = { ...input, vaultPath: resolve(input.vaultPath) }
      const held = await hold(input.episodeId, patienceMs, (holder) => write(holder, normal))
      return held.ok ? held.value : fail('write-failed', held.error.message, { retryable: true })
    },
    async recover() {
      for (const episodeId of noteStore.episodesWithOpenIntents(storage)) {
        // Another process that writes there now rolls it forward itself.
        const held = await hold(episodeId, 0, (holder) => rollForward(holder, episodeId))
        if (held.ok) changed(episodeId)
      }
      await keeper.settle()
      settleLater()
    },
    async list(episodeId) {
      const folder = noteStore.currentFolder(storage, episodeId)
      if (!folder) return ok([])
      const folders = foldersNow(deps, folder)
      const rows = noteStore.files(storage, folder.id).filter(({ kind }) => kind === 'template')
      return ok(await Promise.all(rows.map(async (row) => noteNow(deps, row, await folders(row)))))
    },
    async read(noteId, newer) {
      const row = noteStore.file(storage, noteId)
      if (!row) return noNote
      const fileName = newer ? row.newer_file_name : row.file_name
      if (fileName === null) return fail('no-newer-text', 'No newer text stands beside this note.')
      const folder = await folderNow(deps, noteStore.folderById(storage, row.folder_id)!, row)
      const body = await readBody(fs, folder, row, fileName, episodes.get(row.episode_id))
      return body.ok ? ok({ note: await noteNow(deps, row, folder), ...body.value }) : body
    },
    recent(limit) {
      const noted = noteStore.recentEpisodes(storage, limit).map((row): RecentNotes | null => {
        const episode = episodes.get(row.episode_id)
        return (
          episode && {
            episodeId: episode.id,
            title: episode.title,
            feedTitle: episode.feedTitle,
            artworkPath: given.artworkOf?.(episode.feedId) ?? null,
            noteCount: row.notes,
            writtenAtMs: row.written_at_ms,
          }
        )
      })
      return ok(noted.filter((episode) => episode !== null))
    },
    keepMine: (noteId) => chosenNote(noteId, keepMine),
    takeNew: (noteId) => chosenNote(noteId, takeNew),
    bringBack: (noteId) => chosenNote(noteId, bringBack),
    async compare(noteId) {
      const row = noteStore.file(storage, noteId)
      const compared = row ? await compare(deps, row) : noNote
      return compared.ok ? ok({ note: await noteOf(noteId), ...compared.value }) : compared
    },
    merge: (noteId, token, choices) => chosenNote(noteId, (held, row) => merge(held, row, token, choices)),
    async versions(noteId) {
      const row = noteStore.file(storage, noteId)
      return row ? ok(await versions(deps, row)) : noNote
    },
    async readVersion(versionId) {
      const row = noteOfVersion(deps, versionId)
      return row ? readVersion(deps, row, versionId) : noNote
    },
    async restoreVersion(versionId) {
      const row = noteOfVersion(deps, versionId)
      if (!row) return noNote
      const restored = await choose(row.id, (held, now) => restoreVersion(held, now, versionId))
      return restored.ok ? ok({ note: restored.value.note, ...restored.value.chosen }) : restored
    },
    async reveal(episodeId, noteId) {
      if (!desktop) return fail('no-file-manager', 'Inkwell runs without a window here. Open the folder yourself.')
      const folder = noteStore.currentFolder(storage, episodeId)
      const row = noteId === undefined ? undefined : noteStore.file(storage, noteId)
      if (!folder || (noteId !== undefined && row?.folder_id !== folder.id)) return noNote
      const now = await folderNow(deps, folder, row ?? null)
      if (now === 'gone') return fail('vault-missing', 'The notes folder is not there.', { retryable: true })
      if (now === null) return fail('note-missing', 'The folder of these notes is not in the notes folder any more.')
      const file = row && (await look(fs, join(now.path, row.file_name)).catch(() => null))
      if (row && file?.kind === 'file') desktop.showInFolder(join(now.path, row.file_name))
      else await desktop.openFolder(now.path)
      return ok({})
    },
    folderOf(episodeId) {
      const folder = noteStore.currentFolder(storage, episodeId)
      return folder ? join(folder.vault_path, ...partsOf(folder, null)) : null
    },
    async settled() {
      while (keeper.pending()) {
        await wait(settleAfterMs + 100)
        const before = versionStore.kept(storage).length
        await keeper.settle()
        // A vault that is away: looked at again at the next start.
        if (keeper.pending() && versionStore.kept(storage).length === before) return
      }
    },
    async close() {
      closed = true
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
    },
  }
}
