/** What the checks need of the rest of the house; joined in compose/health.ts. */
import type { Result } from '#shared/result.ts'
import type { FileLog } from '../log.ts'
import type { Mended, NoteUpkeep } from '../notes/upkeep.ts'
import type { Clock } from '../ports.ts'
import type { SealedTable } from '../storage/seals.ts'
import type { SqlValue, Storage, Transaction } from '../storage/storage.ts'
import type { TemplateUpkeep } from '../templates/service.ts'
import type { HealthTaskName, HealthTasks, RowKey } from './task.ts'

/** Runs a task in a worker. Rejects with Cancelled when the run was cancelled, else with what went wrong. */
export type RunHealthTask = <Name extends HealthTaskName>(
  name: Name,
  input: HealthTasks[Name]['input'],
  signal: AbortSignal,
) => Promise<HealthTasks[Name]['output']>

/** What every check has at hand. */
export interface CheckDeps {
  readonly storage: Storage
  readonly clock: Clock
  /** Absolute. */
  readonly profilePath: string
  /** Absolute. */
  readonly databasePath: string
  readonly runTask: RunHealthTask
}

/** Rows as the newest verified backup has them. */
export interface BackupRows {
  /** One for each key; null where it is not in the backup. */
  rows(table: SealedTable, keys: readonly RowKey[]): Promise<readonly (Readonly<Record<string, SqlValue>> | null)[]>
  /** e.g. "2026-11-23 03:00 UTC"; null without a verified backup. */
  name(): Promise<string | null>
}

/** What became of the files in the notes folder, and what mends them; each looks again first. */
export interface NotesFolder
  extends Pick<NoteUpkeep, 'inspect' | 'followRenamed' | 'rewriteDamaged' | 'forgetMissing' | 'sweepLeftovers'> {
  bringBack(fileIds: readonly string[]): Promise<Mended>
  recover(): Promise<void>
}

/** The user's templates as files; what mends them looks again first. */
export type TemplateFiles = TemplateUpkeep

/** What is known of the backups. */
export interface BackupFacts {
  readonly automatic: boolean
  readonly folder: string
  readonly folderThere: boolean
  readonly sameDisk: boolean
  /** The newest without a problem. */
  readonly newest: { readonly fileName: string; readonly madeAtMs: number; readonly verifiedAtMs: number | null } | null
  /** The last one made, when its file is there no more. */
  readonly gone: string | null
  readonly problems: readonly { readonly fileName: string; readonly problem: string; readonly deep?: boolean }[]
  readonly lastProblem: { readonly atMs: number; readonly message: string } | null
  readonly previousPath: string | null
}
/** A profile that could be used. */
export interface ProfileChoice {
  /** As the pointer names it. */
  readonly place: string
  /** Absolute. */
  readonly path: string
  readonly lastChangeMs: number
  readonly notes: number
}
/** What says which profile is in use. */
export interface Profiles {
  /** Null while all is well. */
  look(): { readonly problem: string; readonly right: ProfileChoice; readonly inUse: ProfileChoice } | null
  /** From the next start on; the app opens again by itself when it is another one. */
  use(place: string): Promise<Result<null>>
}
export interface Backups {
  facts(): Promise<BackupFacts>
  create(): Promise<Result<unknown>>
  verify(fileName: string, signal?: AbortSignal): Promise<Result<unknown>>
  /** Under a name that is no backup's. */
  setAside(fileName: string): Promise<Result<unknown>>
  forgetPrevious(): Promise<Result<unknown>>
}

/** A month of the ledger against its journal. */
export interface LedgerFacts {
  readonly entries: number
  readonly totalMicroUsd: number
  /** First month; null without entries. */
  readonly since: string | null
  readonly wrongMonths: readonly { readonly month: string; readonly journal: string; readonly rows: string }[]
}
export interface Ledger {
  facts(): LedgerFacts
  rebuildMonthIn(tx: Transaction, month: string): void
}

/** A secret that the database says is in the keychain. */
export interface ExpectedSecret {
  readonly feedId: string
  /** The feed's name. */
  readonly name: string
  /** Reads it and says what it is; the secret itself goes no further. */
  state(): Promise<'valid' | 'missing' | 'invalid' | 'no-answer'>
}
/** The private address of a move of a feed: the new one of a proposal, or the old one while it can be undone. */
export interface ExpectedMove {
  readonly moveId: string
  readonly feedId: string
  readonly end: 'to' | 'from'
  /** The feed's name. */
  readonly name: string
  /** The address, masked. */
  readonly display: string
  state: ExpectedSecret['state']
}
/** The key of a provider of models. */
export interface ExpectedKey {
  readonly providerId: string
  readonly name: string
  state: ExpectedSecret['state']
}
export interface Secrets {
  /** In the keychain by the database; those that wait for their password already are left out. */
  expected(): readonly ExpectedSecret[]
  expectedMoves(): readonly ExpectedMove[]
  expectedKeys(): readonly ExpectedKey[]
  /** The passphrase of automatic backups. */
  needsBackupWords(): boolean
  hasBackupWords(): Promise<boolean>
  /** Whether the keychain answers. */
  answers(): Promise<boolean>
  /** In a transaction: the feed says that it needs its password again. */
  askAgainIn(tx: Transaction, feedId: string): void
  /** In a transaction: the provider says that it needs its key. */
  askForKeyIn(tx: Transaction, key: ExpectedKey): void
  /** In a transaction: the move is not offered any more. */
  forgetMoveIn(tx: Transaction, move: ExpectedMove): void
}

export type LogFacts = Pick<FileLog, 'problem' | 'errors'>

export interface Disk {
  /** Bytes that may be used on the disk of a path; null when it cannot be asked. */
  freeBytes(path: string): Promise<number | null>
}
