import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import * as nodeFs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createWorkerRunner } from '../workers/runner.ts'
import { type KitHouse, newKeychain, openKitHouse, startMs, words, workHere } from './kit-testing.ts'

let folder: string
let path: string
const houses: KitHouse[] = []
const open = (options: Parameters<typeof openKitHouse>[0] = {}): KitHouse => {
  const house = openKitHouse(options)
  houses.push(house)
  return house
}
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkwell-kits-'))
  path = join(folder, 'Inkwell recovery kit 2026-11-23.age')
})
afterEach(() => {
  for (const house of houses.splice(0)) house.close()
  rmSync(folder, { recursive: true, force: true })
})

const failure = (code: string) => ({ ok: false, error: { code, message: expect.any(String) } })
const secretsOf = (house: KitHouse): Record<string, string> => Object.fromEntries(house.keychain.entries)
/** The profile's folder, as a restored backup brings it to another computer. */
function moved(house: KitHouse): string {
  const elsewhere = join(folder, 'elsewhere')
  cpSync(house.folder, elsewhere, { recursive: true })
  return elsewhere
}

describe('making a kit', () => {
  it('holds every secret of the keychain, readable by nobody else, and says what is not in it', async () => {
    const house = open()
    const ids = [await house.follow('first word'), await house.follow('second word')]
    await house.follow('third word', 'session')
    const lost = await house.follow('fourth word')
    house.keychain.entries.delete(`${house.profileId}/feed/${lost}`)
    const made = await house.kit.makeAt(path, words)
    expect(made).toMatchObject({
      ok: true,
      value: { fileName: 'Inkwell recovery kit 2026-11-23.age', secrets: 2, sessionOnly: 1, missing: 1 },
    })
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const text = readFileSync(path, 'latin1')
    expect(text).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----\n[\w+/=\n]+-----END AGE ENCRYPTED FILE-----\n$/)
    expect(readdirSync(folder)).toHaveLength(1)
    expect(await house.kit.testAt(path, words)).toMatchObject({
      value: { secrets: 2, missingHere: 0, differentHere: 0, madeAtMs: startMs, otherProfile: false },
    })
    expect(ids).toHaveLength(2)
    expect(house.emitted).toContain('kit.changed')
  })

  it('leaves no trace of words or secrets in the database, and tells the log to take the words out', async () => {
    const house = open()
    await house.follow('canary-Pass-77')
    await house.kit.makeAt(path, words)
    await house.kit.testAt(path, words)
    const files = readdirSync(house.folder).map((name) => readFileSync(join(house.folder, name), 'latin1'))
    for (const text of files) {
      expect(text).not.toContain('canary-Pass-77"')
      expect(text).not.toContain('abandon ability')
    }
    expect(new Set(house.hidden)).toEqual(new Set([words]))
    const audit = house.storage.all<{ action: string; after_json: string }>(
      "SELECT * FROM audit WHERE action LIKE 'kit.%'",
    )
    expect(audit.map(({ action }) => action)).toEqual(['kit.make', 'kit.test'])
    expect(audit[0]?.after_json).not.toContain('marks')
  })

  it('becomes outdated by a new or changed secret, and not by one that is gone or by tokens of episodes', async () => {
    const house = open()
    const first = await house.follow('first word')
    const second = await house.follow('second word')
    expect(await house.kit.status()).toMatchObject({ secretCount: 2, madeAtMs: null, outdated: false })
    await house.kit.makeAt(path, words)
    const outdated = async (): Promise<boolean> => (await house.kit.status()).outdated
    expect(await outdated()).toBe(false)

    const account = `${house.profileId}/feed/${first}`
    const before = house.keychain.entries.get(account)!
    const entry = JSON.parse(before) as { slots: unknown[] }
    house.keychain.entries.set(account, JSON.stringify({ ...entry, slots: [{ id: 1, value: 'token', own: false }] }))
    expect(await outdated()).toBe(false)
    house.keychain.entries.set(account, before.replace('first word', 'other word'))
    expect(await outdated()).toBe(true)
    house.keychain.entries.set(account, before)
    house.keychain.entries.delete(`${house.profileId}/feed/${second}`)
    expect(await outdated()).toBe(false)
    await house.follow('third word')
    expect(await outdated()).toBe(true)
    house.keychain.locked = true
    expect(await house.kit.status()).toMatchObject({ keychain: 'unavailable', outdated: false, secretCount: 3 })
  })

  it('refuses words that can be guessed, and writes nothing', async () => {
    const house = open()
    await house.follow('first word')
    for (const weak of [
      'password123',
      'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
      'qwertyuiopasdf',
      '12345678901234567890',
      '        ',
      'zebra zebra zebra',
    ])
      expect(await house.kit.makeAt(path, weak), weak).toMatchObject(failure('weak-words'))
    expect(readdirSync(folder)).toEqual([])
    expect(await house.kit.makeAt(path, 'violet harbour spoon gravel minute otter')).toMatchObject({ ok: true })
  })

  it('suggests twelve other words each time, which open it however they are copied from paper', async () => {
    const house = open()
    await house.follow('first word')
    const { words: suggested } = house.kit.suggestWords()
    expect(suggested.split(' ')).toHaveLength(12)
    expect(house.kit.suggestWords().words).not.toBe(suggested)
    await house.kit.makeAt(path, suggested)
    const copied = ` ${suggested.toUpperCase().replaceAll(' ', '\n  ')}\r\n`
    expect(await house.kit.testAt(path, copied)).toMatchObject({ ok: true })
    expect(await house.kit.testAt(path, suggested.split(' ').reverse().join(' '))).toMatchObject(failure('wrong-words'))
  })

  it('says so where there is no keychain, nothing to keep or no room, and writes nothing', async () => {
    const house = open()
    expect(await house.kit.makeAt(path, words)).toMatchObject(failure('nothing-to-keep'))
    await house.follow('first word')
    expect(await house.kit.makeAt(join(folder, 'no folder', 'kit.age'), words)).toMatchObject(failure('write-failed'))
    house.keychain.locked = true
    expect(await house.kit.makeAt(path, words)).toMatchObject(failure('keychain-unavailable'))
    expect(readdirSync(folder)).toEqual([])
    expect(await house.kit.status()).toMatchObject({ madeAtMs: null })
  })

  it('what does not open as it was written is no kit: the older one stays', async () => {
    writeFileSync(path, 'the older kit')
    const damaging = (fs: typeof nodeFs) => ({
      ...fs,
      open: async (...args: Parameters<typeof nodeFs.open>) => {
        const file = await fs.open(...args)
        const write = file.write.bind(file) as (bytes: Buffer, ...rest: number[]) => Promise<unknown>
        return Object.assign(file, {
          write: (bytes: Buffer, ...rest: number[]) => {
            const changed = Buffer.from(bytes)
            changed[200] = changed[200] === 65 ? 66 : 65
            return write(changed, ...rest)
          },
        })
      },
    })
    const house = open({ fs: damaging(nodeFs) as typeof nodeFs })
    await house.follow('first word')
    expect(await house.kit.makeAt(path, words)).toMatchObject(failure('not-verified'))
    expect(readFileSync(path, 'utf8')).toBe('the older kit')
    expect(readdirSync(folder)).toHaveLength(1)
    expect(await house.kit.status()).toMatchObject({ madeAtMs: null })
  })

  it('through the windows: asks where, gives tokens, never paths', async () => {
    const house = open({ saveAs: path })
    await house.follow('first word')
    expect(await house.kit.make('password')).toMatchObject(failure('weak-words'))
    expect(await house.kit.make(words)).toMatchObject({ ok: true, value: { secrets: 1 } })
    const chosen = await house.kit.chooseFile()
    if (!chosen.ok || !chosen.value) throw new Error('not chosen')
    expect(chosen.value.name).toBe('Inkwell recovery kit 2026-11-23.age')
    expect(await house.kit.test(chosen.value.token, words)).toMatchObject({ ok: true })
    expect(await house.kit.restore(chosen.value.token, words, false)).toMatchObject({ value: { restored: 0, kept: 0 } })
    expect(await house.kit.test('something', words)).toMatchObject(failure('file-unreadable'))
    const left = open()
    await left.follow('x first word')
    expect([await left.kit.make(words), await left.kit.chooseFile()]).toEqual([
      { ok: true, value: null },
      { ok: true, value: null },
    ])
  })

  it('with real scrypt in a real worker; age’s own library opens it too', async () => {
    const workers = createWorkerRunner(new URL('../headless.ts', import.meta.url))
    const house = open({ workers })
    await house.follow('first word')
    expect(await house.kit.makeAt(path, words)).toMatchObject({ ok: true })
    expect(await house.kit.testAt(path, `${words} more`)).toMatchObject(failure('wrong-words'))
    workers.close()
    const { armor, Decrypter } = await import('age-encryption')
    const decrypter = new Decrypter()
    decrypter.addPassphrase(words)
    const content = JSON.parse(await decrypter.decrypt(armor.decode(readFileSync(path, 'utf8')), 'text')) as object
    expect(content).toMatchObject({ schemaVersion: 1, profileId: house.profileId, secrets: [expect.any(Object)] })
  })
})

