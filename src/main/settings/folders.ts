import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

interface Place {
  readonly env: NodeJS.ProcessEnv
  readonly home: string
  readonly platform: NodeJS.Platform
}
const here = (): Place => ({ env: process.env, home: homedir(), platform: process.platform })

/** `Inkwell` in the documents folder: XDG's where one is set, `~/Documents` elsewhere. */
export const suggestedVaultPath = (place: Place = here()): string => join(documentsPath(place), 'Inkwell')

/** What Electron's `app.getPath('userData')` answers for the product name Inkwell. */
export function defaultProfilePath({ env, home, platform }: Place = here()): string {
  if (platform === 'win32') return join(absolute(env.APPDATA) ?? join(home, 'AppData', 'Roaming'), 'Inkwell')
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Inkwell')
  return join(absolute(env.XDG_CONFIG_HOME) ?? join(home, '.config'), 'Inkwell')
}

function documentsPath({ env, home, platform }: Place): string {
  const fallback = join(home, 'Documents')
  if (platform === 'win32' || platform === 'darwin') return fallback
  const set = absolute(env.XDG_DOCUMENTS_DIR)
  if (set) return set
  try {
    const config = readFileSync(join(absolute(env.XDG_CONFIG_HOME) ?? join(home, '.config'), 'user-dirs.dirs'), 'utf8')
    // XDG_DOCUMENTS_DIR="$HOME/Dokumente"; "$HOME/" means that there is none (xdg-user-dirs).
    const value = /^\s*XDG_DOCUMENTS_DIR="(.*)"/m.exec(config)?.[1]?.replace(/^\$HOME(?=\/|$)/, home)
    return value && absolute(value) && join(value) !== join(home, '/') ? join(value) : fallback
  } catch {
    return fallback
  }
}

const absolute = (path: string | undefined): string | undefined => (path && isAbsolute(path) ? path : undefined)
