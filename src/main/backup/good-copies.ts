import { readFileSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { fail, type Result } from '#shared/result.ts'
import type { Credentials } from '../credentials/service.ts'
import { syncFolder, writeFileAtomic } from '../storage/write-file.ts'
import { attempt } from './archive/failures.ts'
import { type BackupFs, newFile, systemFs } from './archive/files.ts'
import { type Header, isBackupName } from './archive/format.ts'
import { checkFrame, peekHeader } from './archive/frame.ts'
import { databaseName } from './archive/manifest.ts'
import { unpack } from './archive/unpack.ts'
import { ownFolderOf } from './config.ts'
import { passphraseOf } from './sources.ts'

export interface GoodCopy {
  /** e.g. "the backup of 2026-11-23 03:00 UTC" */
  readonly label: string
  readonly madeAtMs: number
  /** Of the profile it was made of: several may keep their backups in one folder. */
  readonly profileId: string
  /**
   * Puts its database at `path`, where no file may be: every byte of the backup is compared first with the checksums
   * from when it was made and verified, and what does not fit leaves nothing there.
   */
  extractTo(path: string): Promise<Result<null>>
}
export interface GoodCopies {
  /** Newest first. Whether one is whole shows when it is extracted. */
  list(): Promise<readonly GoodCopy[]>
}

const hintName = 'backup-folder.json'

/** The chosen folder, beside the database: it must be found when the database cannot be read. */
export const rememberFolder = (basePath: string, folder: string, fs?: BackupFs): Promise<void> =>
  writeFileAtomic(join(basePath, hintName), `${JSON.stringify({ schemaVersion: 1, folder })}\n`, fs ? { fs } : {})

function rememberedFolder(basePath: string): string[] {
  try {
    const { folder } = JSON.parse(readFileSync(join(basePath, hintName), 'utf8')) as { folder?: unknown }
    return typeof folder === 'string' && isAbsolute(folder) ? [folder] : []
  } catch {
    return []
  }
}

/**
 * Backups from which a damaged database can be replaced; needs no database itself.
 * @param credentialsOf the keychain as a profile sees it, for backups that are encrypted
 */
export function createGoodCopies(
  basePath: string,
  deps: {
    credentialsOf?: (profileId: string) => Pick<Credentials, 'get'>
    fs?: BackupFs
  },
): GoodCopies {
  const fs = deps.fs ?? systemFs
  const extract = (source: string, header: Header, path: string): Promise<Result<null>> =>
    attempt('Nothing was changed.', async () => {
      const { credentialsOf } = deps
      const passphrase =
        credentialsOf && header.encryption === 'age'
          ? await passphraseOf({ credentialsOf: credentialsOf as (id: string) => Credentials }, source, undefined, fs)
          : null
      const frame = await checkFrame(source, fs)
      try {
        await unpack(frame, {
          fs,
          passphrase,
          sink: async (name) => (name === databaseName ? newFile(path, fs) : null),
        })
      } catch (error) {
        await fs.rm(path, { force: true }).catch(() => {})
        throw error
      }
      await syncFolder(dirname(path), fs)
      return null
    })
  return {
    async list() {
      const copies: GoodCopy[] = []
      for (const folder of new Set([ownFolderOf(basePath), ...rememberedFolder(basePath)]))
        for (const name of await fs.readdir(folder).catch(() => [] as string[])) {
          if (!isBackupName(name)) continue
          const source = join(folder, name)
          const header = await peekHeader(source, fs).catch(() => null)
          if (header)
            copies.push({
              label: `the backup of ${new Date(header.madeAtMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
              madeAtMs: header.madeAtMs,
              profileId: header.profile,
              extractTo: async (path) =>
                (await fs.lstat(path).catch(() => null))
                  ? fail('not-written', `There is a file at ${path} already. Nothing was changed.`)
                  : extract(source, header, path),
            })
        }
      return copies.sort((left, right) => right.madeAtMs - left.madeAtMs)
    },
  }
}
