import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Result } from '#shared/result.ts'
import { profileInUse, replacedMessage } from '../compose/profile-in-use.ts'
import { createCredentials } from '../credentials/service.ts'
import { createSessionSecrets } from '../credentials/session-secrets.ts'
import { writeSetting } from '../settings/store.ts'
import { systemFs } from './archive/files.ts'
import { house, madeAtMs, makeProfile, namesIn, open, put, temporaryRoot } from './backup-testing.ts'
import { writeConfig } from './config.ts'
import { createGoodCopies } from './good-copies.ts'

const dayMs = 86_400_000
type House = Awaited<ReturnType<typeof house>>
let root: string
let base: string
let homes: House[]
const home = async (change: Parameters<typeof house>[1] = {}): Promise<House> => {
  const made = await house(base, change)
  homes.push(made)
  return made
}
beforeEach(async () => {
  root = temporaryRoot()
  base = await makeProfile(root)
  homes = []
})
afterEach(async () => {
  for (const { backup, storage } of homes) {
    await backup.close()
    storage.close()
  }
  rmSync(root, { recursive: true, force: true })
})
const value = <Value>(result: Result<Value>): Value => {
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}
const useFolder = ({ storage }: House, folder: string): void =>
  storage.write('backup.chooseFolder', (tx) => {
    writeSetting(tx, 'backup.folder', folder, 1)
    tx.audit('backup.folder', null, folder)
  })
const backupsIn = (folder: string): string[] => namesIn(folder).filter((name) => !name.startsWith('.'))

describe('the list', () => {
  it.each([true, false])('holds two that were made in the same second (hard links: %s)', async (links) => {
    const other = await home()
    let beside: Promise<unknown> | null = null
    // The other one comes to its end when this one has chosen its name.
    const first = async (to: unknown): Promise<void> => {
      if (!String(to).endsWith('.inkwell-backup')) return
      beside ??= other.backup.create()
      await beside
    }
    const { backup } = await home({
      fs: {
        ...systemFs,
        link: async (from, to) => {
          await first(to)
          if (!links) throw Object.assign(new Error('EPERM: no links here'), { code: 'EPERM' })
          return systemFs.link(from, to)
        },
      },
    })
    value(await backup.create())
    const listed = value(await backup.list())
    expect(listed).toHaveLength(2)
    expect(namesIn(join(base, 'backups'))).toEqual([
      'inkwell-2026-11-23T030000Z.inkwell-backup',
      'inkwell-2026-11-23T030001Z.inkwell-backup',
    ])
    for (const { fileName } of listed) value(await backup.verify({ fileName }))
  })

  it('makes, lists, verifies and removes', async () => {
    const { backup, storage } = await home()
    const made = value(await backup.create({ withMedia: true }))
    expect(made).toMatchObject({
      fileName: 'inkwell-2026-11-23T030000Z.inkwell-backup',
      encrypted: false,
      withMedia: true,
    })
    expect(value(await backup.list())).toEqual([made])
    expect(value(await backup.verify({ fileName: made.fileName }))).toEqual(made)
    expect(storage.get("SELECT origin FROM audit WHERE action = 'backup.create'")).toBeDefined()
    expect(value(await backup.remove(made.fileName)).slots.filter(({ state }) => state === 'kept')).toEqual([])
    expect(value(await backup.list())).toEqual([])
    expect(await backup.remove('../inkwell.db')).toMatchObject({ error: { code: 'no-such-backup' } })
    expect(existsSync(join(base, 'inkwell.db'))).toBe(true)
  })

  it('shows a damaged one as such, and one of another computer by its header', async () => {
    const { backup } = await home()
    const { fileName } = value(await backup.create())
    const path = join(base, 'backups', fileName)
    const bytes = readFileSync(path)
    writeFileSync(join(base, 'backups', 'brought.inkwell-backup'), bytes)
    bytes[700]! ^= 4
    writeFileSync(path, bytes)
    writeFileSync(join(base, 'backups', 'none.inkwell-backup'), 'a letter')
    expect(await backup.verify({ fileName })).toMatchObject({ error: { code: 'damaged' } })
    const listed = value(await backup.list())
    expect(listed.find((one) => one.fileName === fileName)?.problem).toContain('damaged: bytes 512 to')
    expect(listed.find((one) => one.fileName === 'brought.inkwell-backup')).toMatchObject({
      verifiedAtMs: null,
      problem: null,
    })
    expect(listed.find((one) => one.fileName === 'none.inkwell-backup')?.problem).not.toBeNull()
    expect((await backup.health()).problems).toHaveLength(2)
  })

  it('does one thing at a time', async () => {
    const { backup } = await home()
    const [first, second] = await Promise.all([backup.create(), backup.create()])
    expect([first.ok, second.ok].sort()).toEqual([false, true])
    const refused = first.ok ? second : first
    expect(refused).toMatchObject({
      error: { code: 'busy', message: expect.stringContaining('Wait until it is done') },
    })
    expect(backupsIn(join(base, 'backups'))).toHaveLength(1)
  })
})

