import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { makeBackupFile, port } from '../../../src/main/backup/backup-testing.ts'
import { inspect } from '../../../src/main/backup/inspect.ts'
import { workHere } from '../../../src/main/kit/kit-testing.ts'
import { createSealedFiles } from '../../../src/main/kit/sealed-file.ts'
import { createRandom } from '../random.ts'
import type { Kind } from './kind.ts'

const passphrase = 'tide gauge harbour lantern'

/** Looked at as before a restore and as by the rehearsal: all of it is read. */
export async function backupKind(scratch: string, encrypted: boolean): Promise<Kind> {
  const folder = join(scratch, encrypted ? 'encrypted' : 'plain')
  mkdirSync(folder)
  const path = await makeBackupFile(folder, { passphrase: encrypted ? passphrase : null })
  const input = { path, passphrase: encrypted ? passphrase : null, profilePath: join(folder, 'profile') }
  const whole = await inspect(input, port())
  if (!whole.ok) throw new Error(whole.error.message)
  return {
    name: encrypted ? 'encrypted backup' : 'backup',
    bytes: readFileSync(path),
    sample: 200,
    async judge(damaged) {
      writeFileSync(path, damaged)
      const looked = await inspect(input, port())
      if (!looked.ok)
        return looked.error.message ? { outcome: 'refused' } : { outcome: 'silent', words: 'refused without words' }
      return { outcome: 'silent', words: 'it is taken for whole' }
    },
  }
}

export async function kitKind(seed: number): Promise<Kind> {
  const random = createRandom(seed)
  const files = createSealedFiles(workHere, { workFactor: 1 })
  const content = {
    schemaVersion: 1 as const,
    profileId: '0123456789abcdef',
    madeAt: '2026-11-23T12:00:00.000Z',
    marksKey: Buffer.alloc(32, 7).toString('base64'),
    secrets: [1, 2, 3].map((number) => ({ subject: `feed/${number}`, secret: `secret ${random.below(1e9)}` })),
  }
  const sealed = await files.seal(content, passphrase)
  if (!sealed.ok) throw new Error(sealed.error.message)
  return {
    name: 'recovery kit',
    bytes: Buffer.from(sealed.value),
    sample: 200,
    async judge(damaged) {
      const opened = await files.open(damaged.toString(), passphrase)
      if (!opened.ok)
        return opened.error.message ? { outcome: 'refused' } : { outcome: 'silent', words: 'refused without words' }
      return isDeepStrictEqual(opened.value, content)
        ? { outcome: 'harmless' }
        : { outcome: 'silent', words: 'it opens and holds other secrets' }
    },
  }
}
