import { createHash, randomBytes } from 'node:crypto'
import { fail, ok, type Result } from '#shared/result.ts'
import type { SecretStore } from '../ports.ts'

/** The part of keytar's API that is used. */
export interface Keytar {
  getPassword(service: string, account: string): Promise<string | null | undefined>
  setPassword(service: string, account: string, password: string): Promise<void>
  deletePassword(service: string, account: string): Promise<boolean>
}
export interface Keychain extends SecretStore {
  readonly kind: 'keychain'
  /** Probes with set, get and delete. A yes is remembered; a no is asked again after 30 s, since keychains get unlocked. */
  available(): Promise<boolean>
}

/** Windows takes 2,560 bytes of UTF-16 per entry. */
const partCharacters = 1_000
/** Time for a person to answer the system's own "unlock the keychain" dialog. */
const answerMs = 60_000
const askAgainMs = 30_000
const header = /^inkwell1:(\d{1,3}):([0-9a-f]{8}):([0-9a-f]{16}):/

const unavailable = (): Result<never, 'keychain-unavailable'> =>
  fail(
    'keychain-unavailable',
    'This computer has no keychain that Inkwell can use, or it is locked. Unlock it and try again, or keep the secret for this session only.',
    { retryable: true },
  )
const checksum = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)
const partAccount = (account: string, generation: string, part: number): string => `${account}~${generation}~${part}`

/**
 * The OS keychain by keytar's API. Nothing here throws. An entry that was damaged, cut or replaced by something else is
 * read as absent (its checksum does not fit), so whoever needs it asks the user again.
 */
export function createKeychain(options: {
  service: string
  /** Null when the native module cannot be loaded on this computer. */
  load?: () => Promise<Keytar | null>
  answerWithinMs?: number
}): Keychain {
  const { service, load = loadKeytar, answerWithinMs = answerMs } = options
  let loading: Promise<Keytar | null> | null = null
  let probing: Promise<boolean> | null = null
  let works = false
  let failedAtMs = Number.NEGATIVE_INFINITY

  /** A call that has not come back. */
  let unanswered: Promise<void> | null = null
  let turn: Promise<unknown> = Promise.resolve()

  /**
   * One at a time, and none while an earlier one has not come back: each holds one of Node's four threads for files and
   * names until the keychain answers, so a keychain that hangs would hang the whole app.
   */
  const call = <Value>(use: (keytar: Keytar) => Promise<Value>): Promise<Result<Value, 'keychain-unavailable'>> => {
    const mine = turn.then(() => ask(use))
    turn = mine
    return mine
  }
  const ask = async <Value>(
    use: (keytar: Keytar) => Promise<Value>,
  ): Promise<Result<Value, 'keychain-unavailable'>> => {
    if (unanswered) return unavailable()
    let timer: NodeJS.Timeout | undefined
    try {
      loading ??= load()
      const work = loading.then(async (keytar) => (keytar ? ok(await use(keytar)) : unavailable()))
      const over = (): void => {
        unanswered = null
      }
      unanswered = work.then(over, over)
      const late = new Promise<Result<never, 'keychain-unavailable'>>((resolve) => {
        timer = setTimeout(() => {
          works = false
          failedAtMs = performance.now()
          resolve(unavailable())
        }, answerWithinMs)
      })
      return await Promise.race([work, late])
    } catch {
      return unavailable()
    } finally {
      clearTimeout(timer)
    }
  }

  const readHead = async (keytar: Keytar, account: string) => {
    const stored = await keytar.getPassword(service, account)
    const match = typeof stored === 'string' ? header.exec(stored) : null
    if (!stored || !match) return null
    return { parts: Number(match[1]), generation: match[2]!, sum: match[3]!, text: stored.slice(match[0].length) }
  }
  const read = async (keytar: Keytar, account: string): Promise<string | null> => {
    const head = await readHead(keytar, account)
    if (!head) return null
    let text = head.text
    for (let part = 1; part < head.parts; part += 1)
      text += (await keytar.getPassword(service, partAccount(account, head.generation, part))) ?? ''
    return checksum(text) === head.sum ? text : null
  }
  const deleteParts = async (keytar: Keytar, account: string, head: { parts: number; generation: string } | null) => {
    for (let part = 1; part < (head?.parts ?? 0); part += 1)
      await keytar.deletePassword(service, partAccount(account, head!.generation, part))
  }
  const write = async (keytar: Keytar, account: string, secret: string): Promise<void> => {
    const before = await readHead(keytar, account)
    const generation = randomBytes(4).toString('hex')
    const parts = Math.max(1, Math.ceil(secret.length / partCharacters))
    // The entry that names the parts is written last: until then the old one, with its own parts, is whole.
    for (let part = 1; part < parts; part += 1)
      await keytar.setPassword(
        service,
        partAccount(account, generation, part),
        secret.slice(part * partCharacters, (part + 1) * partCharacters),
      )
    await keytar.setPassword(
      service,
      account,
      `inkwell1:${parts}:${generation}:${checksum(secret)}:${secret.slice(0, partCharacters)}`,
    )
    await deleteParts(keytar, account, before)
  }

  const probe = async (): Promise<boolean> => {
    const account = `probe-${randomBytes(6).toString('hex')}`
    const result = await call(async (keytar) => {
      await keytar.setPassword(service, account, account)
      const same = (await keytar.getPassword(service, account)) === account
      await keytar.deletePassword(service, account)
      return same
    })
    works = result.ok && result.value
    if (!works) failedAtMs = performance.now()
    return works
  }
  const available = async (): Promise<boolean> => {
    if (works) return true
    if (performance.now() - failedAtMs < askAgainMs) return false
    probing ??= probe().finally(() => {
      probing = null
    })
    return probing
  }

  return {
    kind: 'keychain',
    available,
    get: async (account) => ((await available()) ? call((keytar) => read(keytar, account)) : unavailable()),
    set: async (account, secret) => {
      if (!(await available())) return unavailable()
      const result = await call((keytar) => write(keytar, account, secret))
      return result.ok ? ok(null) : result
    },
    delete: async (account) => {
      if (!(await available())) return unavailable()
      const result = await call(async (keytar) => {
        const head = await readHead(keytar, account)
        await keytar.deletePassword(service, account)
        await deleteParts(keytar, account, head)
      })
      return result.ok ? ok(null) : result
    },
  }
}

async function loadKeytar(): Promise<Keytar | null> {
  const module = await import('@napi-rs/keyring/keytar.js')
  return (module as { default?: Keytar }).default ?? (module as Keytar)
}