describe('each day', () => {
  it('makes one when a day has passed, and rotates', async () => {
    const { backup, time, storage } = await home()
    value(await backup.create())
    for (let day = 0; day < 20; day++) {
      time.nowMs = madeAtMs + day * dayMs + 1_000
      await backup.daily.look()
      await backup.daily.look()
    }
    const listed = value(await backup.list())
    const automatic = listed.filter((one) => one.automatic)
    expect(automatic.length).toBeGreaterThanOrEqual(7)
    expect(automatic.length).toBeLessThanOrEqual(17)
    expect(listed.filter((one) => !one.automatic)).toHaveLength(1)
    expect(storage.get("SELECT count(*) AS n FROM audit WHERE action = 'backup.create'")).toEqual({ n: 21 })
    const { slots } = await backup.status()
    expect(slots.slice(0, 7).map(({ state }) => state)).toEqual(Array(7).fill('kept'))
    expect(slots[0]).toMatchObject({ label: 'Today', reason: null })
  })

  it('says why one is missing, and forgets it once it is made', async () => {
    const made = await home()
    const { backup, time } = made
    await backup.daily.look()
    const away = join(root, 'disk')
    useFolder(made, away)
    time.nowMs += dayMs
    await backup.daily.look()
    const status = await backup.status()
    expect(status.lastProblem?.message).toContain('perhaps its disk is not plugged in')
    expect(status.slots[0]).toMatchObject({ state: 'missed', reason: expect.stringContaining('plugged in') })
    expect(await backup.list()).toMatchObject({ error: { code: 'folder-missing' } })
    expect(existsSync(away)).toBe(false)
    mkdirSync(away)
    time.nowMs += 1_000
    await backup.daily.look()
    expect(await backup.status()).toMatchObject({
      lastProblem: null,
      slots: expect.arrayContaining([expect.objectContaining({ label: 'Today', state: 'kept' })]),
    })
    expect(backupsIn(away)).toHaveLength(1)
  })

  it('is never quietly unencrypted', async () => {
    const { backup, keychain, profileId } = await home()
    expect(value(await backup.setPassphrase('eight words to keep'))).toMatchObject({ encrypted: true })
    await backup.daily.look()
    expect(value(await backup.list())).toMatchObject([{ encrypted: true, automatic: true }])
    expect(await backup.verify({ fileName: value(await backup.list())[0]!.fileName })).toMatchObject({ ok: true })
    await keychain.delete(`${profileId}/backup/passphrase`)
    expect(await backup.create()).toMatchObject({ error: { code: 'needs-passphrase' } })
    homes[0]!.time.nowMs += dayMs
    await backup.daily.look()
    expect(backupsIn(join(base, 'backups'))).toHaveLength(1)
    expect((await backup.status()).lastProblem?.message).toContain('passphrase of the backups is not in the keychain')
  })

  it('refuses a passphrase that could be guessed, and changes nothing', async () => {
    const { backup, storage, keychain, profileId } = await home()
    for (const weak of ['eight words', 'password1234', 'aaaaaaaaaaaaaaaaaaaa', '2026-11-23']) {
      expect(await backup.setPassphrase(weak), weak).toMatchObject({ error: { code: 'weak-words' } })
      expect(await backup.create({ passphrase: weak }), weak).toMatchObject({ error: { code: 'weak-words' } })
    }
    expect(await keychain.get(`${profileId}/backup/passphrase`)).toMatchObject({ value: null })
    expect(await backup.status()).toMatchObject({ encrypted: false })
    expect(value(await backup.list())).toEqual([])
    expect(storage.all("SELECT 1 FROM audit WHERE action = 'backup.setPassphrase'")).toEqual([])
    // One from before the check goes on: a day without a backup would be worse.
    await keychain.set(`${profileId}/backup/passphrase`, 'eight words')
    storage.write('backup.setPassphrase', (tx) => writeConfig(tx, 'encrypted', true, 1))
    expect(value(await backup.create())).toMatchObject({ encrypted: true })
  })

  it('opens with the words as they were meant: other spaces, and large letters for words of the list', async () => {
    const { backup } = await home()
    const words = 'legal winner thank year wave sausage worth useful legal winner thank yellow'
    value(await backup.setPassphrase(`  ${words.replaceAll(' ', '   ')} `))
    const { fileName } = value(await backup.create())
    for (const passphrase of [words, words.toUpperCase(), `${words}\u00a0`])
      expect(await backup.verify({ fileName, passphrase }), passphrase).toMatchObject({ ok: true })
    expect(await backup.verify({ fileName, passphrase: words.slice(1) })).toMatchObject({
      error: { code: 'wrong-passphrase' },
    })
  })

  it('of a damaged profile is made once a day, and keeps the last from before', async () => {
    const { backup, time, storage } = await home()
    await backup.daily.look()
    const [before] = value(await backup.list())
    storage.writeUnaudited((tx) => tx.run("UPDATE settings SET value_json = '\"rot\"' WHERE name = 'profile.salt'"))
    for (let day = 1; day < 12; day++) {
      time.nowMs = madeAtMs + day * dayMs + 1_000
      await backup.daily.look()
      await backup.daily.look()
    }
    const listed = value(await backup.list())
    expect(listed.length).toBeLessThan(12)
    expect(listed[0]?.problem).toContain('1 row was damaged already (settings profile.salt')
    expect(listed.map(({ fileName }) => fileName)).toContain(before!.fileName)
  })

  it('is not made when it is switched off', async () => {
    const { backup } = await home()
    value(await backup.set({ automatic: false }))
    await backup.daily.look()
    expect(value(await backup.list())).toEqual([])
  })
})

