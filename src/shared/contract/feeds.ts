import { z } from 'zod'
import { command, event, Id, Nothing, query, Text, TimeMs } from './define.ts'

export const Credentials = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('basic'), username: Text(255), password: Text(255) }),
  z.strictObject({ type: z.literal('bearer'), token: Text(1000).min(1) }),
])
export type Credentials = z.infer<typeof Credentials>

/** Where the secret of a private feed is kept. `keychain` fails with `keychain-unavailable` where there is none. */
export const SecretStorage = z.enum(['keychain', 'session'])

export const FeedStateKind = z.enum([
  'new', // added, not read yet
  'fine',
  'mended', // read after repairing or salvaging its XML
  'waiting', // the server asked for a pause (429, 503, Retry-After) or back-off
  'paused', // by the user
  'needs-password', // 401, or the secret is missing from the keychain
  'refused', // 403
  'not-a-feed', // a web page or a login page instead of a feed
  'broken', // looks like a feed, cannot be read
  'unreachable', // network, DNS, TLS, time-out, 5xx, 404
  'gone', // 410: no longer asked
  'empty', // suddenly has no episodes; all are kept
])
export const FeedState = z.object({
  kind: FeedStateKind,
  /** One line for the list, e.g. "Sends a web page, not a feed, since Friday". */
  message: z.string(),
  /** What is kept and what to do; null when nothing needs saying. */
  detail: z.string().nullable(),
  sinceMs: TimeMs.nullable(),
})
export type FeedState = z.infer<typeof FeedState>

export const ProposedMove = z.object({
  /** Where it says it lives now, secrets masked. */
  urlDisplay: z.string(),
  reason: z.enum(['permanent-redirect', 'new-feed-url', 'redirect-to-other-host']),
  /** Episodes found at the new address that are known here, of those known here. */
  matchingEpisodes: z.number().int(),
  knownEpisodes: z.number().int(),
})

export const Feed = z.object({
  id: Id,
  kind: z.enum(['rss', 'youtube', 'local', 'sample']),
  /** The user's name for it, else the feed's own title. */
  title: z.string(),
  ownTitle: z.string(),
  author: z.string().nullable(),
  description: z.string().nullable(),
  language: z.string().nullable(),
  siteUrl: z.string().nullable(),
  /** Address with secrets masked; null for local ones. */
  urlDisplay: z.string().nullable(),
  isPrivate: z.boolean(),
  category: z.string().nullable(),
  paused: z.boolean(),
  /** `media/artwork/<id>` below the app's own origin; null when there is none yet. */
  artworkPath: z.string().nullable(),
  episodeCount: z.number().int(),
  newCount: z.number().int(),
  notedCount: z.number().int(),
  latestPublishedAtMs: TimeMs.nullable(),
  addedAtMs: TimeMs,
  lastCheckedAtMs: TimeMs.nullable(),
  nextCheckAtMs: TimeMs.nullable(),
  state: FeedState,
  proposedMove: ProposedMove.nullable(),
  /** A move accepted less than 30 days ago can be undone. */
  canUndoMove: z.boolean(),
  removedAtMs: TimeMs.nullable(),
})
export type Feed = z.infer<typeof Feed>

export const FeedCandidate = z.object({ url: z.string(), title: z.string().nullable() })

export const RefreshOutcome = z.object({
  feedId: Id,
  title: z.string(),
  outcome: z.enum(['updated', 'unchanged', 'failed', 'skipped']),
  newEpisodes: z.number().int(),
  state: FeedState,
})
export type RefreshOutcome = z.infer<typeof RefreshOutcome>

export const OpmlReportLine = z.object({
  line: z.number().int(),
  title: z.string().nullable(),
  urlDisplay: z.string().nullable(),
  outcome: z.enum(['added', 'already-followed', 'refused', 'failed']),
  message: z.string(),
})
export const OpmlReport = z.object({
  added: z.number().int(),
  alreadyFollowed: z.number().int(),
  failed: z.number().int(),
  lines: z.array(OpmlReportLine),
})
export type OpmlReport = z.infer<typeof OpmlReport>

export const feeds = {
  list: query(Nothing, z.array(Feed)),
  get: query(z.strictObject({ feedId: Id }), Feed),
  /** Anything people paste. Fails with codes such as `needs-password`, `not-a-feed` (details.candidates), `refused`. */
  add: command(
    z.strictObject({
      url: Text(4096).min(1),
      credentials: Credentials.optional(),
      secretStorage: SecretStorage.default('keychain'),
      allowLocalNetwork: z.boolean().default(false),
    }),
    z.object({ feed: Feed, alreadyFollowed: z.boolean() }),
  ),
  /** All feeds that are due and not paused, or the ones named. */
  refresh: command(
    z.strictObject({ feedIds: z.array(Id).max(10_000).optional() }),
    z.object({ outcomes: z.array(RefreshOutcome) }),
  ),
  rename: command(z.strictObject({ feedId: Id, title: Text(500).nullable() }), Feed),
  setCategory: command(z.strictObject({ feedId: Id, category: Text(200).nullable() }), Feed),
  setPaused: command(z.strictObject({ feedId: Id, paused: z.boolean() }), Feed),
  setCredentials: command(
    z.strictObject({ feedId: Id, credentials: Credentials, secretStorage: SecretStorage.default('keychain') }),
    Feed,
  ),
  remove: command(z.strictObject({ feedId: Id }), z.object({ feedId: Id, keptNotes: z.number().int() })),
  undoRemove: command(z.strictObject({ feedId: Id }), Feed),
  acceptMove: command(z.strictObject({ feedId: Id }), Feed),
  dismissMove: command(z.strictObject({ feedId: Id }), Feed),
  undoMove: command(z.strictObject({ feedId: Id }), Feed),
  /** Opens a file dialog, or reads the offered file. */
  importOpml: command(z.strictObject({ token: Text(100).optional() }), OpmlReport.nullable()),
  /** Opens a save dialog; null when the user left it. */
  exportOpml: command(
    z.strictObject({ includePrivate: z.boolean().default(false) }),
    z.object({ fileName: z.string(), feeds: z.number().int(), leftOut: z.number().int() }).nullable(),
  ),
  changed: event(z.object({ feedId: Id.nullable() })),
  /** While several feeds are refreshed. */
  progress: event(z.object({ done: z.number().int(), total: z.number().int() })),
}