describe('restoring', () => {
  it('on another computer: every secret is there again, and feeds that waited for theirs are read', async () => {
    const here = open()
    const ids = [await here.follow('first word'), await here.follow('second word'), await here.follow('third word')]
    await here.kit.makeAt(path, words)
    const kept = secretsOf(here)
    const there = open({ folder: moved(here), keychain: newKeychain() })
    there.storage.writeUnaudited((tx) =>
      tx.run("UPDATE feeds SET state_kind = 'needs-password' WHERE id IN (?, ?)", [ids[0]!, ids[1]!]),
    )
    expect(await there.kit.status()).toMatchObject({ secretCount: 0, missing: 3, outdated: false })
    expect(await there.kit.restoreAt(path, words, false)).toEqual({
      ok: true,
      value: { restored: 3, kept: 0, otherProfile: false },
    })
    expect(secretsOf(there)).toEqual(kept)
    expect(there.feed(ids[0]!)).toMatchObject({ state_kind: 'new', next_check_at_ms: null })
    expect(there.feed(ids[2]!)).toMatchObject({ state_kind: 'ok' })
    expect(there.asked).toEqual([[ids[0], ids[1]]])
    expect(there.emitted.filter((event) => event === 'feeds.changed')).toHaveLength(2)
    expect(await there.kit.status()).toMatchObject({ secretCount: 3, missing: 0, outdated: false })
    expect(await there.kit.restoreAt(path, words, true)).toMatchObject({ value: { restored: 0, kept: 0 } })
  })

  it('leaves what differs here, unless it is to be replaced; a newer secret of this session too', async () => {
    const house = open()
    const first = await house.follow('first word')
    const second = await house.follow('second word')
    await house.kit.makeAt(path, words)
    const kept = secretsOf(house)
    const account = `${house.profileId}/feed/${first}`
    house.keychain.entries.set(account, kept[account]!.replace('first word', 'newer word'))
    const newer = kept[`${house.profileId}/feed/${second}`]!.replace('second word', 'of today')
    house.keychain.entries.delete(`${house.profileId}/feed/${second}`)
    await house.credentials.set(`feed/${second}`, newer, 'session')
    expect(await house.kit.testAt(path, words)).toMatchObject({ value: { missingHere: 0, differentHere: 2 } })
    expect(await house.kit.restoreAt(path, words, false)).toMatchObject({ value: { restored: 0, kept: 2 } })
    expect(await house.credentials.get(`feed/${second}`)).toMatchObject({ value: newer })
    expect(await house.kit.restoreAt(path, words, true)).toMatchObject({ value: { restored: 2, kept: 0 } })
    expect(secretsOf(house)).toEqual(kept)
  })

  it('of another profile: waits under that profile’s name where this one has no secrets, else it is refused', async () => {
    const here = open()
    await here.follow('first word')
    await here.kit.makeAt(path, words)
    const fresh = open()
    expect(await fresh.kit.restoreAt(path, words, false)).toMatchObject({ value: { restored: 1, otherProfile: true } })
    expect(secretsOf(fresh)).toEqual(secretsOf(here))
    expect(await fresh.kit.status()).toMatchObject({ secretCount: 0 })
    expect(fresh.asked).toEqual([])

    const busy = open()
    await busy.follow('own word')
    const before = secretsOf(busy)
    expect(await busy.kit.restoreAt(path, words, true)).toMatchObject(failure('other-profile'))
    expect(secretsOf(busy)).toEqual(before)
  })

  it('a keychain that stops taking them: says how far it came, and goes on from there', async () => {
    const here = open()
    for (const password of ['first word', 'second word', 'third word']) await here.follow(password)
    await here.kit.makeAt(path, words)
    const there = open({ folder: moved(here), keychain: { ...newKeychain(), takes: 2 } })
    const stopped = await there.kit.restoreAt(path, words, false)
    expect(stopped).toMatchObject(failure('not-kept'))
    expect(!stopped.ok && stopped.error.message).toContain('2 of 3 are restored')
    there.keychain.takes = Number.POSITIVE_INFINITY
    expect(await there.kit.restoreAt(path, words, false)).toMatchObject({ value: { restored: 1 } })
    there.keychain.locked = true
    expect(await there.kit.restoreAt(path, words, false)).toMatchObject(failure('keychain-unavailable'))
    expect(await there.kit.testAt(path, words)).toMatchObject(failure('keychain-unavailable'))
  })
})