describe('a restore', () => {
  const backedUp = async (change: Parameters<typeof house>[1] = {}) => {
    const made = await home(change)
    const { fileName } = value(await made.backup.create({ withMedia: true }))
    made.time.nowMs += 1_000
    return { ...made, fileName }
  }

  it('shows first, writes a new profile, and switches to it', async () => {
    const { backup, storage, fileName, relaunched } = await backedUp()
    put(storage, 'later', 1)
    const plan = value(await backup.planRestore({ fileName }))
    expect(plan.rows.find(({ what }) => what === 'Jobs')).toEqual({ what: 'Jobs', inBackup: 5, here: 6 })
    expect(profileInUse(base).profilePath).toBe(base)
    expect(await backup.restore({ fileName, planToken: 'guessed' })).toMatchObject({ error: { code: 'no-plan' } })
    const { profilePath, restarting } = value(await backup.restore({ fileName, planToken: plan.planToken }))
    expect(restarting).toBe(true)
    expect(profileInUse(base)).toMatchObject({ profilePath, problem: null })
    expect(() => put(storage, 'unseen')).toThrow(replacedMessage)
    await new Promise((resolve) => setTimeout(resolve, 700))
    expect(relaunched()).toBe(1)

    const next = await home()
    expect(next.storage.all('SELECT id FROM jobs')).toHaveLength(5)
    put(next.storage, 'in the new one')
    expect((await next.backup.status()).previous).toMatchObject({ path: base })
    expect(readFileSync(join(profilePath, 'templates/Über mich.yaml'), 'utf8')).toBe('name: mine\n')

    value(await next.backup.switchBack())
    expect(() => put(next.storage, 'unseen')).toThrow(replacedMessage)
    put(storage, 'taken again')
    expect(profileInUse(base).profilePath).toBe(base)
  })

  it('is refused while a job runs', async () => {
    const { backup, storage, fileName, time } = await backedUp()
    const plan = value(await backup.planRestore({ fileName }))
    storage.writeUnaudited((tx) =>
      tx.run(
        "UPDATE jobs SET state = 'running', lease_owner = 'x', lease_host = 'far', lease_expires_at_ms = ? WHERE id = 'job-0'",
        [time.nowMs + 10_000],
      ),
    )
    expect(await backup.restore({ fileName, planToken: plan.planToken })).toMatchObject({
      error: { code: 'jobs-running' },
    })
    expect(profileInUse(base).profilePath).toBe(base)
    put(storage, 'goes on')
  })

  it('takes only the file that was looked at', async () => {
    const { backup, fileName } = await backedUp()
    const plan = value(await backup.planRestore({ fileName }))
    const other = value(await backup.create())
    writeFileSync(join(base, 'backups', fileName), readFileSync(join(base, 'backups', other.fileName)))
    expect(await backup.restore({ fileName, planToken: plan.planToken })).toMatchObject({
      error: { code: 'changed-meanwhile' },
    })
    expect(namesIn(join(base, 'restored'))).toEqual([])
  })

  it('tells which secrets this computer lacks, and what is newer here', async () => {
    const { storage, backup, time, keychain, profileId } = await home()
    const feed = (id: string, title: string): void =>
      storage.writeUnaudited((tx) => {
        tx.run(
          `INSERT INTO feeds (id, kind, own_title, url_key, is_private, secret_storage, added_at_ms, state_kind, state_message, row_sha256)
           VALUES (?, 'rss', ?, ?, 1, 'keychain', 1, 'ok', '', '')`,
          [id, title, id],
        )
      })
    feed('f1', 'Weft')
    feed('f2', 'Half-life')
    await createCredentials({ keychain, session: createSessionSecrets(), profileId }).set(
      'feed/f1',
      'secret',
      'keychain',
    )
    const { fileName } = value(await backup.create())
    const { fileName: clean } = value(await backup.create({}))
    time.nowMs += 5_000
    const plan = value(await backup.planRestore({ fileName }))
    const secrets = plan.warnings.find((warning) => warning.includes('keychain'))
    expect(secrets).toContain('1 private feed: Half-life.')
    expect(clean).not.toBe(fileName)
    expect(JSON.stringify(plan)).not.toContain('secret"')
  })

  it('of a restored one keeps the ones before, until they are forgotten', async () => {
    const { backup, fileName } = await backedUp()
    const plan = value(await backup.planRestore({ fileName }))
    value(await backup.restore({ fileName, planToken: plan.planToken }))
    const second = await home({ nowMs: madeAtMs + 60_000 })
    const again = value(await second.backup.planRestore({ fileName }))
    const { profilePath } = value(await second.backup.restore({ fileName, planToken: again.planToken }))
    expect(profileInUse(base).pointer).toMatchObject({ previous: expect.stringMatching(/^restored/), older: ['.'] })
    const third = await home({ nowMs: madeAtMs + 120_000 })
    expect(value(await third.backup.forgetPrevious())).toMatchObject({ previous: null })
    expect(namesIn(join(base, 'restored'))).toHaveLength(1)
    expect(existsSync(join(base, 'inkwell.db'))).toBe(false)
    expect(backupsIn(join(base, 'backups'))).toEqual([fileName])
    expect(profileInUse(base)).toMatchObject({ profilePath, problem: null })
    expect(await third.backup.switchBack()).toMatchObject({ error: { code: 'no-previous' } })
    // Even without its pointer nobody meets an empty profile.
    writeFileSync(join(base, 'current-profile.json'), 'damaged')
    expect(profileInUse(base).profilePath).toBe(profilePath)
  })

  it('by another process is noticed', async () => {
    const { backup, fileName } = await backedUp()
    const other = await home()
    other.backup.noticeSwitch()
    const plan = value(await backup.planRestore({ fileName }))
    value(await backup.restore({ fileName, planToken: plan.planToken }))
    other.backup.noticeSwitch()
    await new Promise((resolve) => setTimeout(resolve, 700))
    expect(other.relaunched()).toBe(1)
    expect(await other.backup.restore({ fileName, planToken: plan.planToken })).toMatchObject({ ok: false })
  })
})

