import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Job } from '#shared/contract/jobs.ts'
import { type Failure, fail, type Json, ok, type Result } from '#shared/result.ts'
import type { House } from '../compose.ts'
import { displayUrl } from '../feeds/url-secrets.ts'
import { looksLikeAddress } from '../intake/recognise-address.ts'
import type { ParsedArguments } from './arguments.ts'
import { type CommandResult, createProgressLine, exitCodes, type Io } from './output.ts'
import { paidWords, planOf, showEstimate, startWithin } from './process-money.ts'
import { count, failed } from './words.ts'

const idPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/i

interface Taken {
  readonly episodeIds: readonly string[]
  readonly problems: readonly string[]
}

/** Makes notes of files, addresses and episodes; resolves when every job has ended or the run was interrupted. */
export async function processItems(house: House, parsed: ParsedArguments, io: Io): Promise<CommandResult> {
  const vaultPath = parsed.out === undefined ? undefined : resolve(io.cwd, parsed.out)
  const dryRun = parsed.given['dry-run'] === true
  if (vaultPath === undefined && !dryRun && house.settings.vault.vaultPath() === null)
    return failed({
      code: 'no-vault',
      message: 'No notes folder is chosen yet. Name one with --out DIR, or choose one in the app.',
      retryable: false,
    })
  const plan = planOf(house, parsed)
  if (!plan.ok) return failed(plan.error)
  const line = createProgressLine(io)
  const episodeIds: string[] = []
  const problems: string[] = []
  for (const [at, arg] of parsed.args.entries()) {
    if (io.interrupted.aborted) break
    if (!idPattern.test(arg)) line.show(arg, `Reading ${at + 1} of ${parsed.args.length}: ${shown(arg)}`)
    const one = await take(house, arg, io)
    line.clear()
    if (!one.ok) return failed(one.error)
    episodeIds.push(...one.value.episodeIds)
    problems.push(...one.value.problems)
  }
  const wanted = [...new Set(episodeIds)]
  if (dryRun) return showEstimate(house, plan.value, wanted, problems)
  const started = await startWithin(house, plan.value, wanted, { vaultPath }, io)
  if (!started.ok) return failed(started.error)
  await house.notes.recover()
  house.jobs.begin()
  const ended = await followJobs(house, started.value, io)
  return resultOf(house, ended, problems)
}

const isAddressLike = (arg: string): boolean => looksLikeAddress(arg) && /^[a-z][a-z0-9+.-]*:/i.test(arg)
/** What is printed may end up in a log: no secret of an address in it. */
const shown = (arg: string): string => (isAddressLike(arg) ? displayUrl(arg) : arg)

/** Into the library; what is found there already is taken as it is. */
async function take(house: House, arg: string, io: Io): Promise<Result<Taken, string>> {
  if (idPattern.test(arg)) {
    const id = arg.toLowerCase()
    return house.episodes.get(id)
      ? ok({ episodeIds: [id], problems: [] })
      : fail('no-such-episode', 'This episode is not in the list any more. Nothing was started.')
  }
  const isAddress = isAddressLike(arg)
  const path = resolve(io.cwd, arg)
  if (!isAddress && !existsSync(path)) return ok({ episodeIds: [], problems: [`There is no file ${path}.`] })
  const offered = isAddress ? null : await house.offerFiles([path])
  if (offered && !offered.ok) return ok({ episodeIds: [], problems: [`${arg}: ${offered.error.message}`] })
  const input = offered ? { tokens: offered.value.map(({ token }) => token) } : { text: arg }
  const inspected = await house.intake.inspect(input)
  if (!inspected.ok) return inspected
  if (inspected.value.some(({ action }) => action === 'add-feed'))
    return fail(
      'usage',
      `${shown(arg)} is a feed. Follow it with “inkwell feeds add”, list it with “inkwell episodes”, and make notes with “inkwell process <episode-id>”.`,
    )
  if (inspected.value.some(({ action }) => action === 'import-opml'))
    return fail('usage', `${shown(arg)} is a list of feeds. Import it with “inkwell feeds import-opml”.`)
  const options = { start: false }
  const accepted = isAddress ? await house.intake.takeText(arg, options) : await house.intake.takeFile(path, options)
  if (!accepted.ok) return accepted
  const { episodeIds, problems } = accepted.value
  return ok({ episodeIds, problems })
}

