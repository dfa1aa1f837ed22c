import { join } from 'node:path'
import type { Clock, Ids } from '../ports.ts'
import type { EpisodeRecord, WriteNotesInput } from '../services.ts'
import type { Reader, Storage } from '../storage/storage.ts'
import type { Blobs } from './blobs.ts'
import { metadataFileName, metadataText } from './metadata.ts'
import { episodeFolderName, noteFileName, podcastFolderName, uniqueKey } from './names.ts'
import { type NoteText, noteText } from './note-text.ts'
import { detailsOf, type FileKind, type FileRow, type FolderRow, type NoteDetails, noteStore } from './store.ts'
import { transcriptText } from './transcript-text.ts'

export interface PlannedFile {
  readonly row: FileRow
  readonly text: NoteText
  readonly details: NoteDetails
}
export interface Plan {
  readonly folder: FolderRow
  readonly isNewFolder: boolean
  readonly madeAtMs: number
  /** What is offered anew; files whose text is known already are left out. */
  readonly files: readonly PlannedFile[]
}
interface PlanDeps {
  readonly storage: Storage
  readonly clock: Clock
  readonly ids: Ids
}

export const transcriptName = '_transcript'
const metadataName = '.metadata'

/** What this run wants in the vault, compared with the manifest; touches no disk. */
export function planWrite({ storage, clock, ids }: PlanDeps, episode: EpisodeRecord, input: WriteNotesInput): Plan {
  const madeAtMs = noteStore.runMadeAt(storage, episode.id, input.runId) ?? clock.now()
  const known = noteStore.folderOf(storage, episode.id, input.vaultPath)
  const folder = known ?? newFolder(storage, episode, input.vaultPath, ids.next())
  const rows = known ? noteStore.files(storage, folder.id) : []
  const keys = new Set(rows.map(({ file_key }) => file_key))
  const rowFor = (kind: FileKind, templateName: string, wanted: string, details: NoteDetails): FileRow => {
    const existing = rows.find((row) => row.kind === kind && row.template_name === templateName)
    if (existing) return existing
    const file_name = freeName(wanted, keys)
    keys.add(uniqueKey(file_name))
    return {
      id: ids.next(),
      folder_id: folder.id,
      episode_id: episode.id,
      kind,
      template_name: templateName,
      file_name,
      file_key: uniqueKey(file_name),
      state: 'pending',
      base_sha256: null,
      content_sha256: null,
      details_json: JSON.stringify(details),
      run_id: input.runId,
      written_at_ms: madeAtMs,
      newer_file_name: null,
      newer_sha256: null,
      newer_details_json: null,
      base_stamp: null,
      newer_stamp: null,
      own_folder: null,
    }
  }
  const plain = (title: string): NoteDetails => ({
    title,
    provider: '',
    model: '',
    templateVersion: '',
    itemCount: null,
    costMicroUsd: 0,
  })
  const notes = input.drafts.map((draft): PlannedFile => {
    const { title, provider, model, templateVersion, itemCount, costMicroUsd, coveredFromSeconds, coveredToSeconds } =
      draft
    const made = { provider, model, templateVersion, itemCount, costMicroUsd }
    const { coveredSpans, quotesFound, quotesChecked, unknownCharges } = draft
    const details = {
      title,
      ...made,
      coveredFromSeconds,
      coveredToSeconds,
      ...(coveredSpans ? { coveredSpans, quotesFound, quotesChecked, unknownCharges } : {}),
      ...(input.reviewTemplates?.includes(draft.templateName) ? { reviewFirst: true } : {}),
    }
    const row = rowFor('template', draft.templateName, noteFileName(draft.templateName), details)
    return { row, text: noteText(episode, draft, madeAtMs), details }
  })
  const transcript = {
    row: rowFor('transcript', transcriptName, `${transcriptName}.md`, plain('Transcript')),
    text: transcriptText(episode, input.transcript, input.chapters),
    details: plain('Transcript'),
  }
  const metadata = {
    row: rowFor('metadata', metadataName, metadataFileName, plain('Metadata')),
    text: metadataText(episode, input.transcript, appliedTemplates(rows, notes), madeAtMs),
    details: plain('Metadata'),
  }
  const pending = pendingContent(storage, episode.id)
  return {
    folder,
    isNewFolder: !known,
    madeAtMs,
    files: [...notes, transcript, metadata].filter(
      ({ row, text }) => (pending.get(row.id) ?? row.content_sha256) !== text.contentSha256,
    ),
  }
}

