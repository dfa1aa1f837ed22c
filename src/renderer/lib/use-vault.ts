import { ok, type Result } from '#shared/result.ts'
import { useCommand, useLive } from './live.ts'

/**
 * Where notes go. `ready()` before anything that writes notes: takes the suggested folder when none was chosen, which
 * is only allowed where the view has shown it (ui/VaultLine).
 */
export function useVault() {
  const settings = useLive('settings', 'get', {})
  const useSuggested = useCommand('settings', 'useSuggestedVault')
  const choose = useCommand('settings', 'chooseVault')
  const value = settings.value
  const ready = async (): Promise<Result<null>> => {
    if (value?.vaultState !== 'not-chosen') return ok(null)
    const made = await useSuggested.run({})
    return made.ok ? ok(null) : made
  }
  return {
    path: value?.vaultPath ?? value?.suggestedVaultPath ?? null,
    state: value?.vaultState ?? null,
    ready,
    choose: () => choose.run({}),
  }
}
