import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { draft, transcript } from '../../src/main/notes/notes-testing.ts'
import type { WriteNotesInput } from '../../src/main/services.ts'
import { type Home, openHome, sha256 } from './home.ts'
import { type Scenario, userTexts } from './scenario.ts'

/** What every scenario starts from: a notes folder with the user's own pages, three feeds, three episodes, a ledger, a talk. */
export async function layGround(root: string, scenario: Scenario): Promise<void> {
  const home = await openHome(root)
  for (const [name, text] of Object.entries(userTexts)) {
    mkdirSync(dirname(join(home.vault, name)), { recursive: true })
    writeFileSync(join(home.vault, name), text)
  }
  home.house.settings.takeVault(home.vault)
  await home.ask('settings.set', { refreshOnStart: false })
  await home.house.feeds.importOpmlText(opmlOf(['Tides', 'Signal Box', 'Night Train']))
  await home.house.feeds.settled()
  for (const title of episodeTitles) addEpisode(home, title)
  for (let entry = 1; entry <= 3; entry++) home.costs.append(charge(entry))
  await scenario.prepare(home)
  await home.house.notes.settled()
  await home.close()
  scenario.prepareClosed?.(root)
}

/** Addresses that the house refuses before it opens a socket: nothing leaves the machine, and nothing waits. */
export const feedUrl = (title: string): string => `http://127.0.0.1:9/${title.toLowerCase().replace(/ /g, '-')}.xml`
export const opmlOf = (titles: readonly string[]): string =>
  `<opml version="2.0"><head><title>Feeds</title></head><body>${titles
    .map((title) => `<outline type="rss" text="${title}" xmlUrl="${feedUrl(title)}"/>`)
    .join('')}</body></opml>`

export const episodeTitles = ['How a tide table is made', 'The last signal box', 'Sleeping at 120 km/h'] as const
export const addEpisode = ({ house }: Home, title: string) =>
  house.episodes.addLocal({
    title,
    contentSha256: sha256(title),
    publishedAtMs: Date.UTC(2026, 9, 30),
    durationSeconds: 2_520,
    language: 'en',
    mediaPath: null,
    mediaType: null,
    link: null,
  })
export const episodeCalled = ({ house }: Home, title: string): string => {
  const found = house.episodes.list(null).find((episode) => episode.title === title)
  if (!found) throw new Error(`no episode is called ${title}`)
  return found.id
}

const hex = (number: number, digits: number): string => number.toString(16).padStart(digits, '0')
export const uuid = (number: number): string => `01900000-0000-7000-8000-${hex(number, 12)}`

/** A charge of as many millionths of a dollar as its number says, so that sums tell which are there. */
export const charge = (number: number, atMs = Date.UTC(2026, 10, 23)) => ({
  id: uuid(0xc0_0000 + number),
  at_ms: atMs + number,
  provider: 'claude',
  model: 'model-1',
  operation: 'extraction',
  outcome: 'succeeded' as const,
  amount_kind: 'known' as const,
  cost_micro_usd: 1_000 + number,
  input_tokens: 100,
  output_tokens: 10,
  cached_tokens: null,
  audio_ms: null,
  feed_id: null,
  episode_id: null,
  template_name: 'summary',
  job_id: null,
  price_version: '2026-11',
  imported_from: null,
})

export const notesInput = (
  { vault }: { vault: string },
  episodeId: string,
  runId: string,
  texts: Readonly<Record<string, string>>,
): WriteNotesInput => ({
  episodeId,
  runId,
  vaultPath: vault,
  drafts: Object.entries(texts).map(([name, text]) => draft(name, text)),
  transcript: { ...transcript, episodeId },
  chapters: [],
})
