/**
 * What features ask of each other inside main. Each service implements its part and is handed the parts it needs
 * (compose.ts); nothing here crosses IPC.
 */
import type { Chapter, Person } from '#shared/contract/episodes.ts'
import type { RungId, Segment, Transcript, TranscriptSource } from '#shared/contract/transcripts.ts'
import type { Result } from '#shared/result.ts'
import type { HttpFailureCode, HttpResponse } from './ports.ts'
import type { SpendRefusal } from './services-models.ts'

export interface TranscriptRef {
  /** May hold `{secret:n}` in place of a secret; only FeedFetcher can open it. */
  readonly url: string
  /** As declared; it lies. */
  readonly type: string | null
  readonly language: string | null
  readonly rel: string | null
}

/** An episode as main knows it. */
export interface EpisodeRecord {
  readonly id: string
  readonly feedId: string
  readonly feedTitle: string
  readonly feedKind: 'rss' | 'youtube' | 'local' | 'sample'
  readonly language: string | null
  readonly guid: string | null
  readonly title: string
  readonly number: string | null
  readonly season: string | null
  readonly publishedAtMs: number | null
  readonly durationSeconds: number | null
  readonly descriptionHtml: string | null
  readonly link: string | null
  /** May hold `{secret:n}`. */
  readonly mediaUrl: string | null
  readonly mediaType: string | null
  /** The copy that is here, relative to the profile. */
  readonly mediaPath: string | null
  readonly transcriptRefs: readonly TranscriptRef[]
  readonly chaptersUrl: string | null
  /** From the feed itself (psc:chapters) or a file; podcast:chapters are fetched by TranscriptLadder. */
  readonly chapters: readonly Chapter[]
  readonly persons: readonly Person[]
}

export interface NewLocalEpisode {
  readonly title: string
  /** SHA-256 of the file or text: the same content is the same episode. */
  readonly contentSha256: string
  readonly publishedAtMs: number | null
  readonly durationSeconds: number | null
  readonly language: string | null
  /** Content-addressed copy of a dropped recording, relative to the profile; null for words. */
  readonly mediaPath: string | null
  readonly mediaType: string | null
  readonly link: string | null
}

export interface Episodes {
  get(episodeId: string): EpisodeRecord | null
  /** In the feed "Your files and texts", which is made when first needed. Idempotent by contentSha256. */
  addLocal(episode: NewLocalEpisode): EpisodeRecord
  /** Chapters that were fetched for it. */
  setChapters(episodeId: string, chapters: readonly Chapter[]): void
  markProcessed(episodeId: string): void
}

/** Fetches what belongs to a feed (transcript, chapters, image): opens `{secret:n}`, sends its credentials to its own origin only. */
export interface FeedFetcher {
  fetch(
    feedId: string,
    url: string,
    options: { maxBytes: number; signal?: AbortSignal | undefined },
  ): Promise<Result<HttpResponse, HttpFailureCode | 'needs-password'>>
}

export type LadderFailure =
  | 'needs-speech-recognition' // no rung has words; the recording is kept
  | 'transcript-unreadable'
  | 'transcript-unreachable'
  | 'needs-password'
  | 'episode-missing'
  | 'rung-failed' // its own words say why
  | SpendRefusal
  | 'cancelled'

export interface TranscriptLadder {
  /** Null while none is stored. */
  stored(episodeId: string): Transcript | null
  /** Cache → publisher → the rungs, by choice and price. Also fetches chapters. Says in words which rung gave it. */
  obtain(
    episodeId: string,
    options: {
      signal: AbortSignal
      onProgress: (fraction: number, words: string) => void
      jobId?: string | undefined
      /** What the user said yes to, in micro-dollars: without it only free rungs are tried, or the chosen one. */
      approvedMicroUsd?: number | null | undefined
      /** Chosen for this episode; the feed's choice, else the first free one, when not given. */
      rung?: RungId | undefined
      /** Makes it anew although there is one. */
      again?: boolean | undefined
    },
  ): Promise<Result<Transcript, LadderFailure>>
  /** Reads a transcript file or text of any known format and stores it for the episode. */
  store(
    episodeId: string,
    source: TranscriptSource,
    content: { bytes: Buffer; fileName: string | null; declaredType: string | null },
  ): Promise<Result<Transcript, 'transcript-unreadable' | 'cancelled'>>
}

