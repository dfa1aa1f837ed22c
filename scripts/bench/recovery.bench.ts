/**
 * How long a start takes after a kill, and after a page of the database was lost, on a large library: a process of its own
 * each time, from the opening of the profile to the whole house, beside a bare open and `quick_check` of the same file.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { compose, type House } from '../../src/main/compose.ts'
import { sealOfEpisode } from '../../src/main/episodes/seal.ts'
import { insertFeed } from '../../src/main/feeds/store.ts'
import { createIds } from '../../src/main/ids.ts'
import type { Transaction } from '../../src/main/storage/storage.ts'

const feeds = 100
const episodesOfEach = 100
const transcripts = 1_000
const charges = 10_000
const runs = 7
const sentence = 'The keeper reads the river gauge every morning and writes it down. '
const itself = fileURLToPath(import.meta.url)

async function open(profile: string): Promise<House> {
  const opened = await compose({
    profilePath: profile,
    entry: new URL('../../src/main/headless.ts', import.meta.url),
    origin: 'headless',
    desktop: null,
  })
  if (!opened.ok) throw new Error(opened.error.message)
  return opened.value
}

const clock = { now: () => Date.now() }
const ids = createIds(clock)

function addFeed(tx: Transaction, number: number): void {
  const feedId = ids.next()
  insertFeed(tx, {
    id: feedId,
    kind: 'rss',
    own_title: `Show ${number}`,
    url: `https://show.example/${number}`,
    url_display: `show.example/${number}`,
    url_key: `show-${number}`,
    added_at_ms: clock.now(),
    state_kind: 'fine',
    state_message: 'Fine',
  })
  tx.audit(`feed:${feedId}`, null, { number })
  for (let at = 0; at < episodesOfEach; at += 1) {
    const id = ids.next()
    const said = {
      id,
      feed_id: feedId,
      title: `Episode ${at}`,
      published_at_ms: at * 86_400_000,
      description_html: `<p>${sentence.repeat(20)}</p>`,
    }
    tx.run(
      `INSERT INTO episodes (id, feed_id, title, published_at_ms, description_html, state, first_seen_at_ms,
         updated_at_ms, row_sha256) VALUES (?, ?, ?, ?, ?, 'new', ?, ?, ?)`,
      [...Object.values(said), clock.now(), clock.now(), sealOfEpisode(said)],
    )
    tx.run("INSERT INTO episode_keys (feed_id, kind, key, episode_id) VALUES (?, 'guid', ?, ?)", [feedId, id, id])
    if ((number * episodesOfEach + at) % ((feeds * episodesOfEach) / transcripts) !== 0) continue
    const segments = JSON.stringify([{ startSeconds: 0, endSeconds: 9, speaker: null, text: sentence.repeat(300) }])
    tx.run(
      `INSERT INTO transcripts (id, episode_id, source, format, word_count, has_times, has_speakers, warnings_json,
         segments_json, segments_bytes, segments_sha256, stored_at_ms)
       VALUES (?, ?, 'publisher', 'vtt', 3600, 1, 0, '[]', ?, ?, ?, ?)`,
      [ids.next(), id, segments, Buffer.byteLength(segments), 'x'.repeat(64), clock.now()],
    )
  }
}

function spend(house: House, tx: Transaction, at: number): void {
  house.costs.appendIn(tx, {
    id: ids.next(),
    at_ms: clock.now() - at * 60_000,
    provider: 'claude',
    model: 'model-1',
    operation: 'extraction',
    outcome: 'succeeded',
    amount_kind: 'known',
    cost_micro_usd: 22_000 + at,
    input_tokens: 1_000,
    output_tokens: 200,
    cached_tokens: 0,
    audio_ms: null,
    feed_id: null,
    episode_id: null,
    template_name: 'summary',
    job_id: null,
    price_version: '2026-11',
    imported_from: null,
  })
}

/** @returns a profile as a kill leaves it: with a backup, and with changes in its log */
async function fill(root: string): Promise<string> {
  const profile = join(root, 'profile')
  const house = await open(profile)
  for (let number = 0; number < feeds; number += 1) house.storage.write('feeds.add', (tx) => addFeed(tx, number))
  house.storage.write('costs.import', (tx) => {
    for (let at = 0; at < charges; at += 1) {
      spend(house, tx, at)
      tx.audit(`charge:${at}`, null, { at })
    }
  })
  house.storage.all('PRAGMA wal_checkpoint(TRUNCATE)')
  const backup = await house.backup.create({})
  if (!backup.ok) throw new Error(backup.error.message)
  for (let number = 0; number < 100; number += 1)
    house.storage.write('costs.append', (tx) => {
      spend(house, tx, number)
      tx.audit(`later:${number}`, null, { number })
    })
  const killed = join(root, 'killed')
  cpSync(profile, killed, { recursive: true })
  await house.close()
  return killed
}

