import { localStorageColorSchemeManager, useMantineColorScheme } from '@mantine/core'
import { useEffect } from 'react'
import { useLive } from '../lib/live.ts'

/** Remembers the scheme between starts so that the first paint is already right; settings decide. */
export const colorSchemeManager = localStorageColorSchemeManager({ key: 'inkwell-color-scheme' })

/** Follows the setting. */
export function ColorScheme() {
  const chosen = useLive('settings', 'get', {}).value?.colorScheme
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true })
  useEffect(() => {
    if (chosen) setColorScheme(chosen)
  }, [chosen, setColorScheme])
  return null
}
