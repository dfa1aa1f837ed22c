import { describe, expect, it } from 'vitest'
import { openStorage } from '../storage/storage.ts'
import { createKeychain, type Keytar } from './keychain.ts'
import { readProfileIdentity } from './profile-identity.ts'
import { createCredentials } from './service.ts'
import { createSessionSecrets } from './session-secrets.ts'

function memoryKeytar(): Keytar & { entries: Map<string, string> } {
  const entries = new Map<string, string>()
  return {
    entries,
    getPassword: async (_, account) => entries.get(account) ?? null,
    // What Windows takes per entry.
    setPassword: async (_, account, password) => {
      if (password.length * 2 > 2_560) throw new Error('too long')
      entries.set(account, password)
    },
    deletePassword: async (_, account) => entries.delete(account),
  }
}
const over = (keytar: Keytar | null, answerWithinMs?: number) =>
  createKeychain({ service: 'Inkwell test', load: async () => keytar, ...(answerWithinMs ? { answerWithinMs } : {}) })

describe('the keychain', () => {
  it('gives back what was set, in parts where it is long, and leaves no part behind', async () => {
    const keytar = memoryKeytar()
    const keychain = over(keytar)
    for (const secret of ['short', 'lang '.repeat(1_500), 'ü€😀'.repeat(700), 'x']) {
      expect(await keychain.set('a', secret)).toEqual({ ok: true, value: null })
      expect(await keychain.get('a')).toEqual({ ok: true, value: secret })
    }
    expect(keytar.entries.size).toBe(1)
    await keychain.set('a', 'y'.repeat(5_000))
    await keychain.delete('a')
    expect(keytar.entries.size).toBe(0)
    expect(await keychain.get('a')).toEqual({ ok: true, value: null })
  })
  it('a damaged, cut or foreign entry reads as absent', async () => {
    const keytar = memoryKeytar()
    const keychain = over(keytar)
    await keychain.set('a', 'secret '.repeat(300))
    const whole = new Map(keytar.entries)
    for (const [account, value] of whole)
      for (const damaged of [
        value.slice(0, -1),
        `${value}x`,
        value.replace('secret', 'Secret'),
        '',
        'something else',
        `inkwell1:${value}`,
      ]) {
        keytar.entries.set(account, damaged)
        expect(await keychain.get('a'), `${account}: ${damaged.slice(0, 20)}`).toEqual({ ok: true, value: null })
        keytar.entries.set(account, value)
      }
    keytar.entries.delete([...whole.keys()].find((account) => account.includes('~'))!)
    expect(await keychain.get('a')).toEqual({ ok: true, value: null })
  })
  it('an entry written over halfway keeps the old secret whole', async () => {
    const keytar = memoryKeytar()
    const keychain = over(keytar)
    await keychain.set('a', 'old '.repeat(600))
    const setPassword = keytar.setPassword
    keytar.setPassword = async (service, account, password) => {
      if (account === 'a') throw new Error('power cut')
      return setPassword(service, account, password)
    }
    expect(await keychain.set('a', 'new '.repeat(600))).toMatchObject({ ok: false })
    expect(await keychain.get('a')).toEqual({ ok: true, value: 'old '.repeat(600) })
  })
  it('missing, refusing or silent: a failure that says what to do, never a throw', async () => {
    const refusing: Keytar = {
      getPassword: () => Promise.reject(new Error('locked')),
      setPassword: () => {
        throw new Error('locked')
      },
      deletePassword: () => Promise.reject(new Error('locked')),
    }
    const silent: Keytar = {
      getPassword: () => new Promise(() => {}),
      setPassword: () => new Promise(() => {}),
      deletePassword: () => new Promise(() => {}),
    }
    const broken = createKeychain({ service: 'x', load: () => Promise.reject(new Error('no binary')) })
    for (const keychain of [over(null), over(refusing), over(silent, 20), broken]) {
      expect(await keychain.available()).toBe(false)
      expect(await keychain.get('a')).toMatchObject({
        ok: false,
        error: { code: 'keychain-unavailable', retryable: true },
      })
      expect(await keychain.set('a', 'b')).toMatchObject({ ok: false })
      expect(await keychain.delete('a')).toMatchObject({ ok: false })
    }
  })
  it('one that hangs holds one of Node’s threads, however many ask, and is used again once it answers', async () => {
    const keytar = memoryKeytar()
    let calls = 0
    let answer: (() => void) | null = null
    const getPassword = keytar.getPassword
    const keychain = over(keytar, 40)
    await keychain.set('a', 'kept')
    keytar.getPassword = async (service, account) => {
      calls += 1
      await new Promise<void>((resolve) => {
        answer = resolve
      })
      return getPassword(service, account)
    }
    const asked = await Promise.all(Array.from({ length: 20 }, () => keychain.get('a')))
    expect(asked.filter(({ ok }) => ok)).toEqual([])
    expect(calls).toBe(1)
    expect(await keychain.set('b', 'x')).toMatchObject({ ok: false })
    keytar.getPassword = getPassword
    answer!()
    await new Promise((resolve) => setImmediate(resolve))
    // For half a minute it is not asked again; another start asks at once.
    expect(await keychain.get('a')).toMatchObject({ ok: false })
    expect(await over(keytar).get('a')).toEqual({ ok: true, value: 'kept' })
  })
  it('a module that never loads is a keychain that does not answer', async () => {
    const keychain = createKeychain({ service: 'x', load: () => new Promise(() => {}), answerWithinMs: 20 })
    expect(await keychain.get('a')).toMatchObject({ ok: false, error: { code: 'keychain-unavailable' } })
  })
  it.each([
    [5],
    [undefined],
    [{}],
    [['inkwell1:1:']],
    ['a\0b'],
    ['x'.repeat(1_000_000)],
    ['inkwell1:999:00000000:0000000000000000:x'],
  ])('an entry that another program wrote reads as absent, and is not erased: %#', async (value) => {
    const keytar = memoryKeytar()
    keytar.entries.set('a', value as string)
    expect(await over(keytar).get('a')).toEqual({ ok: true, value: null })
    expect(keytar.entries.get('a')).toBe(value)
  })
  it('is tried once, not before each call', async () => {
    const keytar = memoryKeytar()
    let probes = 0
    const setPassword = keytar.setPassword
    keytar.setPassword = (service, account, password) => {
      if (account.startsWith('probe')) probes += 1
      return setPassword(service, account, password)
    }
    const keychain = over(keytar)
    await Promise.all([keychain.set('a', '1'), keychain.set('b', '2'), keychain.get('a'), keychain.available()])
    expect(probes).toBe(1)
  })
})

