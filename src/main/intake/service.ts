import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import type { OpmlReport } from '#shared/contract/feeds.ts'
import type { IntakeItem } from '#shared/contract/intake.ts'
import type { OfferedFile } from '#shared/contract/types.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import type { Clock, Desktop, Http, Log, WorkerRunner } from '../ports.ts'
import type { Episodes, TranscriptLadder } from '../services.ts'
import type { PlaylistEntry } from '../youtube/client.ts'
import { watchUrl } from '../youtube/links.ts'
import { storeMedia } from './media-store.ts'
import type { FileOffers } from './offered-files.ts'
import { createRecogniser, type IntakeSource } from './recognise.ts'
import type { VideoFacts } from './recognise-video.ts'
import { isTakeable, type Recognised } from './recognised.ts'

export interface Accepted {
  feedIds: string[]
  episodeIds: string[]
  jobIds: string[]
  problems: string[]
}
type JobsStarted = Result<{ jobIds: string[]; activeJobIds?: string[]; skipped: number }>
/** Of the command line: which notes, and a folder for this call alone (absolute). */
export interface TakeOptions {
  readonly templates?: string[] | undefined
  readonly vaultPath?: string | undefined
  /** False takes it into the library and starts nothing. */
  readonly start?: boolean | undefined
}
export interface IntakeDeps {
  readonly episodes: Pick<Episodes, 'addLocal'>
  readonly transcripts: Pick<TranscriptLadder, 'store'>
  readonly feeds: {
    add(input: {
      url: string
      secretStorage: 'keychain' | 'session'
      allowLocalNetwork: boolean
    }): Promise<Result<{ feed: { id: string }; alreadyFollowed: boolean }>>
    importOpmlBytes(opml: Buffer): Promise<Result<Pick<OpmlReport, 'lines'> & { feedIds: string[] }>>
  }
  readonly jobs: {
    start(input: {
      episodeIds: string[]
      templates?: string[] | undefined
      vaultPath?: string | undefined
    }): JobsStarted | Promise<JobsStarted>
  }
  readonly offeredFiles: FileOffers
  readonly http: Http
  readonly youTube: VideoFacts
  /** The episode of a video that a followed feed has; null when none has. */
  readonly episodeOfVideo: (videoId: string) => string | null
  readonly workers: WorkerRunner
  readonly clock: Clock
  readonly log: Log
  readonly profilePath: string
  /** What notes of something this long would cost, in micro-dollars; null where no price is known. */
  readonly price: (about: { readonly title: string; readonly durationSeconds: number | null }) => number | null
  /** Null without a window. */
  readonly desktop: Pick<Desktop, 'chooseFiles'> | null
  readonly sample: { add(): Promise<Result<{ feedId: string; episodeId: string }>> }
}

const offeredExtensions = [
  'mp3',
  'm4a',
  'm4b',
  'mp4',
  'ogg',
  'opus',
  'flac',
  'wav',
  'webm',
  'mkv',
  'aac',
  'mov',
  'aiff',
].concat(
  ['pdf', 'png', 'jpg', 'jpeg', 'gif', 'webp'],
  ['vtt', 'srt', 'json', 'html', 'htm', 'md', 'markdown', 'txt', 'opml', 'xml'],
)

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

type Takeable = Extract<Recognised, { words: unknown }>
type Input = { text?: string | undefined; tokens?: string[] | undefined }

export type IntakeService = ReturnType<typeof createIntakeService>

