import { join } from 'node:path'
import type { NoteVersion } from '#shared/contract/notes.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import { type ChooseDeps, type ChooseFailure, vaultGone } from './choose.ts'
import { withoutFrontmatter } from './frontmatter.ts'
import { keepMs } from './kept-files.ts'
import { sha256 } from './note-text.ts'
import { folderNow } from './reading.ts'
import { rollForward } from './roll-forward.ts'
import { type FileRow, noteStore } from './store.ts'
import { look, vaultFailure } from './vault-folder.ts'
import { versionStore } from './versions-store.ts'

/** An earlier text and where its bytes are. */
interface Source {
  readonly version: NoteVersion
  readonly sha: string
  readonly bytes: () => Promise<Buffer | null>
}

const noVersion = fail('text-lost', 'This text is not kept any more. Nothing was changed.')

/** Of a note: texts of the user that another took the place of, files that were displaced, and what Inkwell wrote last. */
async function sourcesOf(deps: ChooseDeps, row: FileRow): Promise<Source[]> {
  const { storage, blobs, keeper } = deps
  const source = async (
    given: Omit<NoteVersion, 'noteId' | 'fileName' | 'bytes'> & { sha: string },
    bytes: () => Promise<Buffer | null> = () => blobs.get(given.sha),
  ): Promise<Source[]> => {
    const { sha, ...version } = given
    const size = (await blobs.size(sha)) ?? (await bytes())?.length
    if (size === undefined) return []
    return [{ version: { ...version, noteId: row.id, fileName: row.file_name, bytes: size }, sha, bytes }]
  }
  const found: Source[] = []
  for (const { id, sha256: sha, saved_at_ms } of versionStore.historyOf(storage, row.id))
    found.push(
      ...(await source({
        id,
        sha,
        savedAtMs: saved_at_ms,
        keptUntilMs: saved_at_ms + keepMs,
        origin: 'yours-replaced',
      })),
    )
  for (const kept of versionStore.keptOf(storage, row.id)) {
    const { id, sha256: sha, made_at_ms } = kept
    const given = { id, sha, savedAtMs: made_at_ms, keptUntilMs: made_at_ms + keepMs, origin: 'displaced' } as const
    // Not yet looked at again, it may hold later words than its row says.
    found.push(...(await source(given, async () => (await keeper.files.read(kept)) ?? blobs.get(sha))))
  }
  if (row.base_sha256 !== null)
    found.push(
      ...(await source({
        id: row.id,
        sha: row.base_sha256,
        savedAtMs: row.written_at_ms,
        keptUntilMs: null,
        origin: 'written',
      })),
    )
  return found
}

/** Newest first; a text that stands in the list with the same words already is left out. */
export async function versions(deps: ChooseDeps, row: FileRow): Promise<NoteVersion[]> {
  const rank = { 'yours-replaced': 0, written: 1, displaced: 2 } as const
  const once = new Map<string, Source>()
  for (const source of (await sourcesOf(deps, row)).toSorted(
    (a, b) => rank[a.version.origin] - rank[b.version.origin] || b.version.savedAtMs - a.version.savedAtMs,
  ))
    if (!once.has(source.sha)) once.set(source.sha, source)
  return [...once.values()].map(({ version }) => version).toSorted((a, b) => b.savedAtMs - a.savedAtMs)
}

/** The note that a version is of. */
export function noteOfVersion({ storage }: Pick<ChooseDeps, 'storage'>, versionId: string): FileRow | undefined {
  const fileId =
    versionStore.historyById(storage, versionId)?.file_id ?? versionStore.keptById(storage, versionId)?.file_id
  return noteStore.file(storage, fileId ?? versionId)
}

async function versionById(deps: ChooseDeps, row: FileRow, id: string) {
  const source = (await sourcesOf(deps, row)).find(({ version }) => version.id === id)
  const bytes = await source?.bytes()
  return source && bytes ? { ...source, bytes } : null
}

export async function readVersion(
  deps: ChooseDeps,
  row: FileRow,
  versionId: string,
): Promise<Result<{ version: NoteVersion; markdown: string }, ChooseFailure>> {
  const found = await versionById(deps, row, versionId)
  if (!found) return noVersion
  return ok({ version: found.version, markdown: withoutFrontmatter(found.bytes.toString('utf8')) })
}

/** Writes an earlier text again, by an intent, as every write. @returns the name under which it stands */
export async function restoreVersion(
  deps: ChooseDeps,
  row: FileRow,
  versionId: string,
): Promise<Result<{ fileName: string }, ChooseFailure>> {
  const { fs, storage, blobs, clock, ids } = deps
  const folderRow = noteStore.folderById(storage, row.folder_id)!
  try {
    const found = await versionById(deps, row, versionId)
    if (!found) return noVersion
    const folder = await folderNow(deps, folderRow, row)
    if (folder === 'gone') return vaultGone
    const there = folder ? await look(fs, join(folder.path, row.file_name)) : null
    const isOurs = there?.kind === 'file' && there.sha256 === row.base_sha256
    const { episode_id, folder_id, run_id, details_json } = row
    const made_at_ms = clock.now()
    const newSha = await blobs.put(found.bytes)
    storage.write('notes.restoreVersion', (tx) => {
      const intent = { id: ids.next(), episode_id, folder_id, run_id, action: 'restore', made_at_ms } as const
      noteStore.insertIntent(tx, intent, [
        {
          file_id: row.id,
          // Null: only where nothing stands; the user's text is never in its way.
          base_sha256: isOurs ? there.sha256 : null,
          new_sha256: newSha,
          content_sha256: row.content_sha256 ?? newSha,
          removes_sha256: null,
          details_json,
        },
      ])
      tx.audit(
        `note:${row.id}`,
        { sha256: there?.kind === 'file' ? there.sha256 : null },
        { sha256: sha256(found.bytes) },
      )
    })
    const rolled = await rollForward(deps, episode_id)
    if (!rolled.ok) return rolled
    const applied = rolled.value.get(row.id)
    if (!applied) return waiting
    return ok({ fileName: applied.newer ?? row.file_name })
  } catch (error) {
    return vaultFailure(error, folderRow.vault_path)
  }
}

const waiting = fail(
  'changed-meanwhile',
  'Another program holds the file now. The text is kept and written when it lets go.',
  { retryable: true },
)