describe('credentials', () => {
  const make = (entries = memoryKeytar(), profileId = 'p1') => ({
    entries,
    credentials: createCredentials({ keychain: over(entries), session: createSessionSecrets(), profileId }),
  })

  it('set, has, get, delete; the session’s never reaches the keychain', async () => {
    const { credentials, entries } = make()
    await credentials.set('feed/1', 'in keychain', 'keychain')
    await credentials.set('feed/2', 'in memory', 'session')
    expect(await credentials.get('feed/1')).toEqual({ ok: true, value: 'in keychain' })
    expect(await credentials.get('feed/2')).toEqual({ ok: true, value: 'in memory' })
    expect([...entries.entries.keys()]).toEqual(['p1/feed/1'])
    await credentials.delete('feed/1')
    await credentials.delete('feed/2')
    expect([await credentials.has('feed/1'), await credentials.has('feed/2')]).toEqual([false, false])
  })
  it('the newer of session and keychain counts', async () => {
    const { credentials } = make()
    await credentials.set('feed/1', 'first', 'keychain')
    await credentials.set('feed/1', 'second', 'session')
    expect(await credentials.get('feed/1')).toMatchObject({ value: 'second' })
    await credentials.set('feed/1', 'third', 'keychain')
    expect(await credentials.get('feed/1')).toMatchObject({ value: 'third' })
  })
  it('two profiles on one computer do not see each other', async () => {
    const { credentials, entries } = make()
    await credentials.set('feed/1', 'mine', 'keychain')
    expect(await make(entries, 'p2').credentials.has('feed/1')).toBe(false)
  })
  it.each([
    ['', 'empty'],
    ['a\0b', 'NUL'],
    ['x'.repeat(50_001), 'too long'],
  ])('refuses what is no secret: %#', async (secret) => {
    expect(await make().credentials.set('feed/1', secret, 'keychain')).toMatchObject({
      ok: false,
      error: { code: 'invalid-secret' },
    })
  })
  it('answers whether there is a keychain within its time, also when that never answers', async () => {
    const never = () => new Promise<never>(() => {})
    const keychain = { kind: 'keychain' as const, get: never, set: never, delete: never, available: never }
    const of = (store: typeof keychain) =>
      createCredentials({ keychain: store, session: createSessionSecrets(), profileId: 'p', answerStatusWithinMs: 20 })
    expect(await of(keychain).keychainAvailable()).toBe(false)
    const throwing = { ...keychain, available: () => Promise.reject(new Error('broken')) }
    expect(await of(throwing).keychainAvailable()).toBe(false)
  })
  it('tells the log each secret that passes, and none that is refused', async () => {
    const hidden: string[] = []
    const keytar = memoryKeytar()
    const credentials = createCredentials({
      keychain: over(keytar),
      session: createSessionSecrets(),
      profileId: 'p',
      hide: (secret) => void hidden.push(secret),
    })
    await credentials.set('feed/1', 'first', 'keychain')
    await credentials.set('feed/2', 'a\0b', 'keychain')
    await credentials.get('feed/1')
    await credentials.getStored('feed/3')
    expect(hidden).toEqual(['first', 'first'])
  })
  it('gives the kit what the keychain holds, not what lives for this session', async () => {
    const { credentials } = make()
    await credentials.set('feed/1', 'kept', 'keychain')
    await credentials.set('feed/1', 'of today', 'session')
    expect(await credentials.getStored('feed/1')).toEqual({ ok: true, value: 'kept' })
    await credentials.set('feed/2', 'of today', 'session')
    expect(await credentials.getStored('feed/2')).toEqual({ ok: true, value: null })
  })
  it.each([
    [5],
    [null],
    ['a\0b'],
    [''],
    [{ length: 3 }],
    [undefined],
    ['x'.repeat(1_000_000)],
    [['a']],
    [Symbol('a')],
    [new Uint8Array(3)],
  ])('what a keychain gives back is checked: %#', async (value) => {
    const keychain = {
      kind: 'keychain' as const,
      get: async () => ({ ok: true as const, value: value as string }),
      set: async () => ({ ok: true as const, value: null }),
      delete: async () => ({ ok: true as const, value: null }),
    }
    const credentials = createCredentials({ keychain, session: createSessionSecrets(), profileId: 'p' })
    expect(await credentials.get('feed/1')).toEqual({ ok: true, value: null })
  })
})

it('a profile keeps its own id and salt', () => {
  const opened = openStorage(':memory:', { clock: { now: () => 1 }, origin: 'test' })
  if (!opened.ok) throw new Error(opened.error.message)
  const first = readProfileIdentity(opened.value, 1)
  expect(readProfileIdentity(opened.value, 2)).toEqual(first)
  expect(first.profileId).toMatch(/^[0-9a-f]{24}$/)
  expect(first.salt).toHaveLength(32)
  opened.value.close()
})
