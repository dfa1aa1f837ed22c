import { ok, type Result } from '#shared/result.ts'
import { type Check, type Found, found, type Mend } from '../check.ts'
import type { BackupFacts, Backups, CheckDeps, ProfileChoice, Profiles } from '../ports.ts'
import { count, dayInWords } from '../words.ts'

const dayMs = 86_400_000
/** Automatic ones are made daily; a computer that was off for a night is no trouble. */
const oldMs = 3 * dayMs

export function backupsCheck(deps: CheckDeps & { readonly backups: Backups; readonly profiles: Profiles }): Check {
  const { backups, profiles, clock } = deps
  return {
    name: 'backups',
    words: 'Looking at the backups',
    async run(pass) {
      let facts = await backups.facts()
      if (pass.full && facts.newest) {
        const { fileName } = facts.newest
        const verified = await backups.verify(fileName, pass.signal)
        await pass.breathe()
        facts = await backups.facts()
        // The list does not know of one that another file has taken the place of.
        if (!verified.ok && verified.error.code === 'damaged' && facts.newest?.fileName === fileName)
          facts = {
            ...facts,
            newest: null,
            problems: [...facts.problems, { fileName, problem: verified.error.message, deep: true }],
          }
      }
      const findings = [
        ...folderFinding(facts),
        ...goneFinding(backups, facts),
        ...damagedFinding(backups, facts),
        ...oldFinding(backups, facts, clock.now(), sinceMs(deps)),
        ...unverifiedFinding(backups, facts),
        ...pointerFinding(profiles),
        ...previousFinding(backups, facts),
      ]
      return {
        title: facts.newest ? `Newest backup of ${dayInWords(facts.newest.madeAtMs)}` : 'Backups',
        facts: !facts.newest
          ? facts.automatic
            ? 'none yet'
            : 'none; automatic ones are off'
          : `${facts.newest.verifiedAtMs === null ? 'not compared yet' : 'opened and compared'}${facts.sameDisk ? ', on the same disk as Inkwell' : ''}`,
        findings,
      }
    },
  }
}

/** When this profile began: a new one has no backup yet, and needs none. */
const sinceMs = ({ storage, clock }: CheckDeps): number =>
  storage.get<{ since: number | null }>('SELECT min(at_ms) AS since FROM audit')?.since ?? clock.now()

function folderFinding({ folder, folderThere }: BackupFacts): Found[] {
  if (folderThere) return []
  return [
    found({
      id: 'backups/folder',
      severity: 'warning',
      title: 'The folder of backups is not there.',
      detail: 'Backups that were made are where they were. Plug its disk in, or choose another folder.',
      subjects: [folder],
    }),
  ]
}

function damagedFinding(backups: Backups, { problems }: BackupFacts): Found[] {
  if (problems.length === 0) return []
  return [
    found({
      id: 'backups/damaged',
      severity: 'error',
      title: `${count(problems.length, 'backup')} ${problems.length === 1 ? 'is' : 'are'} damaged and cannot be restored.`,
      detail: 'Your data is not touched by it, and the other backups are not. Set it aside, and make a new one.',
      subjects: problems.map(({ fileName, problem }) => `${fileName}: ${problem}`),
      deep: problems.some(({ deep }) => deep),
      mend: {
        label: problems.length === 1 ? 'Set it aside' : 'Set them aside',
        prepare: () => ({
          scope:
            'Renames these files in the folder of backups, so that none of them is taken for a good one. Nothing is deleted.',
          rows: problems.map(({ fileName, problem }) => ({
            before: fileName,
            after: `${fileName}.damaged`,
            remark: problem,
          })),
          perform: async () => {
            for (const { fileName } of problems) {
              const aside = await backups.setAside(fileName)
              if (!aside.ok) return aside
            }
            return ok(`${count(problems.length, 'backup')} set aside.`)
          },
        }),
      },
    }),
  ]
}

const said = async (done: Promise<Result<unknown>>, words: string): Promise<Result<string>> => {
  const result = await done
  return result.ok ? ok(words) : result
}

function goneFinding(backups: Backups, { gone, folder }: BackupFacts): Found[] {
  if (gone === null) return []
  return [
    found({
      id: 'backups/gone',
      severity: 'warning',
      title: 'The last backup that was made is not in its folder any more.',
      detail: 'Your data is not touched by it. You moved or deleted the file, or another program did; make a new one.',
      subjects: [gone],
      look: gone,
      mend: makeNow(backups, folder),
    }),
  ]
}

