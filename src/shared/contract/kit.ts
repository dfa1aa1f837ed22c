import { z } from 'zod'
import { command, event, Nothing, query, Text, TimeMs } from './define.ts'

/** The recovery kit: the keychain's secrets of this profile, encrypted with the user's words. */
export const KitStatus = z.object({
  /** Secrets in the keychain that a kit would hold. */
  secretCount: z.number().int(),
  /** Kept for this session only: no kit can hold them. */
  sessionOnly: z.number().int(),
  /** Should be in the keychain and are not: their feeds need the password again. */
  missing: z.number().int(),
  keychain: z.enum(['available', 'unavailable']),
  madeAtMs: TimeMs.nullable(),
  testedAtMs: TimeMs.nullable(),
  /** Secrets were added or changed since the kit was made. */
  outdated: z.boolean(),
})
export type KitStatus = z.infer<typeof KitStatus>

const Words = Text(1_000).min(8)

export const kit = {
  status: query(Nothing, KitStatus),
  /** Twelve words that nobody guesses, to write down; they are not kept anywhere. */
  suggestWords: command(Nothing, z.object({ words: z.string() })),
  /**
   * Opens a save dialog; the file is read back and decrypted before it is called made. Null when the user left it. Fails
   * with `weak-words`, `keychain-unavailable`, `nothing-to-keep`, `write-failed`, `not-verified`.
   */
  make: command(
    z.strictObject({ words: Words }),
    z
      .object({
        fileName: z.string(),
        secrets: z.number().int(),
        /** Not in it. */
        sessionOnly: z.number().int(),
        missing: z.number().int(),
        status: KitStatus,
      })
      .nullable(),
  ),
  chooseFile: command(Nothing, z.object({ token: Text(100), name: z.string() }).nullable()),
  /**
   * Decrypts it and compares it with the keychain; writes nothing. Fails with `wrong-words`, `damaged`, `not-a-kit`,
   * `newer-kit`, `file-unreadable`, `keychain-unavailable`.
   */
  test: command(
    z.strictObject({ token: Text(100), words: Words }),
    z.object({
      madeAtMs: TimeMs,
      secrets: z.number().int(),
      /** Made by another profile, e.g. that of another computer. */
      otherProfile: z.boolean(),
      missingHere: z.number().int(),
      differentHere: z.number().int(),
    }),
  ),
  /**
   * Puts the secrets that are missing here into the keychain; those that differ only with `replace`. A kit of another
   * profile is taken where this one has no secrets of its own: they wait for that profile's backup. Fails with what `test`
   * fails with, and `other-profile`.
   */
  restore: command(
    z.strictObject({ token: Text(100), words: Words, replace: z.boolean().default(false) }),
    z.object({
      restored: z.number().int(),
      /** Differ here and were left. */
      kept: z.number().int(),
      otherProfile: z.boolean(),
    }),
  ),
  changed: event(Nothing),
}
