import type { Transcript } from '#shared/contract/transcripts.ts'
import type { PromptSource } from '../extraction/with-models/compose-prompt.ts'
import { choiceOf, type PinnedTemplate } from '../jobs/stage.ts'
import { episodeUrl } from '../notes/public-url.ts'
import type { EpisodeRecord, ExtractionInput } from '../services.ts'

/** What templates may say of an episode. */
export const promptSource = (
  episode: EpisodeRecord,
  language: string | null,
  toText: (html: string) => string,
): PromptSource => ({
  feedTitle: episode.feedTitle,
  episodeTitle: episode.title,
  url: episodeUrl(episode),
  publishedAtMs: episode.publishedAtMs,
  durationSeconds: episode.durationSeconds,
  language: language ?? episode.language,
  descriptionText: episode.descriptionHtml === null ? null : toText(episode.descriptionHtml),
  persons: episode.persons.map(({ name }) => name),
})

export const extractionInput = (
  episode: EpisodeRecord,
  transcript: Transcript,
  templates: readonly PinnedTemplate[],
  toText: (html: string) => string,
): ExtractionInput => ({
  templates: templates.map(({ name, title, version, offlineRecipe }) => ({ name, title, version, offlineRecipe })),
  segments: transcript.segments,
  chapters: episode.chapters,
  persons: episode.persons,
  language: transcript.language ?? episode.language,
  episodeTitle: episode.title,
  feedTitle: episode.feedTitle,
  descriptionText: episode.descriptionHtml === null ? null : toText(episode.descriptionHtml),
})

export const isOffline = (template: PinnedTemplate): boolean => choiceOf(template).providerId === 'offline'
