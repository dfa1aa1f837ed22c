import { readFileSync } from 'node:fs'
import type { AppHandlers } from '#shared/contract/types.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import { appHandlers } from './app/handlers.ts'
import { createAppService } from './app/service.ts'
import { auditHandlers } from './audit/handlers.ts'
import { backupHandlers } from './backup/handlers.ts'
import { announceEverything } from './compose/announce-everything.ts'
import { joinBackup } from './compose/backup.ts'
import { type Ground, openGround } from './compose/ground.ts'
import { joinHealth } from './compose/health.ts'
import { joinIntake } from './compose/intake.ts'
import { joinJobs } from './compose/jobs.ts'
import { joinEpisodeFacts, notedCounts } from './compose/joined-facts.ts'
import { joinKeeping } from './compose/keeping.ts'
import { joinKitAndLogs } from './compose/kit-and-logs.ts'
import { joinModels } from './compose/models.ts'
import { joinMoney } from './compose/money.ts'
import { joinNetwork } from './compose/network.ts'
import { shownPath } from './compose/shown-path.ts'
import { joinSpeech } from './compose/speech.ts'
import { joinTranscripts } from './compose/transcripts.ts'
import { within } from './compose/within.ts'
import { readProfileIdentity } from './credentials/profile-identity.ts'
import { episodesHandlers } from './episodes/handlers.ts'
import { createEpisodesService } from './episodes/service.ts'
import { createExtractionService } from './extraction/service.ts'
import { feedsHandlers } from './feeds/handlers.ts'
import { createFeedsService } from './feeds/service.ts'
import { healthHandlers } from './health/handlers.ts'
import { createIds } from './ids.ts'
import { intakeHandlers } from './intake/handlers.ts'
import { sweepIncoming } from './intake/incoming.ts'
import { createOfferedFiles } from './intake/offered-files.ts'
import { createInterviewsService } from './interviews/service.ts'
import { jobsHandlers } from './jobs/handlers.ts'
import { leaseOwner } from './jobs/lease.ts'
import { kitHandlers } from './kit/handlers.ts'
import { timed } from './log.ts'
import { logsHandlers } from './logs/handlers.ts'
import { createHostQueue } from './net/host-queue.ts'
import { notesHandlers } from './notes/handlers.ts'
import { createNotesService } from './notes/service.ts'
import type { Desktop } from './ports.ts'
import { retentionHandlers } from './retention/handlers.ts'
import { suggestedVaultPath } from './settings/folders.ts'
import { settingsHandlers } from './settings/handlers.ts'
import { createSettingsService } from './settings/service.ts'
import type { StartSpeechProcess } from './speech/process.ts'
import { StorageError } from './storage/sqlite-errors.ts'
import type { StorageFailure } from './storage/storage.ts'
import { templatesHandlers } from './templates/handlers.ts'
import { createTemplatesService } from './templates/service.ts'
import { transcriptsHandlers } from './transcripts/handlers.ts'
import { createWorkerRunner } from './workers/runner.ts'
import { createYouTube } from './youtube/client.ts'

export interface ComposeOptions {
  /** Absolute. */
  readonly profilePath: string
  /** `import.meta.url` of the module that starts the process: workers and assets lie beside it. */
  readonly entry: URL
  /** Who writes, for the audit trail. A headless run takes only its own jobs from the queue. */
  readonly origin: 'app' | 'headless'
  readonly desktop: Desktop | null
  /** How the process that recognises speech is started; by Node when it is not given. */
  readonly startSpeechProcess?: StartSpeechProcess
}
export type House = ReturnType<typeof build>

/** Opens the profile and builds every service by constructor: the one place that joins them. */
export async function compose(options: ComposeOptions): Promise<Result<House, StorageFailure>> {
  const ground = await openGround(options.profilePath, options.origin)
  if (!ground.ok) return ground
  try {
    return ok(build(options, ground.value))
  } catch (error) {
    ground.value.storage.close()
    // A page of a large database that rotted shows only when it is read.
    if (!(error instanceof StorageError)) throw error
    return fail(error.code === 'database-damaged' ? error.code : 'database-unreadable', error.message)
  }
}

