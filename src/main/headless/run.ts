import { resolve } from 'node:path'
import type { Failure, Result } from '#shared/result.ts'
import type { House } from '../compose.ts'
import { timed } from '../log.ts'
import { defaultProfilePath } from '../settings/folders.ts'
import { StorageError } from '../storage/sqlite-errors.ts'
import type { StorageFailure } from '../storage/storage.ts'
import { type CommandName, type ParsedArguments, parseCommandLine } from './arguments.ts'
import { listAudit } from './audit.ts'
import { backups } from './backup.ts'
import { showCosts } from './costs.ts'
import { addFeed, exportOpml, importOpml, listEpisodes, listFeeds, refreshFeeds, removeFeed } from './feeds.ts'
import { checkHealth } from './health.ts'
import { listJobs } from './jobs.ts'
import { recoveryKit } from './kit.ts'
import { showDiagnostics, showLog } from './logs.ts'
import { modelProviders } from './models.ts'
import { type CommandResult, envelope, exitCodes, type Io, printable } from './output.ts'
import { processItems } from './process.ts'
import { keepingRules } from './retention.ts'
import { speechModels } from './speech.ts'
import { help } from './usage.ts'

type Command = (house: House, parsed: ParsedArguments, io: Io) => Promise<CommandResult>

const commands: Record<CommandName, Command> = {
  process: processItems,
  'feeds add': addFeed,
  'feeds list': listFeeds,
  'feeds refresh': refreshFeeds,
  'feeds remove': removeFeed,
  'feeds import-opml': importOpml,
  'feeds export-opml': exportOpml,
  episodes: listEpisodes,
  jobs: listJobs,
  costs: showCosts,
  kit: recoveryKit,
  logs: showLog,
  diagnostics: showDiagnostics,
  audit: listAudit,
  health: checkHealth,
  models: modelProviders,
  speech: speechModels,
  retention: keepingRules,
  backup: backups,
}

/** One run without a window, from the command line to the exit code. Nothing here ends the process. */
export async function runHeadless(
  argv: readonly string[],
  io: Io,
  options: { open: (profilePath: string) => Promise<Result<House, StorageFailure>>; version: string },
): Promise<number> {
  const parsed = parseCommandLine(argv)
  if (!parsed.ok) {
    if (argv.includes('--json')) io.out(envelope(argv[0]?.replace(/^-.*/, '') || 'none', { error: parsed.error }))
    io.err(`${printable(parsed.error.message)}\n\n${help}`)
    return exitCodes.usage
  }
  const { command, json, profile } = parsed.value
  if (command === 'help' || command === 'version') {
    io.out(command === 'help' ? help : `${options.version}\n`)
    return exitCodes.done
  }
  const say = (error: Failure, data?: CommandResult['data']): void => {
    if (json) io.out(envelope(command, data == null ? { error } : { error, data }))
    io.err(`${printable(error.message)}\n`)
  }
  const startedAtMs = Date.now()
  const opened = await options.open(resolve(io.cwd, profile ?? (io.env.INKWELL_PROFILE || defaultProfilePath())))
  if (!opened.ok) {
    say(opened.error)
    return exitCodes.failed
  }
  const house = opened.value
  for (const { kind, atMs, title, detail } of house.storageNotices.list())
    if (kind === 'recovered' && atMs >= startedAtMs) io.err(`${printable(`${title}. ${detail}`)}\n`)
  try {
    const result = await timed(
      house.log,
      `headless.${command}`,
      null,
      () => commands[command](house, parsed.value, io),
      ({ error }) => error?.code ?? 'ok',
    )
    if (json) {
      if (result.error) say(result.error, result.data)
      else io.out(envelope(command, { data: result.data }))
    } else {
      if (result.lines.length > 0) io.out(`${result.lines.join('\n')}\n`)
      if (result.error) io.err(`${printable(result.error.message)}\n`)
    }
    return result.exitCode
  } catch (error) {
    if (!(error instanceof StorageError)) throw error
    say({ code: error.code, message: error.message, retryable: true })
    return exitCodes.failed
  } finally {
    await house.close()
  }
}