export function createIntakeService(deps: IntakeDeps) {
  const { episodes, transcripts, feeds, jobs, offeredFiles, log, profilePath, desktop, sample } = deps
  const recognise = createRecogniser(deps)

  const sources = ({ text, tokens = [] }: Input): IntakeSource[] => [
    ...(text === undefined || text.trim() === '' ? [] : [{ text }]),
    ...tokens.map((token) => ({ path: offeredFiles.pathOf(token) })),
  ]

  /** The recording first: what names it must find it. @returns the episode, and whether it has words */
  const take = async (found: Takeable, problems: string[]): Promise<{ id: string; hasWords: boolean } | null> => {
    const { media, words, item } = found
    const stored = media && (await storeMedia(profilePath, media.path, media.extension))
    if (stored && !stored.ok) {
      problems.push(`${basename(media!.path)}: ${stored.error.message}`)
      if (!words) return null
      problems.push(
        `${basename(media!.path)}: notes are made from its transcript; the recording itself was not copied.`,
      )
    }
    const kept = stored?.ok ? stored.value : null
    const episode = episodes.addLocal({
      title: item.title,
      contentSha256: kept?.sha256 ?? sha256(words!.bytes),
      publishedAtMs: found.publishedAtMs,
      durationSeconds: found.durationSeconds,
      language: found.language,
      mediaPath: kept?.path ?? null,
      mediaType: kept ? media!.mime : null,
      link: found.link,
    })
    // A document's pages are read when its notes are made.
    if (!words) return { id: episode.id, hasWords: item.action === 'make-notes' }
    const written = await transcripts.store(episode.id, words.source, words)
    if (!written.ok) problems.push(`${item.title}: ${written.error.message}`)
    return { id: episode.id, hasWords: written.ok }
  }

  /** One that a followed channel has is that episode. */
  const takeVideo = ({ id, title, durationSeconds }: PlaylistEntry): string =>
    deps.episodeOfVideo(id) ??
    episodes.addLocal({
      title,
      contentSha256: sha256(Buffer.from(`youtube:${id}`)),
      publishedAtMs: null,
      durationSeconds,
      language: null,
      mediaPath: null,
      mediaType: null,
      link: watchUrl(id),
    }).id

  const priced = (found: Recognised): IntakeItem => {
    if (found.item.action !== 'make-notes') return found.item
    const all = 'videos' in found ? found.videos : 'words' in found ? [lengthOf(found)] : []
    const prices = all.map(deps.price)
    const sum = prices.reduce((total, price) => (total === null || price === null ? null : total + price), 0)
    return { ...found.item, costMicroUsd: sum }
  }

  const importList = async (title: string, opml: Buffer, { feedIds, problems }: Accepted): Promise<void> => {
    const report = await feeds.importOpmlBytes(opml)
    if (!report.ok) {
      problems.push(`${title}: ${report.error.message}`)
      return
    }
    feedIds.push(...report.value.feedIds)
    for (const { line, title: named, urlDisplay, outcome, message } of report.value.lines)
      if (outcome === 'failed' || outcome === 'refused')
        problems.push(`Line ${line}, ${named ?? urlDisplay ?? 'without a name'}: ${message}`)
  }

  const acceptAll = async (
    wanted: readonly IntakeSource[],
    { templates, vaultPath, start = true }: TakeOptions,
  ): Promise<Result<Accepted>> => {
    const accepted: Accepted = { feedIds: [], episodeIds: [], jobIds: [], problems: [] }
    const { problems } = accepted
    const withWords: string[] = []
    for (const found of await recognise(wanted)) {
      if (isTakeable(found)) {
        const taken = await take(found, problems)
        if (!taken) continue
        if (!accepted.episodeIds.includes(taken.id)) accepted.episodeIds.push(taken.id)
        if (taken.hasWords && !withWords.includes(taken.id)) withWords.push(taken.id)
      } else if ('videos' in found) {
        const taken = found.videos.map(takeVideo)
        accepted.episodeIds.push(...taken.filter((id) => !accepted.episodeIds.includes(id)))
        withWords.push(...taken.filter((id) => !withWords.includes(id)))
      } else if ('url' in found) {
        const added = await feeds.add({ url: found.url, secretStorage: 'keychain', allowLocalNetwork: false })
        if (added.ok) accepted.feedIds.push(added.value.feed.id)
        else problems.push(added.error.message)
      } else if ('opml' in found) await importList(found.item.title, found.opml, accepted)
      else problems.push(`${found.item.title}: ${found.item.sentence}`)
    }
    if (withWords.length > 0 && start) {
      const started = await jobs.start({
        episodeIds: withWords,
        ...(templates ? { templates } : {}),
        ...(vaultPath === undefined ? {} : { vaultPath }),
      })
      // What is under way already is as good as what was started now.
      if (started.ok) accepted.jobIds = [...started.value.jobIds, ...(started.value.activeJobIds ?? [])]
      else problems.push(started.error.message)
    }
    log.info('intake.accept', {
      feeds: accepted.feedIds.length,
      episodes: accepted.episodeIds.length,
      jobs: accepted.jobIds.length,
      problems: problems.length,
    })
    return ok(accepted)
  }

  return {
    /** Looks, and changes nothing. An address is fetched to see what it is. */
    async inspect(input: Input): Promise<Result<IntakeItem[]>> {
      return ok((await recognise(sources(input))).map(priced))
    },
    accept: (input: Input & { templates?: string[] | undefined }) =>
      acceptAll(sources(input), { templates: input.templates }),
    async chooseFiles(): Promise<Result<OfferedFile[] | null>> {
      if (!desktop) return fail('no-window', 'Files can be chosen only in the app. Name them on the command line.')
      const paths = await desktop.chooseFiles('Choose recordings, transcripts or articles', offeredExtensions)
      return paths.length === 0 ? ok(null) : offeredFiles.offer(paths)
    },
    async trySample(): Promise<Result<{ feedId: string; episodeId: string; jobId: string }>> {
      const added = await sample.add()
      if (!added.ok) return added
      const started = await jobs.start({ episodeIds: [added.value.episodeId] })
      if (!started.ok) return started
      const jobId = started.value.jobIds[0]
      return jobId === undefined
        ? fail('already-running', 'Notes of the sample are being made already. See Activity.')
        : ok({ ...added.value, jobId })
    },
    /** For the command line: a file or a folder of files. */
    async takeFile(path: string, options: TakeOptions = {}): Promise<Result<Accepted>> {
      const offered = await offeredFiles.offer([path])
      if (!offered.ok) return offered
      return acceptAll(
        offered.value.map(({ token }) => ({ path: offeredFiles.pathOf(token) })),
        options,
      )
    },
    /** For the command line: an address, a transcript or prose. */
    takeText: (text: string, options: TakeOptions = {}) => acceptAll([{ text }], options),
  }
}

/** About as many as one speaks or reads aloud. */
const bytesPerSecond = 15
/** Words without times are as long as it would take to say them. */
const lengthOf = ({ item, words, durationSeconds }: Takeable) => ({
  title: item.title,
  durationSeconds: durationSeconds ?? (words ? Math.ceil(words.bytes.length / bytesPerSecond) : null),
})
