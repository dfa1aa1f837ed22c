import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** A keyring goes into the background and ends a moment after its bus, writing to its home until then. */
export async function keyringEnded(home: string): Promise<void> {
  while (environments().some((one) => one.includes(`HOME=${home}`))) await sleep(50)
}

function environments(): string[] {
  const ids = process.platform === 'linux' ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : []
  return ids.map((id) => {
    try {
      return readFileSync(`/proc/${id}/environ`, 'latin1')
    } catch {
      return ''
    }
  })
}
