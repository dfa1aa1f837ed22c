import { homedir } from 'node:os'
import { sep } from 'node:path'

/** As a person writes it: `~/Documents/Inkwell/…`. */
export const shownPath = (path: string | null): string | null =>
  path?.startsWith(homedir() + sep) ? `~${path.slice(homedir().length)}` : path