const jobOf = (house: House, jobId: string): Job | null => {
  const job = house.jobs.get(jobId)
  return job.ok ? job.value : null
}
const _episodeOf = (house: House, jobId: string): string | undefined => jobOf(house, jobId)?.episodeId

const isActive = (job: Job | null): boolean => job?.state === 'queued' || job?.state === 'running'

/** Shows progress until all have ended. Another Inkwell may run some of them: the database knows, so it is asked. */
async function followJobs(house: House, jobIds: readonly string[], io: Io): Promise<readonly (Job | null)[]> {
  const line = createProgressLine(io)
  const off = house.events.on('jobs.progress', ({ jobId, stage, fraction, words }) => {
    const job = jobIds.includes(jobId) ? jobOf(house, jobId) : null
    if (job) line.show(`${jobId} ${stage}`, `${job.episodeTitle}: ${words} (${stage}, ${Math.round(fraction * 100)} %)`)
  })
  const current = (): (Job | null)[] => jobIds.map((id) => jobOf(house, id))
  const interrupted = new Promise<void>((done) =>
    io.interrupted.addEventListener('abort', () => done(), { once: true }),
  )
  while (!io.interrupted.aborted && current().some(isActive)) {
    await Promise.race([house.jobs.idle(), interrupted])
    if (!io.interrupted.aborted && current().some(isActive))
      await Promise.race([new Promise((done) => setTimeout(done, 250)), interrupted])
  }
  if (io.interrupted.aborted) await house.jobs.stop()
  off()
  line.clear()
  return current()
}

function resultOf(house: House, jobs: readonly (Job | null)[], problems: readonly string[]): CommandResult {
  const items = jobs.flatMap((job) => {
    if (!job) return []
    const written = house.jobs.written(job.id)
    return [{ job, folder: written?.folder ?? null, files: written?.files ?? [] }]
  })
  const data = {
    items: items.map(({ job, folder, files }) => ({
      episodeId: job.episodeId,
      jobId: job.id,
      title: job.episodeTitle,
      feedTitle: job.feedTitle,
      state: job.state,
      folder,
      files,
      failedTemplates: job.failedTemplates,
      costMicroUsd: job.costMicroUsd,
      unknownCharges: job.unknownCharges,
      estimate: job.estimate,
      error: job.error,
    })),
    problems,
  }
  const lines = items.flatMap(({ job, folder, files }) =>
    folder === null
      ? []
      : [
          `${job.episodeTitle}: ${job.words}${paidWords(job)}`,
          folder,
          ...files.map(({ fileName, outcome }) => `  ${fileName}  ${outcome}`),
        ],
  )
  const unfinished = items.filter(({ job }) => isActive(job))
  const stopped = items.filter(({ job }) => job.state === 'failed' || job.state === 'cancelled')
  const result = { data: data as unknown as Json, lines }
  if (unfinished.length > 0)
    return {
      ...result,
      exitCode: exitCodes.interrupted,
      error: failure(
        'interrupted',
        `Stopped. ${count(unfinished.length, 'job')} not finished; what was done is kept. Run the same command again, or open Inkwell, and it goes on from there.`,
        true,
      ),
    }
  if (stopped.length === 0 && problems.length === 0) return { ...result, exitCode: exitCodes.done }
  const words = [...stopped.map(({ job }) => `${job.episodeTitle}: ${job.words}`), ...problems]
  const first = stopped[0]?.job.error
  return {
    ...result,
    exitCode: exitCodes.failed,
    error: failure(
      first?.code ?? 'not-taken',
      words.join('\n'),
      stopped.some(({ job }) => job.error?.retryable),
    ),
  }
}

const failure = (code: string, message: string, retryable: boolean): Failure => ({ code, message, retryable })
