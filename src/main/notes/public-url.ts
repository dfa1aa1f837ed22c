import type { EpisodeRecord } from '../services.ts'
import { inertUrl } from './links.ts'

const secretParameter = /token|auth|key|secret|sig|pass|pwd|session|hash|credential|jwt|user/i

/** An address that may stand in a note: http(s), and nothing in it that could be a secret. Null when there is none. */
export function publicUrl(candidate: string | null): string | null {
  if (candidate === null || candidate.length > 2_000 || /\{secret:\d+\}|%7Bsecret/i.test(candidate)) return null
  if (!URL.canParse(candidate)) return null
  const url = new URL(candidate)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null
  if (url.username !== '' || url.password !== '') return null
  if ([...url.searchParams.keys()].some((name) => secretParameter.test(name))) return null
  return inertUrl(url.href)
}

type Linked = Pick<EpisodeRecord, 'link' | 'mediaUrl'>

/** The page of the episode, else its recording. */
export const episodeUrl = ({ link, mediaUrl }: Linked): string | null => publicUrl(link) ?? publicUrl(mediaUrl)

/** What a time is appended to: the recording, else the page. */
export const timedUrl = ({ link, mediaUrl }: Linked): string | null => publicUrl(mediaUrl) ?? publicUrl(link)
