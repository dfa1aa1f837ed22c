import type { SealedTable } from '../../storage/seals.ts'
import type { Reader } from '../../storage/storage.ts'
import { type Check, type Found, found, type Pass } from '../check.ts'
import type { BackupRows, CheckDeps } from '../ports.ts'
import { healthStore } from '../store.ts'
import { type HealthTasks, type RowKey, readSeals } from '../task.ts'
import { count, have, were } from '../words.ts'
import { renewable } from './renew-episodes.ts'
import { restoreRows, rowOf } from './restore-rows.ts'

/** Read at each start, of each table: the newest, and what came since all were read. */
const quickRows = 300
/** Read in one go by the worker. */
const pieceRows = 5_000

/** What a table is to a person. */
const titles: Readonly<Record<string, string>> = {
  audit: 'the audit trail',
  note_files: 'the list of written notes',
  cost_entries: 'the ledger',
  cost_months: 'the journal of the ledger',
  cost_details: 'the estimates of the ledger',
  cost_swept: 'the sums of swept charges',
  cost_limits: 'the limits',
  cost_own_prices: 'the prices you put in',
  settings: 'the settings',
  feeds: 'the list of feeds',
  episodes: 'the list of episodes',
  interview_sessions: 'the interviews',
  interview_exchanges: 'the answers of interviews',
  interview_drafts: 'the answers being typed',
  note_folders: 'the list of notes’ folders',
  note_intents: 'the list of notes under way',
  note_intent_files: 'the list of notes under way',
  note_history: 'the earlier texts of notes',
  note_kept: 'the list of displaced files',
}
const titleOf = ({ name }: SealedTable): string => titles[name] ?? `“${name.replaceAll('_', ' ')}”`

export function rowsCheck(
  deps: CheckDeps & {
    readonly tables: readonly SealedTable[]
    readonly backup: BackupRows | null
  },
): Check {
  const { storage, tables } = deps
  return {
    name: 'rows',
    words: 'Comparing rows with their checksums',
    async run(pass) {
      let read = 0
      const findings: Found[] = []
      let backupName: string | null | undefined
      for (const [index, table] of tables.entries()) {
        const last = lastRow(storage, table)
        const result = pass.full ? await readAll(deps, table, pass) : readNewest(deps, table, last)
        read += result.read
        if (result.damaged.length > 0) {
          backupName ??= (await deps.backup?.name()) ?? null
          findings.push(damagedRows(deps, table, { keys: result.damaged, deep: pass.full, backupName }))
        } else if (pass.full && last > 0) storage.writeUnaudited((tx) => healthStore.setMark(tx, table.name, last))
        pass.progress((index + 1) / tables.length)
        await pass.breathe()
      }
      findings.push(...gapFinding(deps))
      const damaged = findings.reduce((sum, { subjectCount }) => sum + subjectCount, 0)
      return {
        title: pass.full ? `${count(read, 'row')} with a checksum` : `The newest ${count(read, 'row')} with a checksum`,
        facts: damaged === 0 ? 'all match' : `${count(damaged, 'row')} ${damaged === 1 ? 'does' : 'do'} not match`,
        findings,
      }
    },
  }
}

/** The highest rowid; 0 for a table without them, which is small. */
const lastRow = (reader: Reader, { name }: SealedTable): number =>
  reader.get<{ wr: number }>(`PRAGMA table_list("${name}")`)?.wr === 0
    ? (reader.get<{ last: number | null }>(`SELECT max(rowid) AS last FROM "${name}"`)?.last ?? 0)
    : 0

function readNewest({ storage }: CheckDeps, table: SealedTable, last: number) {
  const mark = healthStore.mark(storage, table.name)
  const afterRowid = Math.max(0, Math.max(Math.min(mark, last - quickRows / 5), last - quickRows))
  return readSeals(storage, { table, afterRowid, limit: quickRows })
}

async function readAll(deps: CheckDeps, table: SealedTable, pass: Pass) {
  const damaged: RowKey[] = []
  let read = 0
  for (let afterRowid: number | null = -1; afterRowid !== null; ) {
    const piece: HealthTasks['seals']['output'] = await deps.runTask(
      'seals',
      { database: deps.databasePath, table, afterRowid, limit: pieceRows },
      pass.signal,
    )
    damaged.push(...piece.damaged)
    read += piece.read
    afterRowid = piece.next
    await pass.breathe()
  }
  return { read, damaged }
}

function damagedRows(
  deps: CheckDeps & { readonly backup: BackupRows | null },
  table: SealedTable,
  { keys, deep, backupName }: { keys: readonly RowKey[]; deep: boolean; backupName: string | null },
): Found {
  const { storage, backup } = deps
  const rows = keys.map((key) => rowOf(storage, table, key))
  const canRenew = rows.some((row) => row !== undefined && renewable(storage, table, row))
  return found({
    id: `rows/${table.name}`,
    severity: 'error',
    title: `${count(keys.length, 'row')} of ${titleOf(table)} ${keys.length === 1 ? 'is' : 'are'} not as ${keys.length === 1 ? 'it' : 'they'} ${were(keys.length)} written.`,
    detail: `${keys.length === 1 ? 'It is' : 'They are'} kept as ${keys.length === 1 ? 'it is' : 'they are'}, and not trusted. ${backupName === null ? 'There is no verified backup to restore from.' : `The backup of ${backupName} may ${have(2)} what was written.`}${canRenew ? ' What a feed says of an episode is read again from it.' : ''}`,
    subjects: keys.map((key) => `${table.name}: ${Object.values(key).join(', ')}`),
    look: rows,
    deep,
    mend:
      (backup && backupName !== null) || canRenew
        ? restoreRows(deps, { backup, backupName, titleOf }, table, keys)
        : null,
  })
}

/** Ids of the audit trail grow without a gap, so that a row taken away is noticed. */
function gapFinding({ storage }: CheckDeps): Found[] {
  const facts = storage.get<{ rows: number; last: number | null; first: number | null; given: number | null }>(
    `SELECT (SELECT count(*) FROM audit) AS rows, (SELECT max(id) FROM audit) AS last, (SELECT min(id) FROM audit) AS first,
            (SELECT seq FROM sqlite_sequence WHERE name = 'audit') AS given`,
  )!
  const missing = Math.max(facts.given ?? 0, facts.last ?? 0) - facts.rows
  if (missing === 0) return []
  return [
    found({
      id: 'rows/audit-gap',
      severity: 'warning',
      title: `${count(missing, 'row')} of the audit trail ${missing === 1 ? 'is' : 'are'} missing.`,
      detail:
        'Inkwell never takes one away. Your feeds, notes and settings are not touched by it; the backups have the trail as it was.',
      look: missing,
    }),
  ]
}
