import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { ok } from '#shared/result.ts'
import type { LookAtFolders, NoteFileFact } from '../../notes/inspect.ts'
import { type Check, type Found, found, type Pass } from '../check.ts'
import type { CheckDeps, NotesFolder } from '../ports.ts'
import { are, count } from '../words.ts'
import { noteFindings } from './note-findings.ts'

/** Files of the newest notes that are looked for at each start, by name only. */
const quickFiles = 100
/** A younger one is being written now. Milliseconds. */
const waitsMs = 5 * 60_000

/** The notes folder against the manifest. What the user edited or deleted through Inkwell is no finding. */
export function notesCheck(deps: CheckDeps & { readonly notes: NotesFolder }): Check {
  return {
    name: 'notes',
    words: 'Comparing the notes folder',
    async run(pass) {
      // When the newest are not all there, everything is looked at: what was renamed can only be told so.
      const facts = pass.full || !(await newestAreThere(deps, pass)) ? await inspect(deps, pass) : null
      const findings = [...(facts ? noteFindings(deps, facts, pass.full) : []), ...waitingFinding(deps)]
      const files =
        facts?.filter(({ fileId, newer }) => fileId !== null && !newer).length ??
        deps.storage.get<{ files: number }>("SELECT count(*) AS files FROM note_files WHERE state <> 'deleted'")!.files
      const edited = facts?.filter(({ kind }) => kind === 'edited').length ?? 0
      return {
        title: `${count(files, 'file')} in the notes folder`,
        facts:
          findings.length > 0
            ? 'not all as written'
            : facts
              ? `all as written${edited > 0 ? `, ${edited} edited by you` : ''}`
              : 'the newest are there',
        findings,
      }
    },
  }
}

async function inspect(
  { notes, runTask }: CheckDeps & { readonly notes: NotesFolder },
  pass: Pass,
): Promise<NoteFileFact[]> {
  const facts: NoteFileFact[] = []
  const progress = (done: number, total: number): void => pass.progress(total === 0 ? 1 : done / total)
  const look: LookAtFolders = (folders) => runTask('folders', { folders }, pass.signal)
  for await (const fact of notes.inspect(pass.signal, progress, look)) {
    facts.push(fact)
    await pass.breathe()
  }
  return facts
}

async function newestAreThere({ storage }: CheckDeps, pass: Pass): Promise<boolean> {
  const files = storage.all<Record<'vault' | 'folder' | 'file', string>>(
    `SELECT d.vault_path AS vault, coalesce(f.own_folder, d.podcast || '/' || d.name) AS folder, f.file_name AS file
     FROM note_files f JOIN note_folders d ON d.id = f.folder_id
     WHERE f.state IN ('current', 'edited') AND f.base_sha256 IS NOT NULL ORDER BY f.rowid DESC LIMIT ?`,
    [quickFiles],
  )
  for (const { vault, folder, file } of files) {
    const there = await lstat(join(vault, folder, file)).catch(() => null)
    if (!there) return false
    await pass.breathe()
  }
  return true
}

/** Writes that are durable in the database and not in the vault yet. */
function waitingFinding({ storage, clock, notes }: CheckDeps & { readonly notes: NotesFolder }): Found[] {
  const waiting = storage.all<{ episode: string; files: number }>(
    `SELECT coalesce(e.title, i.episode_id) AS episode, count(*) AS files
     FROM note_intents i JOIN note_intent_files f ON f.intent_id = i.id LEFT JOIN episodes e ON e.id = i.episode_id
     WHERE i.done_at_ms IS NULL AND f.outcome IS NULL AND i.made_at_ms < ? GROUP BY i.id ORDER BY i.id`,
    [clock.now() - waitsMs],
  )
  if (waiting.length === 0) return []
  const files = waiting.reduce((sum, one) => sum + one.files, 0)
  return [
    found({
      id: 'notes/waiting',
      severity: 'warning',
      title: `${count(files, 'file')} of notes ${are(files)} made and not in the notes folder yet.`,
      detail: 'Nothing is lost: the texts are kept, and are written when the folder can be written to.',
      subjects: waiting.map(({ episode }) => episode),
      mend: {
        label: 'Write them now',
        prepare: () => ({
          scope: 'Writes the notes that wait. What you edited is not overwritten, what you deleted stays deleted.',
          rows: waiting.map(({ episode, files }) => ({
            before: 'waiting',
            after: `${count(files, 'file')} of ${episode}`,
            remark: 'as they were made',
          })),
          perform: async () => {
            await notes.recover()
            return ok('The notes that waited were written where the folder could be written to.')
          },
        }),
      },
    }),
  ]
}
