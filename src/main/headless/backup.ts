import { basename, resolve } from 'node:path'
import type { Backup } from '#shared/contract/backup.ts'
import { ok, type Result } from '#shared/result.ts'
import type { House } from '../compose.ts'
import type { ParsedArguments } from './arguments.ts'
import { type CommandResult, createProgressLine, exitCodes, type Io } from './output.ts'
import { columns, count, done, failed } from './words.ts'

type Run = (house: House, parsed: ParsedArguments, io: Io) => Promise<CommandResult>
type Option = 'out' | 'media' | 'passphrase-stdin' | 'dry-run'

const usage = (message: string): CommandResult => failed({ code: 'usage', message, retryable: false })

/** `backup create|list|verify|restore|switch-back` */
export const backups: Run = async (house, parsed, io) => {
  const [what = '', file, ...more] = parsed.args
  const command = Object.hasOwn(commands, what) ? commands[what as keyof typeof commands] : null
  if (!command) return usage('Say what to do with backups: create, list, verify, restore or switch-back.')
  const foreign = (['out', 'media', 'passphrase-stdin', 'dry-run'] as const).find(
    (option) => parsed.given[option] !== undefined && !(command.takes as readonly Option[]).includes(option),
  )
  if (foreign) return usage(`“backup ${what}” does not take --${foreign}.`)
  const extra = command.needsFile ? more[0] : file
  if (extra !== undefined) return usage(`“backup ${what}” does not take “${extra}”.`)
  if (command.needsFile && file === undefined)
    return usage(`“backup ${what}” needs a backup: its path, or its name as “backup list” shows it.`)
  const passphrase = parsed.given['passphrase-stdin'] ? (await io.stdin()).replace(/\r?\n$/, '') : undefined
  if (passphrase === '') return usage('There was no passphrase on standard input.')
  const line = createProgressLine(io)
  const off = house.events.on('backup.progress', ({ fraction, words }) =>
    line.show(words, `${words} (${Math.floor(fraction * 100)} %)`),
  )
  const stop = (): void => house.backup.cancel()
  io.interrupted.addEventListener('abort', stop, { once: true })
  try {
    const result = await command.run(house, parsed, io, { file, passphrase })
    return result.error?.code === 'cancelled' ? { ...result, exitCode: exitCodes.interrupted } : result
  } finally {
    io.interrupted.removeEventListener('abort', stop)
    off()
    line.clear()
  }
}

type Step = (
  house: House,
  parsed: ParsedArguments,
  io: Io,
  given: { file: string | undefined; passphrase: string | undefined },
) => Promise<CommandResult>

const create: Step = async (house, { given }, { cwd }, { passphrase }) => {
  const made = await house.backup.create({
    ...(given.media ? { withMedia: true } : {}),
    ...(given.out === undefined ? {} : { file: resolve(cwd, given.out) }),
    ...(passphrase === undefined ? {} : { passphrase }),
  })
  if (!made.ok) return failed(made.error)
  const { fileName, problem } = made.value
  const path = given.out === undefined ? fileName : resolve(cwd, given.out)
  return done({ ...made.value, path }, [
    `Made and read back: ${path}, ${sizeOf(made.value)}${made.value.encrypted ? ', encrypted' : ''}.`,
    ...(problem === null ? [] : [problem]),
  ])
}

const list: Step = async (house) => {
  const [listed, status] = [await house.backup.list(), await house.backup.status()]
  if (!listed.ok) return failed(listed.error)
  const rows = listed.value.map((backup) => [
    backup.fileName,
    sizeOf(backup),
    backup.automatic ? 'automatic' : 'by hand',
    backup.encrypted ? 'encrypted' : 'not encrypted',
    backup.problem ?? (backup.verifiedAtMs === null ? 'not verified here' : 'verified'),
  ])
  const lines =
    rows.length > 0 ? columns(rows) : [`No backups in ${status.folder}. Make one with: inkwell backup create`]
  return done({ folder: status.folder, backups: listed.value }, [
    ...lines,
    ...(status.lastProblem === null ? [] : [`The last automatic one was missed: ${status.lastProblem.message}`]),
  ])
}

const verify: Step = async (house, _parsed, io, { file, passphrase }) => {
  const source = await sourceOf(house, file!, io.cwd)
  const verified = await house.backup.verify({ ...source, passphrase })
  if (!verified.ok) return failed(verified.error)
  const { counts, problem } = verified.value
  return done(verified.value, [
    `Every byte is as it was written. ${count(counts!.feeds, 'feed')}, ${count(counts!.episodes, 'episode')}, ${count(counts!.notes, 'note')}.`,
    ...(problem === null ? [] : [problem]),
  ])
}

const restore: Step = async (house, { given }, io, { file, passphrase }) => {
  const source = { ...(await sourceOf(house, file!, io.cwd)), passphrase }
  const plan = await house.backup.planRestore(source)
  if (!plan.ok) return failed(plan.error)
  const { rows, warnings, planToken, ...about } = plan.value
  const shown = [
    `A backup of ${new Date(about.madeAtMs).toISOString().slice(0, 16).replace('T', ' ')} UTC by Inkwell ${about.version}.`,
    ...columns([
      ['', 'in the backup', 'here'],
      ...rows.map(({ what, inBackup, here }) => [what, String(inBackup), String(here)]),
    ]),
    ...warnings,
  ]
  if (given['dry-run']) return done({ ...about, rows, warnings }, [...shown, 'Nothing was changed.'])
  const restored = await house.backup.restore({ ...source, planToken })
  if (!restored.ok) return failed(restored.error)
  return done({ ...about, rows, warnings, profilePath: restored.value.profilePath }, [
    ...shown,
    `Restored and verified: ${restored.value.profilePath}. It is used from the next start on.`,
    'The profile from before is kept: inkwell backup switch-back',
  ])
}

const switchBack: Step = async (house) => {
  const switched = await house.backup.switchBack()
  return switched.ok
    ? done({}, ['The profile from before the restore is used from the next start on.'])
    : failed(switched.error)
}

const commands = {
  create: { run: create, needsFile: false, takes: ['out', 'media', 'passphrase-stdin'] },
  list: { run: list, needsFile: false, takes: [] },
  verify: { run: verify, needsFile: true, takes: ['passphrase-stdin'] },
  restore: { run: restore, needsFile: true, takes: ['passphrase-stdin', 'dry-run'] },
  'switch-back': { run: switchBack, needsFile: false, takes: [] },
} as const satisfies Record<string, { run: Step; needsFile: boolean; takes: readonly Option[] }>

/** A name of the list, or else a path. */
async function sourceOf(house: House, file: string, cwd: string): Promise<{ fileName: string } | { path: string }> {
  const listed: Result<Backup[]> = basename(file) === file ? await house.backup.list() : ok([])
  const isListed = listed.ok && listed.value.some(({ fileName }) => fileName === file)
  return isListed ? { fileName: file } : { path: resolve(cwd, file) }
}

const sizeOf = ({ bytes }: Backup): string =>
  bytes < 1e6
    ? `${Math.ceil(bytes / 1e3)} kB`
    : `${(bytes / 1e6).toLocaleString('en', { maximumFractionDigits: 0 })} MB`
