import { createHash } from 'node:crypto'
import { escapeMarkdownText } from '#shared/markdown-escape.ts'
import type { EpisodeRecord, NoteDraft } from '../services.ts'
import { list, number, plain, tagOf, text, type YamlValue, yamlMapping } from './frontmatter.ts'
import { dayOf } from './names.ts'
import { neutralise } from './neutralise.ts'
import { episodeUrl, timedUrl } from './public-url.ts'
import { timesToFile } from './time-links.ts'

/** A file as it will stand in the vault. */
export interface NoteText {
  readonly bytes: Buffer
  readonly sha256: string
  /** Equal when only dates and costs differ: then there is nothing new to offer. */
  readonly contentSha256: string
}

export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')

/** Frontmatter, heading, body. @param madeAtMs when the run was made: the same run gives the same bytes */
export function noteText(episode: EpisodeRecord, draft: NoteDraft, madeAtMs: number): NoteText {
  const url = episodeUrl(episode)
  const published = dayOf(episode.publishedAtMs)
  const lasting: [string, YamlValue][] = [
    ['template', text(draft.templateName)],
    ['template_version', text(draft.templateVersion)],
    ['podcast', text(episode.feedTitle)],
    ['episode', text(episode.title)],
    ...(published === null ? [] : [['date', plain(published)] as [string, YamlValue]]),
    ['provider', text(draft.provider)],
    ['model', text(draft.model)],
    ...(url === null ? [] : [['url', text(url)] as [string, YamlValue]]),
    ['tags', list(['podcast', 'inkwell', tagOf(draft.templateName)])],
  ]
  const passing: [string, YamlValue][] = [
    ['extracted', plain(dayOf(madeAtMs) ?? '1970-01-01')],
    ['cost_usd', number(draft.costMicroUsd / 1e6, 4)],
  ]
  const body = `${noteHeading(draft.title, episode.title)}\n\n${timesToFile(neutralise(draft.markdown), timedUrl(episode)).trim()}\n`
  const tags = lasting.length - 1
  const frontmatter = yamlMapping([...lasting.slice(0, tags), ...passing, ...lasting.slice(tags)])
  return textOf(`---\n${frontmatter}---\n\n${body}`, `${yamlMapping(lasting)}\n${body}`)
}

/** Our own first line; the reader leaves it out. */
export function noteHeading(noteTitle: string, episodeTitle: string): string {
  const words = [noteTitle, episodeTitle].filter((title) => title.trim() !== '').join(': ')
  return `# ${neutralise(escapeMarkdownText(words.slice(0, 600)))}`
}

/** @param lasting what of it counts as its content */
export function textOf(content: string, lasting = content): NoteText {
  const bytes = Buffer.from(content)
  return { bytes, sha256: sha256(bytes), contentSha256: sha256(lasting) }
}