describe('a file that is no whole kit', () => {
  const sealed = async (content: unknown): Promise<void> => {
    const answer = await workHere.run<unknown, { sealed: string }>(
      'kit',
      { do: 'seal', text: typeof content === 'string' ? content : JSON.stringify(content), words, workFactor: 2 },
      { timeoutMs: 1 },
    )
    if (answer.ok) writeFileSync(path, answer.value.sealed)
  }
  it.each([
    ['empty', '', 'not-a-kit'],
    ['a text', 'Dear diary', 'not-a-kit'],
    ['binary', '\x89PNG\r\n\x1a\n', 'not-a-kit'],
    ['another kind of armor', '-----BEGIN PGP MESSAGE-----\n\n-----END PGP MESSAGE-----\n', 'not-a-kit'],
    ['armor around nothing', '-----BEGIN AGE ENCRYPTED FILE-----\nAAAA\n-----END AGE ENCRYPTED FILE-----\n', 'damaged'],
  ])('%s', async (_, text, code) => {
    writeFileSync(path, text, 'latin1')
    const house = open()
    expect(await house.kit.testAt(path, words)).toMatchObject(failure(code))
    expect(await house.kit.restoreAt(path, words, true)).toMatchObject(failure(code))
  })
  it.each([
    ['no JSON', 'notes', 'not-a-kit'],
    ['JSON of something else', { a: 1 }, 'not-a-kit'],
    ['null', null, 'not-a-kit'],
    ['a newer version', { schemaVersion: 2, anything: true }, 'newer-kit'],
    [
      'a secret that is none',
      {
        schemaVersion: 1,
        profileId: 'abcdef01',
        madeAt: '2026-11-23T12:00:00.000Z',
        marksKey: '',
        secrets: [{ subject: 'a', secret: '' }],
      },
      'not-a-kit',
    ],
  ])('encrypted %s', async (_, content, code) => {
    await sealed(content)
    expect(await open().kit.testAt(path, words)).toMatchObject(failure(code))
  })
  it('missing, or a folder', async () => {
    expect(await open().kit.testAt(path, words)).toMatchObject(failure('file-unreadable'))
    expect(await open().kit.testAt(folder, words)).toMatchObject(failure('file-unreadable'))
  })
  it('for a key instead of words, or asking for more work than any computer has', async () => {
    const { armor, Encrypter, generateIdentity, identityToRecipient } = await import('age-encryption')
    const encrypter = new Encrypter()
    encrypter.addRecipient(await identityToRecipient(await generateIdentity()))
    writeFileSync(path, armor.encode(await encrypter.encrypt('{}')))
    expect(await open().kit.testAt(path, words)).toMatchObject(failure('not-a-kit'))
    const greedy = Buffer.from(
      `age-encryption.org/v1\n-> scrypt ${'A'.repeat(22)} 30\n${'A'.repeat(43)}\n--- ${'A'.repeat(43)}\n`,
    )
    writeFileSync(path, armor.encode(Buffer.concat([greedy, Buffer.alloc(64)])))
    expect(await open().kit.testAt(path, words)).toMatchObject(failure('damaged'))
  })
  it('sent by mail: other line ends and blank lines around it are no damage', async () => {
    const house = open()
    await house.follow('first word')
    await house.kit.makeAt(path, words)
    const text = readFileSync(path, 'latin1')
    writeFileSync(path, `\r\n\r\n${text.replaceAll('\n', '\r\n')}\r\n  \r\n`)
    expect(await house.kit.testAt(path, words)).toMatchObject({ ok: true })
  })

  it('every byte changed in two ways, every length cut: refused with the reason, nothing in the keychain', async () => {
    const house = open()
    await house.follow('first word')
    await house.kit.makeAt(path, words)
    const whole = readFileSync(path)
    const bare = open()
    const codes: Record<string, number> = {}
    const refused = async (bytes: Buffer): Promise<void> => {
      writeFileSync(path, bytes)
      const result = await bare.kit.restoreAt(path, words, true)
      const code = result.ok ? 'SILENT' : result.error.code
      codes[code] = (codes[code] ?? 0) + 1
    }
    for (let at = 0; at < whole.length; at += 1)
      for (const change of [1 << (at % 8), 0xff]) {
        const bytes = Buffer.from(whole)
        bytes[at]! ^= change
        await refused(bytes)
      }
    // The last byte is a line break, which may go.
    for (let length = 0; length < whole.length - 1; length += 1) await refused(whole.subarray(0, length))
    expect(codes.SILENT ?? 0).toBe(0)
    expect(Object.values(codes).reduce((sum, count) => sum + count)).toBe(whole.length * 3 - 1)
    expect(bare.keychain.entries.size).toBe(0)
    writeFileSync(path, whole)
    expect(await bare.kit.restoreAt(path, words, true)).toMatchObject({ ok: true })
  })
})