/** Makes the plan durable: texts first, then the intent. After this it is rolled forward, whatever happens. */
export async function commitPlan(
  { storage, ids }: PlanDeps,
  blobs: Blobs,
  plan: Plan,
  input: WriteNotesInput,
): Promise<void> {
  const { folder, isNewFolder, madeAtMs, files } = plan
  // The same texts again, in the folder that is current: nothing to do.
  if (files.length === 0 && noteStore.currentFolder(storage, folder.episode_id)?.id === folder.id) return
  for (const { text } of files) await blobs.put(text.bytes)
  storage.write('notes.write', (tx) => {
    if (isNewFolder) noteStore.insertFolder(tx, folder, uniqueKey(join(folder.podcast, folder.name)), madeAtMs)
    noteStore.makeCurrent(tx, folder)
    for (const { row } of files) if (row.state === 'pending') noteStore.putFile(tx, row)
    const { episode_id } = folder
    const intent = { id: ids.next(), episode_id, folder_id: folder.id, run_id: input.runId, action: 'write' } as const
    if (files.length > 0)
      noteStore.insertIntent(
        tx,
        { ...intent, made_at_ms: madeAtMs },
        files.map(({ row, text, details }) => ({
          file_id: row.id,
          base_sha256: row.base_sha256,
          new_sha256: text.sha256,
          content_sha256: text.contentSha256,
          removes_sha256: null,
          details_json: JSON.stringify(details),
        })),
      )
    tx.audit(`episode:${episode_id}`, null, {
      run: input.runId,
      folder: join(folder.podcast, folder.name),
      files: files.map(({ row, text }) => ({ file: row.file_name, base: row.base_sha256, new: text.sha256 })),
    })
  })
}

function newFolder(reader: Reader, episode: EpisodeRecord, vaultPath: string, id: string): FolderRow {
  const wanted = podcastFolderName(episode.feedTitle)
  const podcast =
    noteStore.podcastFolder(reader, episode.feedId, vaultPath) ??
    noteStore.podcastNames(reader, vaultPath).find((name) => uniqueKey(name) === uniqueKey(wanted)) ??
    wanted
  let name = episodeFolderName(episode)
  for (let salt = 1; noteStore.keyTaken(reader, vaultPath, uniqueKey(join(podcast, name))); salt++)
    name = episodeFolderName(episode, `#${salt}`)
  return { id, episode_id: episode.id, feed_id: episode.feedId, vault_path: vaultPath, podcast, name }
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  const dot = wanted.lastIndexOf('.')
  for (let attempt = 1; ; attempt++) {
    const name = attempt === 1 ? wanted : `${wanted.slice(0, dot)}-${attempt}${wanted.slice(dot)}`
    if (!taken.has(uniqueKey(name))) return name
  }
}

/** Content that an open intent will bring. */
function pendingContent(reader: Reader, episodeId: string): Map<string, string> {
  return new Map(
    noteStore
      .openIntents(reader, episodeId)
      .flatMap(({ id }) => noteStore.intentFiles(reader, id))
      .filter(({ outcome }) => outcome === null)
      .map(({ file_id, content_sha256 }) => [file_id, content_sha256]),
  )
}

function appliedTemplates(rows: readonly FileRow[], notes: readonly PlannedFile[]) {
  const applied = new Map<string, NoteDetails>()
  for (const row of rows)
    if (row.kind === 'template') applied.set(row.template_name, detailsOf(row.newer_details_json ?? row.details_json))
  for (const { row, details } of notes) applied.set(row.template_name, details)
  return [...applied]
    .map(([name, { templateVersion, costMicroUsd }]) => ({ name, version: templateVersion, costMicroUsd }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}
