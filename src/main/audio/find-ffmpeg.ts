import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'

const name = process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg'
/** An app that is started from the desktop does not get the shell's PATH. */
const commonFolders: Readonly<Record<string, readonly string[]>> = {
  linux: ['/usr/bin', '/usr/local/bin', '/snap/bin', '/home/linuxbrew/.linuxbrew/bin'],
  darwin: ['/opt/homebrew/bin', '/usr/local/bin', '/opt/local/bin'],
  win32: ['C:\\ffmpeg\\bin', 'C:\\Program Files\\ffmpeg\\bin', 'C:\\ProgramData\\chocolatey\\bin'],
}

/** The program at this path, when it is one that may be run. */
export async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}

/** @param chosen by the user, absolute; what it names counts before all others while it is there */
export async function findFfmpeg(chosen: string | null, searchPath: string | undefined): Promise<string | null> {
  // A relative entry would run whatever lies in the folder the app was started in.
  const folders = [...(searchPath ?? '').split(delimiter), ...(commonFolders[process.platform] ?? [])].filter(
    isAbsolute,
  )
  for (const path of [
    ...(chosen !== null && isAbsolute(chosen) ? [chosen] : []),
    ...folders.map((at) => join(at, name)),
  ])
    if (await isProgram(path)) return path
  return null
}

export const howToGetFfmpeg: string =
  {
    linux: 'Install the package ffmpeg with your system’s software manager, or choose the program.',
    darwin: 'Install it with “brew install ffmpeg”, or choose the program.',
    win32: 'Install it with “winget install ffmpeg”, or choose ffmpeg.exe.',
  }[process.platform as 'linux'] ?? 'Install ffmpeg, or choose the program.'
