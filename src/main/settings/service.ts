import { accessSync, constants, mkdirSync, statSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { z } from 'zod'
import type { Settings } from '#shared/contract/settings.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import type { Clock, Desktop, Events } from '../ports.ts'
import type { VaultSettings } from '../services.ts'
import type { Storage } from '../storage/storage.ts'
import { readSetting, writeSetting } from './store.ts'

export interface SettingsDeps {
  readonly storage: Storage
  readonly events: Events
  readonly clock: Clock
  readonly desktop: Pick<Desktop, 'chooseFolder'> | null
  /** Absolute. */
  readonly suggestedVaultPath: string
  /** Whether secrets can be kept beyond this session. */
  readonly keychain: () => Promise<Settings['keychain']>
}
export type SettingsFailure = 'not-available' | 'vault-refused'
export type SettingsService = ReturnType<typeof createSettingsService>

const Preferences = {
  colorScheme: z.enum(['auto', 'light', 'dark']).catch('auto'),
  singleKeyShortcuts: z.boolean().catch(true),
  refreshOnStart: z.boolean().catch(true),
}
type Change = { [Name in keyof typeof Preferences]?: z.infer<(typeof Preferences)[Name]> | undefined }

export function createSettingsService(deps: SettingsDeps) {
  const { storage } = deps
  const vaultPath = (): string | null =>
    z
      .string()
      .nullable()
      .catch(null)
      .parse(readSetting(storage, 'vaultPath') ?? null)
  const preference = <Name extends keyof typeof Preferences>(name: Name): z.infer<(typeof Preferences)[Name]> =>
    Preferences[name].parse(readSetting(storage, name)) as z.infer<(typeof Preferences)[Name]>

  const get = async (): Promise<Settings> => ({
    vaultPath: vaultPath(),
    suggestedVaultPath: deps.suggestedVaultPath,
    vaultState: vaultState(vaultPath()),
    colorScheme: preference('colorScheme'),
    singleKeyShortcuts: preference('singleKeyShortcuts'),
    refreshOnStart: preference('refreshOnStart'),
    keychain: await deps.keychain(),
  })

  const save = (action: string, values: Readonly<Record<string, string | boolean | undefined>>): void => {
    const changes = Object.entries(values).filter(
      (entry): entry is [string, string | boolean] => entry[1] !== undefined,
    )
    if (changes.length === 0) return
    storage.write(action, (tx) => {
      for (const [name, value] of changes) {
        tx.audit(`setting:${name}`, readSetting(tx, name) ?? null, value)
        writeSetting(tx, name, value, deps.clock.now())
      }
    })
    deps.events.emit('settings.changed', {})
  }

  /** Takes a folder that is there, or makes it, and checks that notes can be written to it. */
  function takeVault(path: string): Result<null, 'vault-refused'> {
    if (!isAbsolute(path)) return fail('vault-refused', 'A notes folder needs its whole path. Nothing was changed.')
    try {
      mkdirSync(path, { recursive: true })
    } catch (error) {
      return fail(
        'vault-refused',
        `The folder ${path} cannot be made (${(error as NodeJS.ErrnoException).code}). Nothing was changed. Choose another one.`,
      )
    }
    if (vaultState(path) !== 'ready')
      return fail(
        'vault-refused',
        `Inkwell may not write to ${path}. Nothing was changed. Choose another folder, or allow it there.`,
      )
    save('settings.setVault', { vaultPath: path })
    return ok(null)
  }

  const vault: VaultSettings = { vaultPath }
  return {
    vault,
    get,
    refreshOnStart: (): boolean => preference('refreshOnStart'),
    colorScheme: (): Settings['colorScheme'] => preference('colorScheme'),
    async set(change: Change): Promise<Settings> {
      save('settings.set', change)
      return get()
    },
    takeVault,
    /** Null when the user left the dialog. */
    async chooseVault(): Promise<Result<Settings | null, SettingsFailure>> {
      if (!deps.desktop) return fail('not-available', 'There is no window here to choose a folder in.')
      const path = await deps.desktop.chooseFolder('Choose a notes folder')
      if (path === null) return ok(null)
      const taken = takeVault(path)
      return taken.ok ? ok(await get()) : taken
    },
    async useSuggestedVault(): Promise<Result<Settings, SettingsFailure>> {
      const taken = takeVault(deps.suggestedVaultPath)
      return taken.ok ? ok(await get()) : taken
    },
  }
}

function vaultState(path: string | null): Settings['vaultState'] {
  if (path === null) return 'not-chosen'
  try {
    if (!statSync(path).isDirectory()) return 'missing'
  } catch {
    return 'missing'
  }
  try {
    accessSync(path, constants.W_OK | constants.X_OK)
    return 'ready'
  } catch {
    return 'read-only'
  }
}
