import { readdir, readFile, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { fail, ok } from '#shared/result.ts'
import type { Reader } from '../../storage/storage.ts'
import { ChangedMeanwhile, type Found, found, type Mend, type Pass } from '../check.ts'
import type { CheckDeps } from '../ports.ts'
import { count } from '../words.ts'
import { forgetTexts } from './lost-texts.ts'

/** Texts of notes by their hash, as notes/blobs.ts keeps them. */
export interface Blobs {
  put(bytes: Buffer): Promise<string>
}
interface Expected {
  readonly sha256: string
  /** The note it belongs to. */
  readonly name: string
  /** Where the same text may stand; null where it is nowhere but here. */
  readonly vaultFile: string | null
}
const quickTexts = 30
const hex = /^[0-9a-f]{64}$/

export async function readBlobs(
  deps: CheckDeps,
  blobs: Blobs,
  pass: Pass,
): Promise<{ read: number; findings: Found[]; folders: string[] }> {
  const root = join(deps.profilePath, 'blobs')
  const pathOf = (sha: string): string => join(root, sha.slice(0, 2), sha)
  const folders = (await readdir(root).catch(() => [])).map((name) => join(root, name))
  const expected = expectedTexts(deps.storage, pass.full ? -1 : quickTexts)
  if (!pass.full) {
    const bad: Expected[] = []
    for (const text of expected) {
      const size = await stat(pathOf(text.sha256)).then(
        (there) => there.size,
        () => 0,
      )
      if (size === 0) bad.push(text)
      await pass.breathe()
    }
    return { read: expected.length, findings: await damagedTexts(deps, { blobs, pathOf }, bad, pass), folders }
  }
  const names = new Set<string>()
  for (const folder of folders)
    for (const name of await readdir(folder).catch(() => [])) if (hex.test(name)) names.add(name)
  const wanted = new Map(expected.map((text) => [text.sha256, text]))
  const all = [...new Set([...names, ...wanted.keys()])].toSorted()
  const bad: Expected[] = []
  const unused: string[] = []
  for (let at = 0; at < all.length; at += 500) {
    const piece = all.slice(at, at + 500)
    const states = await deps.runTask(
      'files',
      { files: piece.map((sha256) => ({ path: pathOf(sha256), sha256 })) },
      pass.signal,
    )
    for (const [index, sha] of piece.entries()) {
      if (states[index] === 'same') continue
      const text = wanted.get(sha)
      if (text) bad.push(text)
      else unused.push(sha)
    }
    await pass.breathe()
  }
  const findings = await damagedTexts(deps, { blobs, pathOf }, bad, pass)
  if (unused.length > 0) findings.push(unusedTexts(unused, pathOf))
  return { read: all.length, findings, folders }
}

/** Texts that notes, their earlier versions and writes under way count on; the newest first. @param limit -1 for all */
function expectedTexts(reader: Reader, limit: number): Expected[] {
  const rows = reader.all<{ sha: string; name: string; vault: string | null }>(
    `SELECT sha, name, vault FROM (
       SELECT f.new_sha256 AS sha, n.file_name AS name, NULL AS vault, 0 AS turn, n.written_at_ms AS at
         FROM note_intent_files f JOIN note_intents i ON i.id = f.intent_id JOIN note_files n ON n.id = f.file_id
         WHERE i.done_at_ms IS NULL AND f.outcome IS NULL
       UNION ALL
       SELECT n.base_sha256, n.file_name, d.vault_path || char(0) || coalesce(n.own_folder, d.podcast || '/' || d.name) || char(0) || n.file_name, 1, n.written_at_ms
         FROM note_files n JOIN note_folders d ON d.id = n.folder_id WHERE n.base_sha256 IS NOT NULL AND (?1 = 0 OR n.rowid > (SELECT max(rowid) - ?1 FROM note_files))
       UNION ALL
       SELECT n.newer_sha256, n.newer_file_name, d.vault_path || char(0) || coalesce(n.own_folder, d.podcast || '/' || d.name) || char(0) || n.newer_file_name, 1, n.written_at_ms
         FROM note_files n JOIN note_folders d ON d.id = n.folder_id WHERE n.newer_sha256 IS NOT NULL AND (?1 = 0 OR n.rowid > (SELECT max(rowid) - ?1 FROM note_files))
       UNION ALL
       SELECT h.sha256, h.file_name, NULL, 2, h.saved_at_ms FROM note_history h
     ) ORDER BY turn, at DESC LIMIT ?2`,
    [limit < 0 ? 0 : limit, limit],
  )
  const bySha = new Map<string, Expected>()
  for (const { sha, name, vault } of rows)
    if (hex.test(sha) && (!bySha.has(sha) || vault !== null))
      bySha.set(sha, { sha256: sha, name, vaultFile: vault === null ? null : join(...(vault.split('\0') as [string])) })
  return [...bySha.values()]
}

async function damagedTexts(
  deps: CheckDeps,
  { blobs, pathOf }: { blobs: Blobs; pathOf: (sha: string) => string },
  bad: readonly Expected[],
  pass: Pass,
): Promise<Found[]> {
  const deep = pass.full
  const inVault = bad.filter(({ vaultFile }) => vaultFile !== null)
  const states =
    inVault.length === 0
      ? []
      : await deps.runTask(
          'files',
          { files: inVault.map(({ vaultFile, sha256 }) => ({ path: vaultFile!, sha256 })) },
          pass.signal,
        )
  const again = inVault.filter((_, index) => states[index] === 'same')
  const lost = bad.filter((text) => !again.includes(text))
  const findings: Found[] = []
  if (again.length > 0)
    findings.push(
      found({
        id: 'caches/texts',
        severity: 'warning',
        title: `${count(again.length, 'kept text')} of notes ${again.length === 1 ? 'is' : 'are'} missing or damaged in Inkwell’s folder.`,
        detail: 'Your notes folder has the same texts, unchanged. Nothing is lost.',
        subjects: again.map(({ name }) => name),
        look: again,
        deep,
        mend: remake(blobs, again),
      }),
    )
  if (lost.length > 0)
    findings.push(
      found({
        id: 'caches/texts-lost',
        severity: 'error',
        title: `${count(lost.length, 'kept text')} of notes ${lost.length === 1 ? 'is' : 'are'} missing or damaged and ${lost.length === 1 ? 'stands' : 'stand'} nowhere else.`,
        detail:
          'The notes in your folder are as they were. An earlier text of them cannot be had back; a backup may have it.',
        subjects: lost.map(({ name }) => name),
        look: lost,
        deep,
        mend: forgetTexts(deps, lost, pathOf),
      }),
    )
  return findings
}

const remake = (blobs: Blobs, texts: readonly Expected[]): Mend => ({
  label: texts.length === 1 ? 'Make it again' : 'Make them again',
  prepare: () => ({
    scope: 'Copies texts from your notes folder into Inkwell’s own. No file in your notes folder is touched.',
    rows: texts.map(({ vaultFile, sha256 }) => ({ before: vaultFile!, after: `blobs/${sha256}`, remark: 'same text' })),
    perform: async () => {
      for (const { vaultFile, sha256 } of texts) {
        const bytes = await readFile(vaultFile!)
        // Its hash is its name: an edited file makes another text, which harms nothing and mends nothing.
        if ((await blobs.put(bytes)) !== sha256) throw new ChangedMeanwhile()
      }
      return ok(`${count(texts.length, 'kept text')} made again.`)
    },
  }),
})

const unusedTexts = (names: readonly string[], pathOf: (sha: string) => string): Found =>
  found({
    id: 'caches/texts-unused',
    severity: 'info',
    title: `${count(names.length, 'kept text')} that nothing uses ${names.length === 1 ? 'is' : 'are'} damaged.`,
    detail: 'No note and no earlier version needs it.',
    subjects: names.map((name) => `blobs/${name}`),
    deep: true,
    mend: {
      label: 'Remove what is damaged',
      prepare: () => ({
        scope: 'Removes these files from Inkwell’s own folder. Your notes folder is not touched.',
        rows: names.map((name) => ({ before: `blobs/${name}`, after: '', remark: 'damaged, used by nothing' })),
        perform: async () => {
          try {
            for (const name of names) await unlink(pathOf(name))
          } catch (error) {
            return fail('not-removed', `A file could not be removed (${(error as NodeJS.ErrnoException).code}).`)
          }
          return ok(`${count(names.length, 'file')} removed.`)
        },
      }),
    },
  })
