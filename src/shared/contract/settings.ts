import { z } from 'zod'
import { command, event, Nothing, query } from './define.ts'

export const Settings = z.object({
  /** Absolute path of the notes folder; null until chosen. */
  vaultPath: z.string().nullable(),
  /** The folder offered until one is chosen. */
  suggestedVaultPath: z.string(),
  vaultState: z.enum(['not-chosen', 'ready', 'missing', 'read-only']),
  colorScheme: z.enum(['auto', 'light', 'dark']),
  singleKeyShortcuts: z.boolean(),
  refreshOnStart: z.boolean(),
  /** Whether secrets can be kept: `session` means no keychain was found. */
  keychain: z.enum(['available', 'unavailable']),
})
export type Settings = z.infer<typeof Settings>

export const settings = {
  get: query(Nothing, Settings),
  set: command(
    z.strictObject({
      colorScheme: z.enum(['auto', 'light', 'dark']).optional(),
      singleKeyShortcuts: z.boolean().optional(),
      refreshOnStart: z.boolean().optional(),
    }),
    Settings,
  ),
  /** Opens a folder dialog; null when the user left it. */
  chooseVault: command(Nothing, Settings.nullable()),
  /** Takes the suggested folder and makes it. */
  useSuggestedVault: command(Nothing, Settings),
  changed: event(Nothing),
}
