import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Result } from '#shared/result.ts'
import { fail, ok } from '#shared/result.ts'
import { newFile, systemFs } from '../backup/archive/files.ts'
import { checkFrame } from '../backup/archive/frame.ts'
import { databaseName } from '../backup/archive/manifest.ts'
import { unpack } from '../backup/archive/unpack.ts'
import type { BackupService } from '../backup/service.ts'
import { passphraseOf } from '../backup/sources.ts'
import { withStaging } from '../backup/staging.ts'
import { setAsideSuffix } from '../backup/status.ts'
import { backupStore } from '../backup/store.ts'
import type { Credentials } from '../credentials/service.ts'
import type { BackupRows, Backups } from '../health/ports.ts'
import type { SqlValue, Storage } from '../storage/storage.ts'
import { renameWaiting, syncFolder } from '../storage/write-file.ts'

interface Deps {
  readonly storage: Storage
  readonly profilePath: string
  readonly backup: BackupService
  readonly credentialsOf: (profileId: string) => Credentials
}

/** What the check of backups needs. */
export function healthBackups({ backup }: Pick<Deps, 'backup'>): Backups {
  return {
    facts: () => backup.health(),
    create: () => backup.create({}),
    verify: async (fileName, signal) => {
      signal?.addEventListener('abort', backup.cancel, { once: true })
      try {
        return await backup.verify({ fileName })
      } finally {
        signal?.removeEventListener('abort', backup.cancel)
      }
    },
    setAside: async (fileName): Promise<Result<unknown>> => {
      const { folder } = await backup.health()
      try {
        await renameWaiting(join(folder, fileName), join(folder, `${fileName}${setAsideSuffix}`))
        await syncFolder(folder)
        return ok(null)
      } catch (error) {
        return fail('not-set-aside', `${fileName} could not be renamed (${(error as NodeJS.ErrnoException).code}).`)
      }
    },
    forgetPrevious: () => backup.forgetPrevious(),
  }
}

/** Single rows out of the newest verified backup: its database is unpacked into a passing folder, read, and removed. */
export function healthBackupRows({ storage, profilePath, backup, credentialsOf }: Deps): BackupRows {
  const newest = async () => {
    const { folder, newest } = await backup.health()
    if (!newest || newest.verifiedAtMs === null) return null
    const known = backupStore.rows(storage, folder).some(({ file_name }) => file_name === newest.fileName)
    return known ? { path: join(folder, newest.fileName), madeAtMs: newest.madeAtMs } : null
  }
  return {
    name: async () => {
      const from = await newest()
      return from && `${new Date(from.madeAtMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`
    },
    rows: async (table, keys) => {
      const from = await newest()
      if (!from) return keys.map(() => null)
      return withStaging(profilePath, systemFs, async (folder) => {
        const database = join(folder, databaseName)
        await unpack(await checkFrame(from.path, systemFs), {
          fs: systemFs,
          passphrase: await passphraseOf({ credentialsOf }, from.path, undefined, systemFs),
          sink: async (path) => (path === databaseName ? newFile(database, systemFs) : null),
        })
        const opened = new DatabaseSync(database, { readOnly: true })
        try {
          return keys.map((key) => {
            const where = Object.keys(key).map((column) => `"${column}" = ?`)
            const row = opened.prepare(`SELECT * FROM "${table.name}" WHERE ${where.join(' AND ')}`)
            return (row.get(...Object.values(key)) as Record<string, SqlValue> | undefined) ?? null
          })
        } finally {
          opened.close()
        }
      })
    },
  }
}
