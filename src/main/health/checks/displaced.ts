import { createHash } from 'node:crypto'
import { lstat, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { ok } from '#shared/result.ts'
import { type KeptRow, versionStore } from '../../notes/versions-store.ts'
import { writeFileAtomic } from '../../storage/write-file.ts'
import { ChangedMeanwhile, type Found, found, hashOf, type Mend, type Pass } from '../check.ts'
import type { CheckDeps } from '../ports.ts'
import { are, count } from '../words.ts'

/** A displaced text in the profile's own folder, and where its bytes also are. */
interface Displaced {
  readonly row: KeptRow
  readonly path: string
  readonly blobPath: string
}
const quickFiles = 30

const hashOfBytes = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** Texts that another took the place of, kept for 30 days. What an editor that had one open wrote into it is no damage. */
export async function readDisplaced(deps: CheckDeps, pass: Pass): Promise<{ read: number; findings: Found[] }> {
  const { storage, profilePath } = deps
  const all = versionStore.kept(storage).flatMap((row): Displaced[] => {
    const path = join(profilePath, 'keep', row.id)
    const blobPath = join(profilePath, 'blobs', row.sha256.slice(0, 2), row.sha256)
    // One that has not come to rest may be in another place, under another name.
    return row.kept_path === path && row.checked_at_ms !== null ? [{ row, path, blobPath }] : []
  })
  const looked = pass.full ? all : all.slice(-quickFiles)
  const bad = pass.full ? await damagedOf(deps, looked, pass) : await goneOf(looked, pass)
  if (bad.length === 0) return { read: looked.length, findings: [] }
  const blobs = await deps.runTask(
    'files',
    { files: bad.map(({ row, blobPath }) => ({ path: blobPath, sha256: row.sha256 })) },
    pass.signal,
  )
  const again = bad.filter((_, index) => blobs[index] === 'same')
  const lost = bad.filter((_, index) => blobs[index] !== 'same')
  const findings: Found[] = []
  const subjectsOf = (of: readonly Displaced[]) => of.map(({ row }) => row.target_path)
  const lookOf = (of: readonly Displaced[]) => of.map(({ row }) => [row.id, row.sha256])
  if (again.length > 0)
    findings.push(
      found({
        id: 'caches/displaced',
        severity: 'warning',
        title: `${count(again.length, 'displaced text')} of notes ${are(again.length)} missing or damaged in Inkwell’s folder.`,
        detail: 'Inkwell has the same text a second time, unchanged. Nothing is lost.',
        subjects: subjectsOf(again),
        look: lookOf(again),
        deep: pass.full,
        mend: writeAgain(again),
      }),
    )
  if (lost.length > 0)
    findings.push(
      found({
        id: 'caches/displaced-lost',
        severity: 'error',
        title: `${count(lost.length, 'displaced text')} of notes ${are(lost.length)} missing or damaged and ${lost.length === 1 ? 'stands' : 'stand'} nowhere else.`,
        detail:
          'The notes in your folder are as they were. What another text took the place of cannot be had back; a backup may have it.',
        subjects: subjectsOf(lost),
        look: lookOf(lost),
        deep: pass.full,
        mend: forget(deps, lost),
      }),
    )
  return { read: looked.length, findings }
}

async function goneOf(looked: readonly Displaced[], pass: Pass): Promise<Displaced[]> {
  const gone: Displaced[] = []
  for (const one of looked) {
    const there = await lstat(one.path).catch(() => null)
    if (!there?.isFile()) gone.push(one)
    await pass.breathe()
  }
  return gone
}

async function damagedOf({ runTask }: CheckDeps, looked: readonly Displaced[], pass: Pass): Promise<Displaced[]> {
  const states = await runTask(
    'files',
    { files: looked.map(({ row, path }) => ({ path, sha256: row.sha256 })) },
    pass.signal,
  )
  const damaged: Displaced[] = []
  for (const [index, one] of looked.entries()) {
    if (states[index] === 'other' ? !(await wasSaved(one)) : states[index] !== 'same') damaged.push(one)
    await pass.breathe()
  }
  return damaged
}

/**
 * Whether an editor saved something into it after it was last looked at. A save changes the file's time, rot does not;
 * where only one byte is another one it was no editor.
 */
async function wasSaved({ row, path, blobPath }: Displaced): Promise<boolean> {
  const there = await lstat(path).catch(() => null)
  if (!there?.isFile() || there.size === 0 || there.mtimeMs <= (row.checked_at_ms ?? row.made_at_ms)) return false
  const [now, before] = await Promise.all([readFile(path), readFile(blobPath).catch(() => null)])
  return before === null || now.length !== before.length || now.filter((byte, at) => byte !== before[at]).length > 1
}

const writeAgain = (texts: readonly Displaced[]): Mend => ({
  label: texts.length === 1 ? 'Write it again' : `Write the ${texts.length} again`,
  prepare: () => ({
    scope: 'Copies these texts within Inkwell’s own folder. No file in your notes folder is touched.',
    rows: texts.map(({ row }) => ({
      before: `keep/${row.id}`,
      after: `keep/${row.id}`,
      remark: `as displaced from ${row.target_path}`,
    })),
    perform: async () => {
      for (const { row, path, blobPath } of texts) {
        const bytes = await readFile(blobPath)
        if (hashOfBytes(bytes) !== row.sha256) throw new ChangedMeanwhile()
        await writeFileAtomic(path, bytes, { mode: 0o600 })
      }
      return ok(`${count(texts.length, 'displaced text')} written again.`)
    },
  }),
})

const forget = ({ storage }: CheckDeps, texts: readonly Displaced[]): Mend => ({
  label: texts.length === 1 ? 'Forget it' : `Forget the ${texts.length}`,
  prepare: () => ({
    scope:
      'Takes these texts off the list of what can be had back, and removes what is left of them. They are lost either way. No file in your notes folder is touched.',
    rows: texts.map(({ row }) => ({
      before: row.target_path,
      after: '',
      remark: 'displaced text, cannot be had back',
    })),
    perform: async () => {
      storage.write('health.mend.displaced', (tx) => {
        for (const { row } of texts) {
          if (hashOf(versionStore.keptById(tx, row.id)) !== hashOf(row)) throw new ChangedMeanwhile()
          versionStore.deleteKept(tx, row.id)
          tx.audit(`note:${row.file_id}`, { displaced: row.sha256 }, null)
        }
      })
      for (const { path } of texts) await unlink(path).catch(() => {})
      return ok(`${count(texts.length, 'displaced text')} forgotten.`)
    },
  }),
})