export interface Template {
  readonly name: string
  readonly title: string
  readonly version: string
  readonly description: string
  readonly category: string
  /** How the offline provider makes it; null when it needs a model. */
  readonly offlineRecipe: OfflineRecipe | null
  readonly builtIn: boolean
  readonly prompt: TemplatePrompt
}
/** What of a template goes into a request to a model; plain data, kept with the job. */
export interface TemplatePrompt {
  readonly systemPrompt: string
  /** Jinja2 and Liquid in their common subset. */
  readonly userPromptTemplate: string
  /** Lines of the file where the two begin, for messages. */
  readonly systemLine: number
  readonly userLine: number
  readonly expectedFormat: 'json' | 'markdown' | 'yaml' | 'text'
  readonly maxTokens: number
  readonly temperature: number
  readonly variables: readonly { readonly name: string; readonly defaultText: string | null }[]
  /** `few_shot_examples`, as they stand in the file. */
  readonly examples: readonly ExampleValue[]
  readonly modelPreference: 'auto' | 'claude' | 'gemini'
}
export type ExampleValue = string | readonly ExampleValue[] | { readonly [key: string]: ExampleValue }
export type OfflineRecipe =
  | 'summary'
  | 'quotes'
  | 'key-concepts'
  | 'tools-mentioned'
  | 'books-mentioned'
  | 'people-mentioned'
  | 'frameworks-mentioned'
  | 'step-by-step-plan'

export interface Templates {
  get(name: string): Result<Template, 'no-such-template' | 'invalid-template'>
  /** Names chosen for new jobs. */
  defaults(): string[]
}

/** Plain data: it is sent to a worker. */
export interface ExtractionInput {
  readonly templates: readonly Pick<Template, 'name' | 'title' | 'version' | 'offlineRecipe'>[]
  readonly segments: readonly Segment[]
  readonly chapters: readonly Chapter[]
  readonly persons: readonly Person[]
  readonly language: string | null
  readonly episodeTitle: string
  readonly feedTitle: string
  readonly descriptionText: string | null
}
export interface NoteDraft {
  readonly templateName: string
  readonly templateVersion: string
  readonly title: string
  /** Body without frontmatter and without a first-level heading. Text from outside in it is already made safe for Markdown by the extractor's writer. */
  readonly markdown: string
  readonly itemCount: number | null
  readonly provider: string
  readonly model: string
  readonly costMicroUsd: number
  /** Seconds of the transcript that were read; null without times. */
  readonly coveredFromSeconds: number | null
  readonly coveredToSeconds: number | null
  /** What was sent to a model and answered to the end; left out by the offline extractor, which reads all. */
  readonly coveredSpans?: readonly { readonly fromSeconds: number; readonly toSeconds: number }[]
  /** Quotations that stand in the transcript word for word, of those that were looked up. */
  readonly quotesFound?: number
  readonly quotesChecked?: number
  /** Charges whose amount nobody knows; they are in no sum. */
  readonly unknownCharges?: number
}
export type ExtractionFailure =
  | 'needs-model'
  | 'language-not-supported'
  | 'transcript-empty'
  | 'extraction-failed'
  | 'cancelled'
export interface Extraction {
  /** One result per template, in order. A failed one says why and writes nothing. */
  extract(
    input: ExtractionInput,
    options: { signal: AbortSignal },
  ): Promise<Result<{ template: string; result: Result<NoteDraft, ExtractionFailure> }[], ExtractionFailure>>
}

export interface WriteNotesInput {
  readonly episodeId: string
  /** Job id: the same run written twice changes nothing. */
  readonly runId: string
  /** Absolute. */
  readonly vaultPath: string
  readonly drafts: readonly NoteDraft[]
  /** Templates whose new text waits beside a note that differs, also where the user did not edit it. */
  readonly reviewTemplates?: readonly string[]
  /** Written to `_transcript.md`. */
  readonly transcript: Transcript
  readonly chapters: readonly Chapter[]
}
export interface WrittenNotes {
  /** Absolute path of the episode's folder. */
  readonly folder: string
  readonly files: readonly {
    readonly templateName: string
    /** From that folder on; one that the user moved by itself stands elsewhere in the vault. */
    readonly fileName: string
    readonly outcome: 'written' | 'unchanged' | 'beside-edited' | 'stays-deleted' | 'waiting'
  }[]
}
export type WriteNotesFailure =
  | 'vault-missing'
  | 'vault-read-only'
  | 'vault-full'
  | 'path-refused' // a symlink, device or file stands where the folder should be
  | 'write-failed'
export interface Notes {
  /** The intent is durable before the first byte reaches the vault: a failure later is rolled forward by `recover`. */
  write(input: WriteNotesInput): Promise<Result<WrittenNotes, WriteNotesFailure>>
  /** Rolls open intents forward. At start and before each write to the episode. */
  recover(): Promise<void>
}

/** What the vault's state is, and where notes go. */
export interface VaultSettings {
  vaultPath(): string | null
}

/** Files that a person dropped or chose; pages hold tokens, never paths. */
export interface OfferedFiles {
  pathOf(token: string): string | null
}
