/** How long the health check takes on a large library, quick and full, beside SQLite's own bare check. */
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { compose, type House } from '../../src/main/compose.ts'
import { sealOfEpisode } from '../../src/main/episodes/seal.ts'
import { feedsTable } from '../../src/main/feeds/store.ts'
import { createIds } from '../../src/main/ids.ts'
import { fileTable, folderTable } from '../../src/main/notes/note-tables.ts'
import { auditTable } from '../../src/main/storage/audit-row.ts'
import { type SealedTable, sealOf } from '../../src/main/storage/seals.ts'
import type { SqlValue } from '../../src/main/storage/storage.ts'

const episodes = 10_000
const auditRows = 50_000
const ledgerRows = 50_000
const runs = 5
const clock = { now: () => Date.now() }
const ids = createIds(clock)

const sha = (text: string): string => createHash('sha256').update(text).digest('hex')
const sentence = 'The keeper reads the river gauge every morning and writes it down. '

function fill(database: DatabaseSync, profile: string, vault: string): void {
  const put = (table: string, row: Record<string, SqlValue>, sealed?: SealedTable): void => {
    const all = sealed ? { ...row, row_sha256: sealOf(sealed, row) } : row
    const names = Object.keys(all)
    database
      .prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`)
      .run(...Object.values(all))
  }
  const feedId = ids.next()
  const feed = {
    ...Object.fromEntries(feedsTable.columns.map((name) => [name, null])),
    id: feedId,
    kind: 'rss',
    own_title: 'A long show',
    url: 'https://long.example/feed',
    url_key: 'long',
    is_private: 0,
    allow_local: 0,
    paused: 0,
    added_at_ms: clock.now(),
  }
  put('feeds', { ...feed, state_kind: 'fine', state_message: 'Fine', row_sha256: sealOf(feedsTable, feed) })
  for (let at = 0; at < episodes; at += 1) {
    const id = ids.next()
    const nowMs = clock.now()
    const said = {
      id,
      feed_id: feedId,
      title: `Episode ${at}`,
      published_at_ms: nowMs - at * 86_400_000,
      description_html: `<p>${sentence.repeat(20)}</p>`,
    }
    put('episodes', {
      ...said,
      state: 'processed',
      first_seen_at_ms: nowMs,
      updated_at_ms: nowMs,
      row_sha256: sealOfEpisode(said),
    })
    const segments = JSON.stringify([{ startSeconds: 0, endSeconds: 9, speaker: null, text: sentence.repeat(30) }])
    put('transcripts', {
      id: ids.next(),
      episode_id: id,
      source: 'publisher',
      format: 'vtt',
      language: 'en',
      word_count: 360,
      has_times: 1,
      has_speakers: 0,
      warnings_json: '[]',
      segments_json: segments,
      segments_bytes: Buffer.byteLength(segments),
      segments_sha256: sha(segments),
      stored_at_ms: nowMs,
    })
    const folderId = ids.next()
    const [podcast, name] = ['A long show', `2026-01-01-Episode ${at}-aaaaaa`]
    const place = join(vault, podcast, name)
    mkdirSync(place, { recursive: true })
    const text = `# Summary\n\n${sentence.repeat(10)}${at}\n`
    writeFileSync(join(place, 'summary.md'), text)
    const { size, mtimeNs } = statSync(join(place, 'summary.md'), { bigint: true })
    const blobs = join(profile, 'blobs', sha(text).slice(0, 2))
    mkdirSync(blobs, { recursive: true })
    writeFileSync(join(blobs, sha(text)), text)
    const folder = {
      id: folderId,
      episode_id: id,
      feed_id: feedId,
      vault_path: vault,
      podcast,
      name,
      unique_key: `${podcast}/${name}`.toLowerCase(),
      is_current: 1,
      made_at_ms: nowMs,
    }
    put('note_folders', folder, folderTable)
    const file = {
      id: ids.next(),
      folder_id: folderId,
      episode_id: id,
      kind: 'template',
      template_name: 'summary',
      file_name: 'summary.md',
      file_key: 'summary.md',
      state: 'current',
      base_sha256: sha(text),
      content_sha256: sha(text),
      details_json: '{}',
      run_id: 'run-1',
      written_at_ms: nowMs,
      newer_file_name: null,
      newer_sha256: null,
      newer_details_json: null,
      base_stamp: `${size}@${mtimeNs}`,
      newer_stamp: null,
    }
    put('note_files', file, fileTable)
  }
  for (let at = 0; at < auditRows; at += 1) {
    const row = {
      id: Number(database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'audit'").get()?.seq ?? 0) + 1,
      at_ms: clock.now(),
      action: 'feeds.rename',
      origin: 'app',
      subject: `feed:${feedId}`,
      before_json: JSON.stringify({ title: sentence }),
      after_json: JSON.stringify({ title: `${sentence}${at}` }),
    }
    put('audit', row, auditTable)
  }
}

function spend(house: House): void {
  for (let at = 0; at < ledgerRows; at += 1000)
    house.storage.write('costs.import', (tx) => {
      for (let one = 0; one < 1000; one += 1)
        house.costs.appendIn(tx, {
          id: ids.next(),
          at_ms: clock.now() - (at + one) * 60_000,
          provider: 'claude',
          model: 'model-1',
          operation: 'extraction',
          outcome: 'succeeded',
          amount_kind: 'known',
          cost_micro_usd: 22_000 + one,
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
    })
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
const timed = async (run: () => unknown): Promise<number> => {
  const start = performance.now()
  await run()
  return performance.now() - start
}

const root = mkdtempSync(join(tmpdir(), 'inkwell-bench-health-'))
try {
  const [profile, vault] = [join(root, 'profile'), join(root, 'vault')]
  mkdirSync(vault)
  const open = async (): Promise<House> => {
    const opened = await compose({
      profilePath: profile,
      entry: new URL('../../src/main/headless.ts', import.meta.url),
      origin: 'headless',
      desktop: null,
    })
    if (!opened.ok) throw new Error(opened.error.message)
    return opened.value
  }
  let house = await open()
  house.settings.takeVault(vault)
  const database = new DatabaseSync(join(profile, 'inkwell.db'), { timeout: 10_000 })
  database.exec('BEGIN')
  fill(database, profile, vault)
  database.exec('COMMIT')
  spend(house)
  const bare: number[] = []
  for (let run = 0; run < runs; run += 1) bare.push(await timed(() => database.prepare('PRAGMA quick_check').all()))
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  database.close()

  const quick: number[] = []
  const processor: number[] = []
  const longest: number[] = []
  for (let run = 0; run < runs; run += 1) {
    await house.close()
    house = await open()
    let last = performance.now()
    let held = 0
    const timer = setInterval(() => {
      held = Math.max(held, performance.now() - last - 1)
      last = performance.now()
    }, 1)
    const before = process.cpuUsage()
    quick.push(await timed(() => house.health.check(false)))
    const { user, system } = process.cpuUsage(before)
    processor.push((user + system) / 1000)
    clearInterval(timer)
    longest.push(Math.max(held, performance.now() - last - 1))
  }
  const full: number[] = []
  let last = performance.now()
  let held = 0
  const timer = setInterval(() => {
    held = Math.max(held, performance.now() - last - 1)
    last = performance.now()
  }, 1)
  for (let run = 0; run < 2; run += 1) full.push(await timed(() => house.health.check(true)))
  clearInterval(timer)
  const report = house.health.report()!
  await house.close()
  const figures = {
    episodes,
    auditRows,
    ledgerRows,
    databaseMb: Math.round(statSync(join(profile, 'inkwell.db')).size / 1e6),
    bareQuickCheckMs: Math.round(median(bare)),
    quickMs: Math.round(median(quick)),
    quickSlowestMs: Math.round(Math.max(...quick)),
    quickProcessorMs: Math.round(median(processor)),
    quickLongestPieceMs: Math.round(median(longest)),
    fullMs: Math.round(median(full)),
    fullLongestPieceMs: Math.round(held),
    quickToBare: Number((median(quick) / median(bare)).toFixed(2)),
    fullToBare: Number((median(full) / median(bare)).toFixed(2)),
    findings: report.findingCount,
  }
  if (process.argv.includes('--json')) console.log(JSON.stringify({ name: 'health', ...figures }))
  else {
    console.log(
      `Health of ${episodes.toLocaleString('en')} episodes, ${auditRows.toLocaleString('en')} audit rows, ${ledgerRows.toLocaleString('en')} charges (${figures.databaseMb} MB):`,
    )
    console.log(`  PRAGMA quick_check alone  ${figures.bareQuickCheckMs} ms`)
    console.log(
      `  quick check               ${figures.quickMs} ms (slowest ${figures.quickSlowestMs} ms, ${figures.quickProcessorMs} ms of processor, ${figures.quickToBare} of the bare one; the window waits ${figures.quickLongestPieceMs} ms at most)`,
    )
    console.log(
      `  full check                ${figures.fullMs} ms (${figures.fullToBare} times the bare one; the window waits ${figures.fullLongestPieceMs} ms at most)`,
    )
    for (const { check, findings } of report.checks)
      for (const { id, title } of findings) console.log(`  unexpected in ${check}: ${id}: ${title}`)
  }
  if (report.findingCount > 0) process.exitCode = 1
} finally {
  rmSync(root, { recursive: true, force: true, maxRetries: 3 })
}
