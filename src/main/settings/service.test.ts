import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Settings } from '#shared/contract/settings.ts'
import { createEvents } from '../events.ts'
import { openStorage } from '../storage/storage.ts'
import { defaultProfilePath, suggestedVaultPath } from './folders.ts'
import { createSettingsService } from './service.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkwell-settings-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function open(chosen: string | null = null) {
  const storage = openStorage(':memory:', { clock: Date, origin: 'test' })
  if (!storage.ok) throw new Error(storage.error.message)
  const events = createEvents(() => {})
  let changes = 0
  events.on('settings.changed', () => changes++)
  const settings = createSettingsService({
    storage: storage.value,
    events,
    clock: Date,
    desktop: { chooseFolder: async () => chosen },
    suggestedVaultPath: join(folder, 'Documents', 'Inkwell'),
    keychain: async () => 'unavailable',
  })
  return { settings, storage: storage.value, changes: () => changes }
}

describe('settings', () => {
  it('start with no vault and the defaults', async () => {
    const { settings } = open()
    expect(Settings.parse(await settings.get())).toEqual({
      vaultPath: null,
      suggestedVaultPath: join(folder, 'Documents', 'Inkwell'),
      vaultState: 'not-chosen',
      colorScheme: 'auto',
      singleKeyShortcuts: true,
      refreshOnStart: true,
      keychain: 'unavailable',
    })
  })

  it('keep what is set, with an audit row each, and say so once', async () => {
    const { settings, storage, changes } = open()
    await settings.set({ colorScheme: 'dark', refreshOnStart: false })
    expect(await settings.get()).toMatchObject({ colorScheme: 'dark', refreshOnStart: false, singleKeyShortcuts: true })
    expect(storage.all('SELECT subject FROM audit')).toHaveLength(2)
    await settings.set({})
    expect(changes()).toBe(1)
  })

  it('read a damaged value as its default', async () => {
    const { settings, storage } = open()
    storage.writeUnaudited((tx) =>
      tx.run(`INSERT INTO settings VALUES ('colorScheme', '42', 0, ''), ('vaultPath', '{}', 0, '')`),
    )
    expect(await settings.get()).toMatchObject({ colorScheme: 'auto', vaultPath: null })
  })
})

describe('the vault', () => {
  it('is made when the suggested one is taken', async () => {
    const { settings } = open()
    expect(await settings.useSuggestedVault()).toMatchObject({ ok: true, value: { vaultState: 'ready' } })
    expect(existsSync(join(folder, 'Documents', 'Inkwell'))).toBe(true)
    expect(settings.vault.vaultPath()).toBe(join(folder, 'Documents', 'Inkwell'))
  })

  it('stays as it was when the dialog is left, and when the folder cannot be used', async () => {
    expect(await open(null).settings.chooseVault()).toEqual({ ok: true, value: null })
    writeFileSync(join(folder, 'file'), '')
    for (const path of [join(folder, 'file'), join(folder, 'file', 'below'), 'relative']) {
      const { settings } = open(path)
      expect(await settings.chooseVault()).toMatchObject({ ok: false, error: { code: 'vault-refused' } })
      expect(settings.vault.vaultPath()).toBeNull()
    }
  })

  it('is missing once it is gone', async () => {
    const { settings } = open(join(folder, 'vault'))
    await settings.chooseVault()
    rmSync(join(folder, 'vault'), { recursive: true })
    expect(await settings.get()).toMatchObject({ vaultState: 'missing' })
  })

  it.skipIf(process.getuid?.() === 0)('is read-only where it may not be written', async () => {
    mkdirSync(join(folder, 'vault'))
    const { settings } = open(join(folder, 'vault'))
    await settings.chooseVault()
    chmodSync(join(folder, 'vault'), 0o500)
    expect(await settings.get()).toMatchObject({ vaultState: 'read-only' })
    chmodSync(join(folder, 'vault'), 0o700)
  })
})

describe('folders', () => {
  const place = (env: NodeJS.ProcessEnv, platform: NodeJS.Platform = 'linux') => ({ env, home: folder, platform })

  it('suggests Documents, or what XDG names', () => {
    expect(suggestedVaultPath(place({}))).toBe(join(folder, 'Documents/Inkwell'))
    expect(suggestedVaultPath(place({ XDG_DOCUMENTS_DIR: '/papers' }))).toBe('/papers/Inkwell')
    mkdirSync(join(folder, '.config'))
    const config = join(folder, '.config/user-dirs.dirs')
    writeFileSync(config, '# x\nXDG_DOCUMENTS_DIR="$HOME/Dokumente"\n')
    expect(suggestedVaultPath(place({}))).toBe(join(folder, 'Dokumente/Inkwell'))
    writeFileSync(config, 'XDG_DOCUMENTS_DIR="$HOME/"\n')
    expect(suggestedVaultPath(place({}))).toBe(join(folder, 'Documents/Inkwell'))
  })

  it('finds the profile where Electron puts it', () => {
    expect(defaultProfilePath(place({}))).toBe(join(folder, '.config/Inkwell'))
    expect(defaultProfilePath(place({ XDG_CONFIG_HOME: '/c' }))).toBe('/c/Inkwell')
    expect(defaultProfilePath(place({}, 'darwin'))).toBe(join(folder, 'Library/Application Support/Inkwell'))
  })
})