const makeNow = (backups: Backups, folder: string): Mend => ({
  label: 'Back up now',
  prepare: () => ({
    scope: 'Writes one new file into the folder of backups. Nothing else is touched.',
    rows: [{ before: '', after: folder, remark: 'a new backup, opened and compared after writing' }],
    perform: () => said(backups.create(), 'Backed up, opened and compared.'),
  }),
})

function oldFinding(backups: Backups, facts: BackupFacts, nowMs: number, since: number): Found[] {
  const { automatic, newest, lastProblem, folder, folderThere } = facts
  // A folder that is away, or one that is damaged, explains it.
  if (!automatic || !folderThere) return []
  const last = newest?.madeAtMs ?? since
  if (lastProblem)
    return [
      found({
        id: 'backups/missed',
        severity: 'warning',
        title: 'The last automatic backup was not made.',
        detail: lastProblem.message,
        look: lastProblem.atMs,
        mend: makeNow(backups, folder),
      }),
    ]
  if (nowMs - last <= oldMs || (facts.problems.length > 0 && !newest)) return []
  return [
    found({
      id: 'backups/old',
      severity: 'warning',
      title: newest
        ? `The newest backup is ${count(Math.floor((nowMs - last) / dayMs), 'day')} old.`
        : 'There is no backup yet.',
      detail: 'One is made each day while Inkwell is open.',
      look: newest?.fileName ?? 'none',
      mend: makeNow(backups, folder),
    }),
  ]
}

function unverifiedFinding(backups: Backups, { newest }: BackupFacts): Found[] {
  if (!newest || newest.verifiedAtMs !== null) return []
  return [
    found({
      id: 'backups/not-compared',
      severity: 'info',
      title: 'The newest backup was not compared yet.',
      detail: 'It may come from another computer, or was changed since it was made.',
      subjects: [newest.fileName],
      mend: {
        label: 'Compare it now',
        prepare: () => ({
          scope: 'Reads the backup. Nothing is changed.',
          rows: [{ before: newest.fileName, after: newest.fileName, remark: 'read, opened and counted' }],
          perform: () => said(backups.verify(newest.fileName), 'The backup was opened and compared.'),
        }),
      },
    }),
  ]
}

/** With the profile that is meant and the one in use told apart: they look alike to whoever opens Inkwell. */
function pointerFinding(profiles: Profiles): Found[] {
  const seen = profiles.look()
  if (seen === null) return []
  const { problem, right, inUse } = seen
  const changed = ({ lastChangeMs, notes }: ProfileChoice): string =>
    `${count(notes, 'file')} of notes, last changed ${dayInWords(lastChangeMs)}`
  const isInUse = right.place === inUse.place
  return [
    found({
      id: 'backups/profile',
      severity: 'error',
      title: isInUse
        ? 'What says which profile is in use is damaged.'
        : 'Another profile is in use than was restored last.',
      detail: `${problem} ${isInUse ? 'Nothing is lost.' : 'Nothing is lost: both are kept as they are.'}`,
      look: [problem, right.place],
      mend: {
        label: isInUse ? 'Write it again' : 'Use the restored profile',
        prepare: () => ({
          scope: isInUse
            ? 'Writes one small file that names the profile in use. No profile is touched; the damaged file is kept beside it.'
            : 'Writes one small file that names the profile to use; Inkwell opens with it then. What you did since is kept in the profile that is in use now, and you can go back to it.',
          rows: [{ before: inUse.path, after: right.path, remark: changed(right) }].concat(
            isInUse ? [] : [{ before: inUse.path, after: '', remark: `is kept: ${changed(inUse)}` }],
          ),
          perform: () =>
            said(
              profiles.use(right.place),
              isInUse ? 'The profile in use is named again.' : 'The restored profile is used from the next start on.',
            ),
        }),
      },
    }),
  ]
}

function previousFinding(backups: Backups, { previousPath }: BackupFacts): Found[] {
  const findings: Found[] = []
  if (previousPath !== null)
    findings.push(
      found({
        id: 'backups/previous',
        severity: 'info',
        title: 'The profile from before the last restore is still kept.',
        detail: 'You can go back to it. When you do not want to any more, it only takes room.',
        subjects: [previousPath],
        mend: {
          label: 'Delete it',
          prepare: () => ({
            scope:
              'Deletes the profile from before the restore for good. The one in use, its backups and your notes folder are not touched.',
            rows: [{ before: previousPath, after: '', remark: 'is deleted' }],
            perform: () => said(backups.forgetPrevious(), 'The profile from before the restore is deleted.'),
          }),
        },
      }),
    )
  return findings
}
