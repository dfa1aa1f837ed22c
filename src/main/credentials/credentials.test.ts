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
  it.each([[5], [null], ['a\0b'], [''], [{ length: 3 }]])(
    'what a keychain gives back is checked: %j',
    async (value) => {
      const keychain = {
        kind: 'keychain' as const,
        get: async () => ({ ok: true as const, value: value as string }),
        set: async () => ({ ok: true as const, value: null }),
        delete: async () => ({ ok: true as const, value: null }),
      }
      const credentials = createCredentials({ keychain, session: createSessionSecrets(), profileId: 'p' })
      expect(await credentials.get('feed/1')).toEqual({ ok: true, value: null })
    },
  )
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