it('gives a database back when the one in use is damaged, newest first', async () => {
  const { backup, storage, time, keychain } = await home()
  value(await backup.create())
  value(await backup.setPassphrase('eight words to keep'))
  time.nowMs += dayMs
  put(storage, 'second day')
  const newest = value(await backup.create())
  const copies = createGoodCopies(base, {
    credentialsOf: (profileId) => createCredentials({ keychain, session: createSessionSecrets(), profileId }),
  })
  const list = await copies.list()
  expect(list.map(({ label }) => label)).toEqual([
    'the backup of 2026-11-24 03:00 UTC',
    'the backup of 2026-11-23 03:00 UTC',
  ])
  mkdirSync(join(root, 'mended'))
  expect(await list[0]!.extractTo(join(root, 'mended/inkwell.db'))).toMatchObject({ ok: true })
  const mended = await open(join(root, 'mended'))
  expect(mended.all('SELECT id FROM jobs')).toHaveLength(6)
  mended.close()
  const path = join(base, 'backups', newest.fileName)
  const bytes = readFileSync(path)
  bytes[800]! ^= 1
  writeFileSync(path, bytes)
  expect(await list[0]!.extractTo(join(root, 'other.db'))).toMatchObject({ error: { code: 'damaged' } })
  expect(existsSync(join(root, 'other.db'))).toBe(false)
})
