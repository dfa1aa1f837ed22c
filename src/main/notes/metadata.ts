import type { Transcript } from '#shared/contract/transcripts.ts'
import type { EpisodeRecord } from '../services.ts'
import {
  list,
  nothing,
  number,
  plain,
  readMapping,
  text,
  type YamlRead,
  type YamlValue,
  yamlMapping,
} from './frontmatter.ts'
import { dayOf } from './names.ts'
import { type NoteText, sha256, textOf } from './note-text.ts'
import { episodeUrl } from './public-url.ts'

export const metadataFileName = '.metadata.yaml'
/** inkwell-cli wrote files without one (0) and with 1. */
export const metadataSchemaVersion = 2
const checksumLine = /\n# checksum: ([0-9a-f]{64})\n?$/

export interface AppliedTemplate {
  readonly name: string
  readonly version: string
  readonly costMicroUsd: number
}

/** `.metadata.yaml` with the hash of all that stands before its last line. */
export function metadataText(
  episode: EpisodeRecord,
  transcript: Pick<Transcript, 'source'>,
  templates: readonly AppliedTemplate[],
  madeAtMs: number,
): NoteText {
  const url = episodeUrl(episode)
  const published = dayOf(episode.publishedAtMs)
  const micro = templates.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0)
  const entries = (processed: string): [string, YamlValue][] => [
    ['schema_version', number(metadataSchemaVersion)],
    ['podcast_name', text(episode.feedTitle)],
    ['episode_title', text(episode.title)],
    ['episode_url', url === null ? nothing : text(url)],
    ['published_date', published === null ? nothing : plain(published)],
    ['duration_seconds', episode.durationSeconds === null ? nothing : number(Math.round(episode.durationSeconds))],
    ['processed_date', text(processed)],
    ['transcription_source', text(transcript.source)],
    ['templates_applied', list(templates.map(({ name }) => name))],
    ['templates_versions', { kind: 'map', entries: templates.map(({ name, version }) => [name, version] as const) }],
    ['total_cost_usd', number(micro / 1e6, 6)],
    ['inkwell_episode_id', text(episode.id)],
  ]
  return textOf(sealed(yamlMapping(entries(new Date(madeAtMs).toISOString()))), yamlMapping(entries('')))
}

const sealed = (yaml: string): string => `${yaml}# checksum: ${sha256(yaml)}\n`

/**
 * What became of a metadata file. `changed`: it has a checksum that does not fit, by hand or by rot. `unsealed`:
 * inkwell-cli's files mostly carry none.
 */
export function verifyMetadata(content: string): {
  readonly seal: 'fits' | 'changed' | 'unsealed'
  /** 0 where the file says none; null where it cannot be read. */
  readonly schemaVersion: number | null
  readonly values: ReadonlyMap<string, YamlRead> | null
} {
  const line = checksumLine.exec(content)
  const body = line ? content.slice(0, line.index + 1) : content
  const values = readMapping(body)
  const schemaVersion = values === null ? null : versionOf(values.get('schema_version'))
  // Since version 2 every file carries one: without it, its line was hit.
  const expected = /# checksum:/.test(content) || schemaVersion === null || schemaVersion >= metadataSchemaVersion
  const seal = line && sha256(body) === line[1] ? 'fits' : line || expected ? 'changed' : 'unsealed'
  return { seal, schemaVersion, values }
}

function versionOf(value: YamlRead | undefined): number | null {
  if (value === undefined) return 0
  return typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : null
}

/** A file of a later Inkwell is left as it is. */
export const isNewerMetadata = (content: string): boolean =>
  (verifyMetadata(content).schemaVersion ?? 0) > metadataSchemaVersion
