import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { type ElectronApplication, expect, type Page } from '@playwright/test'
import { type FeedServer, rss, send } from './server.ts'

/** Asks main as a page does, to set a stage that the spec is not about. Throws what main refuses. */
export async function call<Value>(page: Page, name: `${string}.${string}`, input: unknown = {}): Promise<Value> {
  const result = await page.evaluate(
    async ([path, argument]) => {
      const [feature, command] = (path as string).split('.') as [string, string]
      const api = (window as unknown as { inkwell: Record<string, Record<string, (input: unknown) => unknown>> })
        .inkwell
      return (await api[feature]![command]!(argument)) as { ok: boolean; value?: unknown; error?: { message: string } }
    },
    [name, input] as const,
  )
  if (!result.ok) throw new Error(`${name}: ${result.error?.message}`)
  return result.value as Value
}

/** A conversation long enough for notes, as WebVTT with voices. */
export function talk(topic: string, turns = 40): string {
  const lines = [
    `A ${topic} is a tool that keeps its promise only when somebody looks after it every single day.`,
    `I learned from Mary Somerville that the best way to understand a ${topic} is to take one apart slowly.`,
    `The first thing you should do is write down what you see before you touch anything at all.`,
    `In the book The Sea Around Us, Rachel Carson explains why patient observation matters more than equipment.`,
    `We used a notebook and SQLite to keep the readings, because a spreadsheet had lost two years of them.`,
    `What surprised me most is that the oldest ${topic} in the harbour was also the most accurate one.`,
  ]
  const stamp = (seconds: number): string => new Date(seconds * 1_000).toISOString().slice(11, 23)
  const cues = Array.from({ length: turns }, (_, index) => {
    const speaker = index % 2 === 0 ? 'Ada Example' : 'Ines Halvorsen'
    return `${stamp(index * 12)} --> ${stamp(index * 12 + 11)}\n<v ${speaker}>${lines[index % lines.length]!.replace('every single day', `every day of month ${index + 1}`)}`
  })
  return `WEBVTT\n\n${cues.join('\n\n')}\n`
}

/** A feed of two episodes: one with a publisher's transcript, one without any. */
export function serveShow(server: FeedServer, title = 'Harbour Notes', topic = 'tide gauge'): string {
  server.on('/talk.vtt', send(talk(topic), 'text/vtt'))
  server.on(
    '/feed.xml',
    send(
      rss(title, [
        { guid: 'e2', title: `How a ${topic} is read`, day: '2026-11-20', transcriptUrl: `${server.url}/talk.vtt` },
        { guid: 'e1', title: 'Before the tide', day: '2026-11-10' },
      ]),
      'application/rss+xml',
    ),
  )
  return `${server.url}/feed.xml`
}

export interface Row {
  readonly id: string
  readonly title: string
}

/** Follows the served show and chooses the suggested notes folder. */
export async function follow(page: Page, url: string): Promise<{ feedId: string; rows: Row[] }> {
  await call(page, 'settings.useSuggestedVault')
  const { feed } = await call<{ feed: { id: string } }>(page, 'feeds.add', { url, allowLocalNetwork: true })
  return { feedId: feed.id, rows: await call<Row[]>(page, 'episodes.list', { feedId: feed.id }) }
}

export async function waitForJobs(page: Page, state = 'done'): Promise<void> {
  await expect
    .poll(
      async () => {
        const jobs = await call<{ state: string }[]>(page, 'jobs.list')
        return jobs.length > 0 && jobs.every((job) => job.state === state)
      },
      { timeout: 120_000 },
    )
    .toBe(true)
}

/** Every file below a folder, as paths from it; empty when there is none. */
export function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
      .sort()
  } catch {
    return []
  }
}

/** The full path of the one file of that name below a folder. */
export function fileNamed(folder: string, name: string): string {
  const found = filesBelow(folder).find((file) => file.endsWith(`/${name}`))
  if (!found) throw new Error(`no ${name} in ${filesBelow(folder).join(', ')}`)
  return join(folder, found)
}

/** A text of a note that nothing refers to, old enough to be swept. */
export function leaveBehind(profile: string): string {
  const file = join(profile, 'blobs', 'ab', 'ab'.repeat(32))
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, 'a text that nothing refers to')
  const longAgo = new Date(Date.now() - 200 * 86_400_000)
  utimesSync(file, longAgo, longAgo)
  return file
}

/** Goes to a path of the page and waits for its heading. */
export async function openPath(page: Page, path: string, heading: string | RegExp): Promise<void> {
  await page.evaluate((to) => {
    location.hash = `#${to}`
  }, path)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading)
}

/** What the next dialog of the desktop answers, on Electron and on the stand-in. */
export async function answerOpenDialog(app: ElectronApplication, filePaths: string[]): Promise<void> {
  await app.evaluate(({ dialog }, paths) => {
    dialog.showOpenDialog = async () => ({ canceled: paths.length === 0, filePaths: paths })
  }, filePaths)
}

export async function answerSaveDialog(app: ElectronApplication, filePath: string): Promise<void> {
  await app.evaluate(({ dialog }, path) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath: path })
  }, filePath)
}

/** Drops real files on the middle of the window. */
export async function dropFiles(page: Page, files: string[]): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const { width, height } = await page.evaluate(() => ({ width: innerWidth, height: innerHeight }))
  const at = { x: width / 2, y: height / 2, data: { items: [], files, dragOperationsMask: 1 } }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, ...at })
}