function build(
  { entry, origin, desktop, startSpeechProcess }: ComposeOptions,
  { clock, log, events, place, storage, ballast, notices, credentialsOf }: Ground,
) {
  const { profilePath } = place
  const assetsUrl = new URL('../../assets/', entry)
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', entry), 'utf8')) as { version: string }
  const ids = createIds(clock)
  const owner = leaseOwner(ids.next())
  const workers = createWorkerRunner(entry)
  const { network, http, beginClosing } = joinNetwork({ log, clock, version, assetsUrl })
  const { profileId, salt } = readProfileIdentity(storage, clock.now())
  const credentials = credentialsOf(profileId)

  const settings = createSettingsService({
    storage,
    events,
    clock,
    desktop,
    suggestedVaultPath: suggestedVaultPath(),
    keychain: async () => ((await credentials.keychainAvailable()) ? 'available' : 'unavailable'),
  })
  const templates = createTemplatesService({
    storage,
    events,
    clock,
    log,
    profilePath,
    assetsUrl,
    makeRoom: ballast.free,
  })
  const offeredFiles = createOfferedFiles()

  // Rows of episodes show jobs and notes, which are built from episodes: read when asked, not when built.
  const facts = joinEpisodeFacts({
    reader: storage,
    jobFacts: (of) => jobs.jobFacts(of),
    folderOf: (episodeId) => shownPath(notes.folderOf(episodeId)),
  })
  const feeds = createFeedsService({
    storage,
    events,
    clock,
    ids,
    log,
    http,
    downloader: network,
    hostQueue: createHostQueue(),
    workers,
    credentials,
    salt,
    profilePath,
    desktop,
    offeredFiles,
    facts,
    notedCounts: () => notedCounts(storage),
  })
  const artworkOf = (feedId: string): string | null => (feeds.artworkFile(feedId) ? `media/artwork/${feedId}` : null)
  const episodes = createEpisodesService({ storage, events, clock, ids, desktop, facts, openSecrets: feeds.open })
  const youTube = createYouTube({ clock, log })
  const money = joinMoney({ storage, clock, ids, events, log, owner, desktop, assetsUrl, origin })
  const { costs, spending, prices } = money
  const { models, modelsHandlers } = joinModels({ storage, events, clock, log, credentials, spending, prices })
  const { speech, recordings, decoder, speechRung, speechHandlers } = joinSpeech({
    storage,
    events,
    clock,
    log,
    downloader: network,
    offeredFiles,
    desktop,
    profilePath,
    episodes,
    feeds,
    spending,
    assetsUrl,
    entry,
    startProcess: startSpeechProcess,
  })
  const transcripts = joinTranscripts({
    speechRung,
    recordings,
    decoder,
    models,
    spending,
    storage,
    events,
    clock,
    ids,
    log,
    fetcher: feeds,
    episodes,
    workers,
    desktop,
    profilePath,
    youTube,
  })
  const extraction = createExtractionService({ workers, log })
  const notes = createNotesService({
    storage,
    events,
    clock,
    ids,
    log,
    profilePath,
    episodes,
    desktop,
    artworkOf,
    owner,
  })
  const interviews = createInterviewsService({ storage, clock, ids })
  const { jobs, previews } = joinJobs({
    storage,
    events,
    clock,
    ids,
    log,
    owner,
    episodes,
    ladder: transcripts,
    rungs: transcripts.rungs,
    models,
    spending,
    extraction,
    notes,
    costs,
    templates,
    vault: settings.vault,
    artworkOf,
    profilePath,
    claim: origin === 'app' ? 'all' : 'own',
  })
  const intake = joinIntake({
    storage,
    episodes,
    transcripts,
    feeds,
    jobs,
    offeredFiles,
    http,
    youTube,
    workers,
    clock,
    log,
    profilePath,
    desktop,
  })
  const { audit, retention } = joinKeeping({
    storage,
    events,
    clock,
    log,
    profilePath,
    desktop,
    costs,
    credentials,
    hasVerifiedBackup: async () => (await backup.health()).newest?.verifiedAtMs != null,
    mayHoldUp: origin === 'headless',
  })
  const app = createAppService({ storage, log, desktop, profilePath, version })

  const backup = joinBackup({
    storage,
    events,
    clock,
    log,
    workers,
    credentials,
    credentialsOf,
    place,
    version,
    desktop,
    offeredFiles,
  })

  const { health, healthSchedule } = joinHealth({
    storage,
    events,
    clock,
    log,
    profilePath,
    workers,
    credentials,
    credentialsOf,
    vaultPath: settings.vault.vaultPath,
    artworkFile: feeds.artworkFile,
    costs,
    notes,
    templates,
    backup,
    ballast,
    notices,
    mayAskKeychain: () => origin === 'headless' || settings.refreshOnStart(),
  })

  const { kit, logs } = joinKitAndLogs({
    storage,
    events,
    clock,
    log,
    workers,
    desktop,
    offeredFiles,
    profileId,
    profilePath,
    credentialsOf,
    feeds,
    models,
    version,
    vaultPath: settings.vault.vaultPath,
    health: () => health.report(),
  })

  const handlers: AppHandlers = {
    app: appHandlers(app),
    audit: auditHandlers(audit),
    backup: backupHandlers(backup),
    costs: money.costsHandlers,
    episodes: episodesHandlers(episodes),
    feeds: feedsHandlers(feeds),
    health: healthHandlers(health),
    intake: intakeHandlers(intake),
    jobs: jobsHandlers(jobs),
    kit: kitHandlers(kit),
    logs: logsHandlers(logs),
    models: modelsHandlers,
    notes: notesHandlers(notes),
    retention: retentionHandlers(retention),
    settings: settingsHandlers(settings),
    speech: speechHandlers,
    templates: templatesHandlers(templates, previews),
    transcripts: transcriptsHandlers(transcripts),
  }
  return {
    handlers,
    events,
    storage,
    log,
    settings,
    templates,
    feeds,
    episodes,
    transcripts,
    intake,
    notes,
    jobs,
    kit,
    logs,
    ...money,
    models,
    speech,
    interviews,
    audit,
    backup,
    retention,
    health,
    /** What befell the database, for the first window and the health check. */
    storageNotices: notices,
    /** For the protocol handler. */
    artworkFile: feeds.artworkFile,
    /** Paths that a person dropped or chose become tokens. */
    offerFiles: offeredFiles.offer,
    /** Another process has committed: every view reads again. */
    announceForeignChange: (): void => {
      announceEverything(events)
      backup.noticeSwitch()
    },
    /** Goes on where the last run ended, then asks the feeds that are due. One part that fails stops no other. */
    async start(): Promise<void> {
      const part = async (name: string, run: () => unknown): Promise<void> => {
        try {
          await timed(log, 'house.start', name, run)
        } catch (error) {
          log.error('house.start-failed', { part: name, error })
        }
      }
      await part('ballast', () => ballast.tend())
      await part('money', () => money.startMoney())
      await part('notes', () => notes.recover())
      await part('secrets', () => feeds.start())
      await part('jobs', () => jobs.begin())
      await part('retention', () => retention.start())
      await part('media', () => sweepIncoming(profilePath, { nowMs: clock.now() }))
      await part('recordings', () => recordings.sweep())
      await part('backup', () => backup.recover())
      await part('health', () => healthSchedule.begin())
      await part('feeds', () => (settings.refreshOnStart() ? feeds.refreshDue() : null))
      if (origin === 'app') backup.daily.start()
    },
    /** Lets running jobs go at their next checkpoint and closes the database, at the latest after a few seconds. */
    async close(): Promise<void> {
      beginClosing()
      healthSchedule.close()
      health.close()
      await within(patienceMs, jobs.stop())
      await within(patienceMs, speech.close())
      await within(patienceMs, network.close())
      await within(patienceMs, models.close())
      await within(patienceMs, youTube.close())
      await within(patienceMs, feeds.close())
      await within(patienceMs, notes.close())
      await within(patienceMs, retention.close())
      await within(patienceMs, backup.close())
      await within(patienceMs, ballast.close())
      logs.close()
      workers.close()
      storage.close()
      log.info('house.closed', { origin })
    },
  }
}

/** What has not ended by then is resumed at the next start. */
const patienceMs = 5_000
