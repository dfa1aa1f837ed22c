import type { Feed } from '#shared/contract/feeds.ts'
import type { StateKind } from '../../ui/index.ts'

/** The one act that mends a feed; null when it needs nothing of the user. */
export type Mend = 'password' | 'move' | 'find' | 'again' | 'resume'
export interface FeedStateView {
  readonly kind: StateKind
  readonly words: string
  /** What, since when, what is kept. */
  readonly detail: string | null
  readonly mend: Mend | null
}

export const mendWords: Record<Mend, string> = {
  password: 'Enter password',
  move: 'Review the move',
  find: 'Find the feed',
  again: 'Try again',
  resume: 'Resume',
}

const looks: Record<Feed['state']['kind'], { kind: StateKind; mend: Mend | null }> = {
  new: { kind: 'wait', mend: null },
  fine: { kind: 'ok', mend: null },
  mended: { kind: 'ok', mend: null },
  waiting: { kind: 'wait', mend: null },
  paused: { kind: 'pause', mend: 'resume' },
  'needs-password': { kind: 'lock', mend: 'password' },
  refused: { kind: 'bad', mend: 'again' },
  'not-a-feed': { kind: 'bad', mend: 'find' },
  broken: { kind: 'bad', mend: 'again' },
  unreachable: { kind: 'bad', mend: 'again' },
  gone: { kind: 'bad', mend: 'find' },
  empty: { kind: 'warn', mend: 'again' },
}

const moveDetail = (move: NonNullable<Feed['proposedMove']>): string => {
  const all = move.matchingEpisodes === move.knownEpisodes && move.knownEpisodes > 0
  const evidence = `${move.matchingEpisodes} of ${move.knownEpisodes} episodes match.`
  return `${all ? `Same show, ${evidence}` : evidence} Still read from the old address.`
}

/** What the State column says. A paused feed asks for nothing else; a failure comes before an offered move. */
export function feedStateView(feed: Pick<Feed, 'state' | 'proposedMove' | 'paused'>): FeedStateView {
  const { state, proposedMove } = feed
  if (feed.paused && state.kind !== 'paused')
    return { kind: 'pause', words: 'Paused', detail: 'Its episodes stay readable.', mend: 'resume' }
  const look = looks[state.kind]
  const quiet = look.mend === null || look.mend === 'again'
  if (proposedMove && quiet)
    return {
      kind: 'moved',
      words: `Says it has moved to ${proposedMove.urlDisplay.replace(/^https?:\/\//, '')}`,
      detail: moveDetail(proposedMove),
      mend: 'move',
    }
  return { ...look, words: state.message, detail: state.detail }
}

/** What only the user can mend; the rest is tried again by itself, and pausing was their own choice. */
export const needsUser = (feed: Pick<Feed, 'state' | 'proposedMove' | 'paused'>): boolean => {
  const { mend } = feedStateView(feed)
  return mend === 'password' || mend === 'move' || mend === 'find'
}
