import { relative } from 'node:path'
import { fail, ok, type Result } from '#shared/result.ts'
import type { NoteFileFact } from '../../notes/inspect.ts'
import { type Found, found, type Mend } from '../check.ts'
import type { NotesFolder } from '../ports.ts'
import { are, count, have, They, them } from '../words.ts'

interface Deps {
  readonly notes: NotesFolder
}
const shown = ({ vaultPath, path }: NoteFileFact): string => relative(vaultPath, path) || path
const idsOf = (facts: readonly NoteFileFact[]): string[] => [...new Set(facts.flatMap(({ fileId }) => fileId ?? []))]
const untouched = 'No other file in your notes folder is touched.'

export function noteFindings({ notes }: Deps, facts: readonly NoteFileFact[], deep: boolean): Found[] {
  const findings: Found[] = []
  const ofKind = (one: NoteFileFact['kind']): NoteFileFact[] => facts.filter(({ kind }) => kind === one)
  const say = (
    of: readonly NoteFileFact[],
    finding: (n: number) => Pick<Found, 'id' | 'severity' | 'title'> & { detail: string; mend?: Mend },
  ): void => {
    if (of.length === 0) return
    const words = finding(of.length)
    const look = of.map(({ fileId, path, foundPath }) => [fileId, path, foundPath])
    findings.push(found({ ...words, subjects: of.map(shown), look, deep }))
  }

  say(ofKind('vault-missing'), (n) => ({
    id: 'notes/vault',
    severity: 'warning',
    title: n === 1 ? 'The notes folder is not there.' : `${n} notes folders are not there.`,
    detail:
      'What was written to it is where it was. New notes are made and kept, and are written when it is back. Connect its disk, or choose another folder in Settings.',
  }))
  const renamed = [...ofKind('renamed'), ...ofKind('renamed-edited')]
  say(renamed, (n) => ({
    id: 'notes/renamed',
    severity: 'warning',
    title: `${count(n, 'file')} in the notes folder ${n === 1 ? 'was' : 'were'} renamed or moved outside Inkwell.`,
    detail: `${n === 1 ? 'It is' : 'They are'} safe. Inkwell had lost sight of ${them(n)}.`,
    mend: {
      label: n === 1 ? 'Follow the file' : `Follow the ${n} files`,
      prepare: () => ({
        scope: 'Changes Inkwell’s index only. No file in your vault is touched.',
        rows: renamed.map((fact) => ({
          before: shown(fact),
          after: relative(fact.vaultPath, fact.foundPath!),
          remark: fact.kind === 'renamed' ? 'same text' : 'edited since; its properties say that it is this note',
        })),
        perform: async () => outcome(await notes.followRenamed(idsOf(renamed)), 'followed'),
      }),
    },
  }))
  say(ofKind('ambiguous'), (n) => ({
    id: 'notes/ambiguous',
    severity: 'warning',
    title: `${count(n, 'file')} ${are(n)} not where Inkwell wrote ${them(n)}, and more than one could be ${n === 1 ? 'it' : 'them'} now.`,
    detail:
      'Several files in your notes folder hold the same text, or several missing notes had it. Inkwell does not guess: keep one of the copies, and check again.',
  }))
  const damaged = ofKind('damaged')
  say(damaged, (n) => ({
    id: 'notes/damaged',
    severity: 'error',
    title: `${count(n, 'file')} in the notes folder ${are(n)} damaged: the text is another one, and nobody saved it.`,
    detail: `Inkwell has kept the ${n === 1 ? 'text' : 'texts'} as written. The damaged bytes are kept for 30 days too.`,
    mend: {
      label: n === 1 ? 'Write it again' : `Write the ${n} files again`,
      prepare: () => ({
        scope: `Writes these files as Inkwell wrote them; what stands there now goes to history. ${untouched}`,
        rows: damaged.map((fact) => ({ before: shown(fact), after: shown(fact), remark: 'from the kept text' })),
        perform: async () => outcome(await notes.rewriteDamaged(idsOf(damaged)), 'written again'),
      }),
    },
  }))
  const missing = ofKind('missing')
  say(missing, (n) => ({
    id: 'notes/missing',
    severity: 'warning',
    title: `${count(n, 'file')} ${are(n)} not in the notes folder any more.`,
    detail: `You deleted ${them(n)}, or another program did. Inkwell does not write ${them(n)} again by itself. ${They(n)} can be written again from the kept text; leave it as it is when you meant it.`,
    mend: {
      label: n === 1 ? 'Bring it back' : `Bring the ${n} files back`,
      prepare: () => ({
        scope: `Writes these files again, as Inkwell wrote them. ${untouched}`,
        rows: missing.map((fact) => ({ before: 'missing', after: shown(fact), remark: 'from the kept text' })),
        perform: async () => outcome(await notes.bringBack(idsOf(missing)), 'brought back'),
      }),
    },
  }))
  say(ofKind('unreadable'), (n) => ({
    id: 'notes/unreadable',
    severity: 'warning',
    title: `${count(n, 'file')} in the notes folder cannot be read.`,
    detail: `${n === 1 ? 'It was' : 'They were'} left as ${n === 1 ? 'it is' : 'they are'}. Look at who may read the folder, and at its disk.`,
  }))
  say(ofKind('placeholder'), (n) => ({
    id: 'notes/placeholders',
    severity: 'info',
    title: `${count(n, 'file')} in the notes folder ${are(n)} not on this computer now.`,
    detail: `A sync program ${have(1)} put ${them(n)} away. Nothing is lost; open ${them(n)} to have ${them(n)} here.`,
  }))
  say(ofKind('conflict-copy'), (n) => ({
    id: 'notes/conflict-copies',
    severity: 'warning',
    title: `A sync program has left ${count(n, 'second copy', 'second copies')} of notes.`,
    detail: 'Two computers changed the same note. Both texts are there; look at them, and keep the one you want.',
  }))
  const leftovers = ofKind('leftover')
  say(leftovers, (n) => ({
    id: 'notes/leftovers',
    severity: 'info',
    title: `${count(n, 'file')} in the notes folder ${n === 1 ? 'was' : 'were'} left by writes that did not end.`,
    detail: 'Your notes are whole. Programs such as Obsidian do not show these files.',
    mend: {
      label: n === 1 ? 'Remove the file' : `Remove the ${n} files`,
      prepare: () => ({
        scope: `Removes these files. A text that is nowhere else goes to history first. ${untouched}`,
        rows: leftovers.map((fact) => ({ before: shown(fact), after: '', remark: 'is removed' })),
        perform: async () => ok(`${count(await notes.sweepLeftovers(), 'file')} removed.`),
      }),
    },
  }))
  return findings
}

function outcome(
  { mended, failures }: { mended: number; failures: readonly { message: string }[] },
  done: string,
): Result<string> {
  if (mended > 0) return ok(`${count(mended, 'file')} ${done}.${failures.length > 0 ? ` ${failures[0]!.message}` : ''}`)
  return fail('not-mended', failures[0]?.message ?? 'The kept text is not there any more. Nothing was changed.')
}
