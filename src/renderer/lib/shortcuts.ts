import { useEffect, useId, useRef } from 'react'
import { create } from 'zustand'

export interface Shortcut {
  /** `mod+1` (Ctrl, ⌘ on macOS), `alt+ArrowLeft`, `n`, `?`, or several with a space between. */
  keys: string
  label: string
  group: 'Anywhere' | 'Lists' | 'Episode'
  /** Without it the line is only shown in the sheet: the view handles the key itself. */
  run?: (() => void) | undefined
}

/** What works now, by the id of who registered it. The newest registration of a key wins. */
export const useShortcutStore = create<{ byId: Record<string, Shortcut>; sheetOpen: boolean }>(() => ({
  byId: {},
  sheetOpen: false,
}))

/** Registers a key while the component is shown; it appears in the `?` sheet. */
export function useShortcut(
  keys: string,
  label: string,
  run: (() => void) | null,
  options: { group?: Shortcut['group']; enabled?: boolean } = {},
): void {
  const id = useId()
  const latest = useRef(run)
  latest.current = run
  const { group = 'Anywhere', enabled = true } = options
  const acts = run !== null
  useEffect(() => {
    if (!enabled) return
    const shortcut: Shortcut = { keys, label, group, run: acts ? () => latest.current?.() : undefined }
    useShortcutStore.setState((now) => ({ byId: { ...now.byId, [id]: shortcut } }))
    return () =>
      useShortcutStore.setState((now) => ({
        byId: Object.fromEntries(Object.entries(now.byId).filter(([key]) => key !== id)),
      }))
  }, [id, keys, label, group, enabled, acts])
}

/** Whether letters belong to what has the focus. */
export const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.matches('textarea, select, input:not([type=checkbox]):not([type=radio]):not([type=button])'))

export { isSingleKey, keysOf, keyWords } from './shortcut-keys.ts'
