import { join } from 'node:path'
import type { MergeBlock } from '#shared/contract/notes.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import { type ChooseDeps, type ChooseFailure, noNewer, vaultGone } from './choose.ts'
import { type Comparison, compareTexts, type Take } from './merge-text.ts'
import { sha256 } from './note-text.ts'
import { folderNow } from './reading.ts'
import { rollForward } from './roll-forward.ts'
import { type FileRow, noteStore } from './store.ts'
import { look, vaultFailure } from './vault-folder.ts'
import { versionStore } from './versions-store.ts'

/** UTF-8 bytes of a text that is compared. */
const maxCompareBytes = 1_048_576

interface Sides {
  readonly comparison: Comparison
  /** Changes when either file does. */
  readonly token: string
  readonly mine: Buffer
  readonly newer: Buffer
  readonly mineSavedAtMs: number | null
}

const notText = fail(
  'note-unreadable',
  'One of both texts is too long or is no UTF-8 text, so that they cannot be compared block by block. Keep yours, or take the new one.',
)
const changedMeanwhile = fail(
  'changed-meanwhile',
  'One of both texts was changed just now. Nothing was written. Look at them again.',
  { retryable: true },
)

/** Both texts as they are on disk now, against the last one that Inkwell wrote. */
async function readSides(deps: ChooseDeps, row: FileRow): Promise<Result<Sides, ChooseFailure>> {
  const { fs, storage, blobs } = deps
  if (row.newer_file_name === null) return noNewer
  const folderRow = noteStore.folderById(storage, row.folder_id)!
  const folder = await folderNow(deps, folderRow, row)
  if (folder === 'gone') return vaultGone
  if (folder === null) return noNewer
  try {
    const mine = await look(fs, join(folder.path, row.file_name))
    const newer = await look(fs, join(folder.path, row.newer_file_name))
    if (newer.kind !== 'file' || mine.kind === 'missing') return noNewer
    if (mine.kind === 'special')
      return fail('path-refused', `${row.file_name} is not a plain file. Nothing was changed.`)
    const base = row.base_sha256 === null ? null : await blobs.get(row.base_sha256)
    const texts = [mine.bytes, newer.bytes, base].map((bytes) => bytes && textOf(bytes))
    const [mineText, newerText, baseText] = texts
    if (mineText == null || newerText == null) return notText
    return ok({
      comparison: compareTexts(mineText, newerText, baseText ?? null),
      token: sha256(`${mine.sha256} ${newer.sha256} ${row.base_sha256}`),
      mine: mine.bytes,
      newer: newer.bytes,
      mineSavedAtMs: Number(BigInt(mine.stamp.split('@')[1]!) / 1_000_000n),
    })
  } catch (error) {
    return vaultFailure(error, folderRow.vault_path)
  }
}

/** Null for what would not be the same bytes again. */
function textOf(bytes: Buffer): string | null {
  if (bytes.length > maxCompareBytes) return null
  const text = bytes.toString('utf8')
  return Buffer.from(text).equals(bytes) ? text : null
}

export async function compare(
  deps: ChooseDeps,
  row: FileRow,
): Promise<Result<{ blocks: MergeBlock[]; token: string; mineSavedAtMs: number | null }, ChooseFailure>> {
  const sides = await readSides(deps, row)
  if (!sides.ok) return sides
  const { comparison, token, mineSavedAtMs } = sides.value
  return ok({ blocks: [...comparison.blocks], token, mineSavedAtMs })
}

/** What the user chose of both texts takes the place of theirs, by an intent, as every write; both go to history. */
export async function merge(
  deps: ChooseDeps,
  row: FileRow,
  token: string,
  choices: readonly { readonly index: number; readonly take: Take }[],
): Promise<Result<null, ChooseFailure>> {
  const { storage, blobs, clock, ids } = deps
  const sides = await readSides(deps, row)
  if (!sides.ok) return sides
  const { comparison, mine, newer } = sides.value
  if (sides.value.token !== token) return changedMeanwhile
  const merged = Buffer.from(comparison.merge(new Map(choices.map(({ index, take }) => [index, take]))))
  const folderRow = noteStore.folderById(storage, row.folder_id)!
  try {
    const [mineSha, newerSha, mergedSha] = [await blobs.put(mine), await blobs.put(newer), await blobs.put(merged)]
    const nowMs = clock.now()
    storage.write('notes.merge', (tx) => {
      versionStore.insertHistory(tx, ids.next(), row, mineSha, nowMs)
      // The newer text as it was made is what Inkwell wrote last; edited, it is a text of the user.
      if (newerSha !== row.newer_sha256) versionStore.insertHistory(tx, ids.next(), row, newerSha, nowMs)
      const { folder_id, episode_id, run_id } = row
      const intent = { id: ids.next(), episode_id, folder_id, run_id, action: 'merge', made_at_ms: nowMs } as const
      noteStore.insertIntent(tx, intent, [
        {
          file_id: row.id,
          base_sha256: mineSha,
          new_sha256: mergedSha,
          content_sha256: row.content_sha256 ?? newerSha,
          removes_sha256: newerSha,
          details_json: row.newer_details_json ?? row.details_json,
        },
      ])
      tx.audit(`note:${row.id}`, { mine: mineSha, newer: newerSha }, { sha256: mergedSha })
    })
    const rolled = await rollForward(deps, row.episode_id)
    if (!rolled.ok) return rolled
    return rolled.value.get(row.id)?.outcome === 'written' ? ok(null) : changedMeanwhile
  } catch (error) {
    return vaultFailure(error, folderRow.vault_path)
  }
}
