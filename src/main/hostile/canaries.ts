import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Secrets that a test plants and nobody may find again; long and mixed, as real ones are. */
export const canaries = {
  userinfo: 'c4n4ryUs3rInf0Zq7',
  query: 'c4n4ryQu3ryKx92mT5',
  path: 'c4n4ryP4thXk29Lm3Qz',
  basic: 'c4n4ryB4sicW8r5Ty1',
  bearer: 'c4n4ryB34rerV6n3Hj7',
  item: 'c4n4ryIt3mQ8v5Zw1Rt',
} as const
export type Canary = keyof typeof canaries

/** As it may stand in bytes: plain, UTF-16, base64 at each of the three offsets, in hexadecimal, backwards. */
function spellings(secret: string): Buffer[] {
  const base64 = [0, 1, 2].map((offset) =>
    Buffer.from('\0'.repeat(offset) + secret)
      .toString('base64')
      .slice(offset === 0 ? 0 : offset + 1, -4),
  )
  const texts = [secret, ...base64, Buffer.from(secret).toString('hex'), [...secret].reverse().join('')]
  return [...texts.map((text) => Buffer.from(text)), Buffer.from(secret, 'utf16le')]
}

/** Names of the canaries that stand in the bytes, however they are spelled. */
export function canariesIn(bytes: Buffer): Canary[] {
  const lower = Buffer.from(bytes.toString('latin1').toLowerCase(), 'latin1')
  return (Object.keys(canaries) as Canary[]).filter((name) =>
    spellings(canaries[name]).some(
      (spelling) =>
        bytes.includes(spelling) || lower.includes(Buffer.from(spelling.toString('latin1').toLowerCase(), 'latin1')),
    ),
  )
}

/** Every file below a folder that holds one, with which. @param except folders that are the secret store */
export function leaksUnder(folder: string, except: readonly string[] = []): Record<string, Canary[]> {
  const leaks: Record<string, Canary[]> = {}
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (!entry.isFile() || except.some((one) => path.startsWith(one))) continue
    const found = canariesIn(Buffer.concat([Buffer.from(`${path}\n`), readFileSync(path)]))
    if (found.length > 0) leaks[path] = found
  }
  return leaks
}
