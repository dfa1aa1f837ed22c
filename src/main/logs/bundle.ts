import { randomBytes } from 'node:crypto'
import * as os from 'node:os'
import type { z } from 'zod'
import type { BundleFile, LogLine } from '#shared/contract/logs.ts'
import type { Reader } from '../storage/storage.ts'
import { databaseFacts, diskFacts, settingFacts, systemFacts } from './facts.ts'
import { createPrivateWords } from './private-words.ts'
import type { Redactor } from './redact.ts'

type File = z.infer<typeof BundleFile>
export interface BundleSources {
  readonly reader: Reader
  readonly profilePath: string
  readonly vaultPath: () => string | null
  readonly version: string
  /** The last report of the health check; null before the first. */
  readonly health: () => unknown
  /** Newest first. */
  readonly lines: () => Promise<readonly LogLine[]>
  readonly logProblem: () => unknown
  readonly redactor: Redactor
}

const about = `What Inkwell's diagnostics hold, and what they do not.

In it: versions and kind of this computer (system), the state of the database and how many rows it has (database), sizes
(disk), choices in Settings (settings), the last health report (health), the last lines of the log (log).

Not in it: passwords, tokens, addresses of private feeds, notes, transcripts, interviews, and what things cost. Titles of
shows and episodes are replaced by <title>, your folders by <notes folder>, <profile> and ~. A word that Inkwell did not
recognise as a title may still be there: read it before you give it away, and leave out what you like.
`

/** Each part as text for a person to read: what is shown is what is saved. */
export async function prepareFiles(sources: BundleSources): Promise<File[]> {
  const { reader, profilePath, redactor } = sources
  const hidePrivate = createPrivateWords(privateThings(reader, profilePath, sources.vaultPath()))
  const clean = (text: string): string =>
    text
      .split('\n')
      .map((line) => redactor.text(hidePrivate(line)))
      .join('\n')
  const file = (name: string, text: string): File => {
    const shown = clean(text)
    return { name, text: shown, bytes: Buffer.byteLength(shown) }
  }
  const json = async (name: string, read: () => unknown): Promise<File> => {
    let facts: unknown
    try {
      facts = await read()
    } catch (error) {
      // A damaged database is what the rest of the bundle is for.
      facts = { cannotBeRead: (error as Error).message }
    }
    return file(name, `${JSON.stringify(redactor.value(facts), null, 2)}\n`)
  }
  return [
    { name: 'about.txt', text: about, bytes: Buffer.byteLength(about) },
    await json('system.json', () => systemFacts(sources.version)),
    await json('database.json', () => databaseFacts(reader)),
    await json('disk.json', async () => ({ ...(await diskFacts(profilePath)), log: sources.logProblem() })),
    await json('settings.json', () => settingFacts(reader)),
    await json('health.json', () => withoutSubjects(sources.health())),
    file('log.txt', (await sources.lines()).map(asText).join('')),
  ]
}

export const newToken = (): string => randomBytes(18).toString('base64url')

/** One text that any editor opens. */
export const joinFiles = (files: readonly File[]): string =>
  files.map(({ name, text }) => `===== ${name} =====\n${text}${text.endsWith('\n') ? '' : '\n'}`).join('\n')

const asText = ({ atMs, level, operation, subject, durationMs, outcome, detailsJson }: LogLine): string => {
  const words = [
    new Date(atMs).toISOString(),
    level.padEnd(5),
    operation,
    ...(subject === null ? [] : [subject]),
    ...(durationMs === null ? [] : [`${durationMs} ms`]),
    ...(outcome === null ? [] : [outcome]),
    ...(detailsJson === '{}' ? [] : [detailsJson]),
  ]
  return `${words.join(' ')}\n`
}

/** Subjects of findings are files and feeds by name; how many they are is enough. */
function withoutSubjects(report: unknown): unknown {
  if (Array.isArray(report)) return report.map(withoutSubjects)
  if (typeof report !== 'object' || report === null) return report
  return Object.fromEntries(
    Object.entries(report)
      .filter(([key]) => key !== 'subjects')
      .map(([key, value]) => [key, withoutSubjects(value)]),
  )
}

function privateThings(
  reader: Reader,
  profilePath: string,
  vaultPath: string | null,
): Parameters<typeof createPrivateWords>[0] {
  const titles = new Set<string>()
  try {
    for (const { title } of reader.all<{ title: string | null }>(
      'SELECT own_title AS title FROM feeds UNION SELECT user_title FROM feeds UNION SELECT author FROM feeds UNION SELECT category FROM feeds UNION SELECT title FROM episodes',
    ))
      if (title !== null) titles.add(title)
  } catch {
    // What cannot be read cannot have been logged lately; the reader of the bundle sees the rest.
  }
  return {
    titles: [...titles],
    folders: [
      ...(vaultPath === null ? [] : [{ path: vaultPath, as: '<notes folder>' }]),
      { path: profilePath, as: '<profile>' },
      { path: os.homedir(), as: '~' },
    ],
    names: [
      { name: os.userInfo().username, as: '<user>' },
      { name: os.hostname(), as: '<computer>' },
    ],
  }
}
