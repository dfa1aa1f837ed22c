import { lazy, Suspense, useEffect } from 'react'
import { useLocation } from 'wouter'
import { inkwell } from '../lib/inkwell.ts'
import { useLive } from '../lib/live.ts'
import { isField, isSingleKey, keysOf, useShortcut, useShortcutStore } from '../lib/shortcuts.ts'

const ShortcutSheet = lazy(async () => ({ default: (await import('./ShortcutSheet.tsx')).ShortcutSheet }))

/** Hears every key press once and runs what is registered for it; also goes where main asks to go. */
export function ShortcutKeys() {
  const [, navigate] = useLocation()
  const singleKeys = useLive('settings', 'get', {}).value?.singleKeyShortcuts ?? true
  const sheetOpen = useShortcutStore((store) => store.sheetOpen)
  useShortcut('?', 'This list', () => useShortcutStore.setState({ sheetOpen: true }))
  useEffect(() => inkwell.on('app.navigate', ({ path }) => navigate(path)), [navigate])
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || document.querySelector('[role=dialog]')) return
      const keys = keysOf(event, inkwell.platform)
      // Letters belong to fields, and can be switched off (WCAG 2.1.4).
      if (isSingleKey(keys) && (!singleKeys || isField(event.target))) return
      // There Alt and an arrow go by words through the text.
      if (inkwell.platform === 'darwin' && keys.startsWith('alt+') && isField(event.target)) return
      const shortcut = Object.values(useShortcutStore.getState().byId).findLast(
        (one) => one.run && one.keys.split(' ').includes(keys),
      )
      if (!shortcut) return
      event.preventDefault()
      shortcut.run?.()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [singleKeys])
  if (!sheetOpen) return null
  return (
    <Suspense fallback={null}>
      <ShortcutSheet singleKeys={singleKeys} onClose={() => useShortcutStore.setState({ sheetOpen: false })} />
    </Suspense>
  )
}
