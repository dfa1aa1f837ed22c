import { isAbsolute, join } from 'node:path'
import { z } from 'zod'
import { readSetting, writeSetting } from '../settings/store.ts'
import type { Reader, Transaction } from '../storage/storage.ts'

const Values = {
  automatic: z.boolean().catch(true),
  withMedia: z.boolean().catch(false),
  encrypted: z.boolean().catch(false),
  /** Absolute; null: the profile's own. */
  folder: z
    .string()
    .refine((path) => isAbsolute(path))
    .nullable()
    .catch(null),
}
export interface BackupConfig {
  readonly automatic: boolean
  readonly withMedia: boolean
  readonly encrypted: boolean
  readonly folder: string
  /** Inkwell makes it when it is missing; a chosen one may be on a disk that is not plugged in. */
  readonly ownFolder: boolean
}

export const passphraseSubject = 'backup/passphrase'
export const ownFolderOf = (basePath: string): string => join(basePath, 'backups')

export function readConfig(reader: Reader, basePath: string): BackupConfig {
  const value = (name: keyof typeof Values): unknown => readSetting(reader, `backup.${name}`) ?? undefined
  const folder = Values.folder.parse(value('folder') ?? null)
  return {
    automatic: Values.automatic.parse(value('automatic')),
    withMedia: Values.withMedia.parse(value('withMedia')),
    encrypted: Values.encrypted.parse(value('encrypted')),
    folder: folder ?? ownFolderOf(basePath),
    ownFolder: folder === null,
  }
}

export const writeConfig = (
  tx: Transaction,
  name: keyof typeof Values,
  value: boolean | string | null,
  nowMs: number,
): void => {
  tx.audit(`backup.${name}`, readSetting(tx, `backup.${name}`) ?? null, value)
  writeSetting(tx, `backup.${name}`, value, nowMs)
}
