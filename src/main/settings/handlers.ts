import type { AppContract, Handlers } from '#shared/contract/types.ts'
import { ok } from '#shared/result.ts'
import type { SettingsService } from './service.ts'

export const settingsHandlers = (settings: SettingsService): Handlers<AppContract['settings']> => ({
  get: async () => ok(await settings.get()),
  set: async (change) => ok(await settings.set(change)),
  chooseVault: () => settings.chooseVault(),
  useSuggestedVault: () => settings.useSuggestedVault(),
})