/** A page in the middle of the episodes, without which nothing can be read past it in order. */
function losePage(database: string): void {
  const reader = new DatabaseSync(database, { readOnly: true })
  const found = reader.prepare(
    "SELECT pageno FROM dbstat WHERE name = 'episodes' AND pagetype = 'leaf' ORDER BY pageno LIMIT 1 OFFSET 500",
  )
  const page = Number(found.get()!.pageno)
  reader.close()
  const bytes = readFileSync(database)
  writeFileSync(database, bytes.fill(0, (page - 1) * 4_096, page * 4_096))
}

interface Opened {
  readonly ms: number
  readonly processorMs: number
  readonly charges: number
  readonly episodes: number
}
/** Run as a process of its own, cold. */
async function openOnce(profile: string): Promise<void> {
  const before = process.cpuUsage()
  const start = performance.now()
  const house = await open(profile)
  const ms = performance.now() - start
  const { user, system } = process.cpuUsage(before)
  const count = (table: string): number => house.storage.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)!.n
  const opened: Opened = {
    ms,
    processorMs: (user + system) / 1_000,
    charges: count('cost_entries'),
    episodes: count('episodes'),
  }
  await house.close()
  process.stdout.write(JSON.stringify(opened))
}
function openBare(database: string): number {
  const start = performance.now()
  const opened = new DatabaseSync(database)
  opened.prepare('PRAGMA quick_check').all()
  const ms = performance.now() - start
  opened.close()
  return ms
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

async function measure(): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'inkwell-bench-recovery-'))
  try {
    const killed = await fill(root)
    const damaged = join(root, 'damaged')
    cpSync(killed, damaged, { recursive: true })
    losePage(join(damaged, 'inkwell.db'))
    const alone = join(root, 'alone')
    cpSync(damaged, alone, { recursive: true })
    rmSync(join(alone, 'backups'), { recursive: true })
    const cases = { killed, damaged, alone }
    const opened: Record<keyof typeof cases, Opened[]> = { killed: [], damaged: [], alone: [] }
    const bare: number[] = []
    const passing = join(root, 'passing')
    const again = (from: string): string => {
      rmSync(passing, { recursive: true, force: true })
      cpSync(from, passing, { recursive: true })
      return passing
    }
    for (let run = 0; run < runs; run += 1) {
      bare.push(openBare(join(again(killed), 'inkwell.db')))
      for (const name of Object.keys(cases) as (keyof typeof cases)[]) {
        const child = spawnSync(process.execPath, [itself, '--open', again(cases[name])], { encoding: 'utf8' })
        if (child.status !== 0) throw new Error(child.stderr)
        opened[name].push(JSON.parse(child.stdout) as Opened)
      }
    }
    report(statSync(join(killed, 'inkwell.db')).size, bare, opened)
  } finally {
    rmSync(root, { recursive: true, force: true, maxRetries: 3 })
  }
}

function report(bytes: number, bare: readonly number[], opened: Readonly<Record<string, readonly Opened[]>>): void {
  const wanted = charges + 100
  const figures = {
    episodes: feeds * episodesOfEach,
    databaseMb: Math.round(bytes / 1e6),
    bareMs: Math.round(median(bare)),
    starts: Object.entries(opened).map(([name, all]) => ({
      name,
      bestMs: Math.round(Math.min(...all.map(({ ms }) => ms))),
      medianMs: Math.round(median(all.map(({ ms }) => ms))),
      processorMs: Math.round(median(all.map(({ processorMs }) => processorMs))),
      toBare: Number((median(all.map(({ ms }) => ms)) / median(bare)).toFixed(2)),
      isWhole: all.every((one) => one.charges === wanted),
    })),
  }
  if (process.argv.includes('--json')) console.log(JSON.stringify({ name: 'recovery', ...figures }))
  else {
    console.log(`Start with ${figures.episodes.toLocaleString('en')} episodes (${figures.databaseMb} MB):`)
    console.log(`  bare open and quick_check        ${figures.bareMs} ms`)
    const titles: Readonly<Record<string, string>> = {
      killed: 'after a kill                    ',
      damaged: 'a page lost, with a backup      ',
      alone: 'a page lost, without a copy     ',
    }
    for (const { name, bestMs, medianMs, processorMs, toBare } of figures.starts)
      console.log(
        `  ${titles[name]} ${medianMs} ms (best ${bestMs} ms, ${processorMs} ms of processor, ${toBare} of the bare one)`,
      )
  }
  const lossy = figures.starts.filter(({ isWhole }) => !isWhole)
  for (const { name } of lossy) console.error(`Charges are missing after: ${name}`)
  if (lossy.length > 0) process.exitCode = 1
}

if (process.argv[2] === '--open') await openOnce(process.argv[3]!)
else await measure()
