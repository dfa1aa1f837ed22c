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
  const other = platform === 'darwin' ? press.ctrlKey && 'ctrl' : press.metaKey && 'meta'
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key
  const named = press.key.length > 1
  return [mod && 'mod', other, press.altKey && 'alt', press.shiftKey && (named || mod || press.altKey) && 'shift', key]
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
export const keyWords = (keys: string, platform: string): string[] =>
  keys.split('+').map((key) => {
    if (key === 'mod') return platform === 'darwin' ? '⌘' : 'Ctrl'
    if (key === 'alt' && platform === 'darwin') return '⌥'
    return keyNames[key] ?? (key.length === 1 ? key.toUpperCase() : key)
  })
