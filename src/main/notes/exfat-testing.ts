import { execFileSync } from 'node:child_process'
import { existsSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const has = (command: string): boolean =>
  ['/usr/bin', '/bin', '/usr/sbin', '/sbin'].some((folder) => existsSync(join(folder, command)))

/** Whether this computer can mount one: as root, with exfat-fuse, exfatprogs and a free loop device. */
export const hasExfat =
  process.getuid?.() === 0 &&
  existsSync('/dev/fuse') &&
  existsSync('/dev/loop-control') &&
  ['mount.exfat-fuse', 'mkfs.exfat', 'losetup'].every(has)

/**
 * A disk that has neither an exchange of names, nor hard links, nor a call that moves to a free name only.
 * @param folder an existing one; @returns what takes it away again
 */
export function mountExfat(image: string, folder: string): () => void {
  writeFileSync(image, '')
  truncateSync(image, 32 * 1_048_576)
  execFileSync('mkfs.exfat', [image], { stdio: 'ignore' })
  const device = execFileSync('losetup', ['-f', '--show', image], { encoding: 'utf8' }).trim()
  try {
    execFileSync('mount.exfat-fuse', [device, folder], { stdio: 'ignore' })
  } catch (error) {
    execFileSync('losetup', ['-d', device])
    throw error
  }
  return () => {
    execFileSync('umount', [folder])
    execFileSync('losetup', ['-d', device])
  }
}
