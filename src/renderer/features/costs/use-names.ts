import { useMemo } from 'react'
import { useLive } from '../../lib/live.ts'

/** What the user calls servers and templates, by the names the ledger keeps. */
export function useNames(): { providers: ReadonlyMap<string, string>; templates: ReadonlyMap<string, string> } {
  const providers = useLive('models', 'providers', {}).value
  const templates = useLive('templates', 'list', {}).value
  return useMemo(
    () => ({
      providers: new Map(providers?.map(({ id, title }) => [id, title])),
      templates: new Map(templates?.map(({ name, title }) => [name, title])),
    }),
    [providers, templates],
  )
}
