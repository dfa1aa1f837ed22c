import { useEffect, useId, useRef } from 'react'
import { create } from 'zustand'
import { inkwell } from './inkwell.ts'

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

interface KeyPress {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
}

/** `Ctrl 1` on Linux and `⌘ 1` on macOS are both `mod+1`; Shift counts only beside another modifier or a named key. */
export function keysOf(press: KeyPress, platform: string): string {
  const mod = platform === 'darwin' ? press.metaKey : press.ctrlKey
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key
  const named = press.key.length > 1
  return [mod && 'mod', press.altKey && 'alt', press.shiftKey && (named || mod || press.altKey) && 'shift', key]
    .filter(Boolean)
    .join('+')
}

export const isSingleKey = (keys: string): boolean => keys.length === 1

const keyNames: Record<string, string> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ' ': 'Space',
  shift: 'Shift',
  alt: 'Alt',
}
/** As written on this computer's keys: ["Ctrl", "1"]. */
export const keyWords = (keys: string, platform: string = inkwell.platform): string[] =>
  keys.split('+').map((key) => {
    if (key === 'mod') return platform === 'darwin' ? '⌘' : 'Ctrl'
    if (key === 'alt' && platform === 'darwin') return '⌥'
    return keyNames[key] ?? (key.length === 1 ? key.toUpperCase() : key)
  })
