import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { house } from '../../../src/main/backup/backup-testing.ts'
import { words as kitWords, newKeychain, openKitHouse } from '../../../src/main/kit/kit-testing.ts'
import { change, changesIn, fingerprints, type Ground, manifestOf, passphrase, restore } from './ground.ts'

/** Exported, restored on a profile that is new, exported again: the same rows and files, and what was written last is there. */
export async function roundTrips({ tally, random, copy, empty, lose, options }: Ground): Promise<void> {
  for (const words of [null, passphrase])
    for (let nth = 0; nth < (options.quick ? 1 : 10); nth++) {
      const where = `round trip ${nth + 1}, ${words === null ? 'plain' : 'encrypted'}`
      tally.points += 1
      const [from, to] = [copy('from'), empty('to')]
      const old = await house(from)
      const acked = Array.from({ length: 1 + random.below(30) }, (_, index) => `trip-${nth}-${index}`)
      for (const name of acked) change(old, name)
      const made = await old.backup.create({ withMedia: true, ...(words === null ? {} : { passphrase: words }) })
      if (!made.ok) {
        lose(where, `no backup: ${made.error.message}`)
        continue
      }
      const { fileName } = made.value
      const first = await manifestOf(join(from, 'backups', fileName), from, words)
      const fresh = await house(to)
      mkdirSync(join(to, 'backups'), { recursive: true })
      copyFileSync(join(from, 'backups', fileName), join(to, 'backups', fileName))
      if (words !== null)
        for (const wrong of [`${words}!`, words.toUpperCase(), 'other words'])
          if ((await restore(fresh, fileName, wrong)).ok) lose(where, `restored with “${wrong}”`)
      const restored = await restore(fresh, fileName, words ?? undefined)
      if (!restored.ok) {
        lose(where, `not restored: ${restored.error.message}`)
        continue
      }
      // Who still has the replaced profile open must not write where nobody will look.
      if (accepts(() => change(fresh, 'unseen'))) lose(where, 'the replaced profile still takes changes')
      fresh.storage.close()
      const again = await house(to)
      if (again.place.profilePath !== restored.value.profilePath) lose(where, 'the restored profile is not in use')
      const missing = acked.filter((name) => !changesIn(again, 'trip-').whole.includes(name))
      if (missing.length > 0) lose(where, `${missing.length} of ${acked.length} changes are not in it`)
      const second = await again.backup.create({ withMedia: true, ...(words === null ? {} : { passphrase: words }) })
      if (!second.ok) lose(where, `no backup of the restored: ${second.error.message}`)
      else {
        const back = await manifestOf(join(to, 'backups', second.value.fileName), to, words)
        if (fingerprints(back) !== fingerprints(first)) lose(where, 'what came back is not what was backed up')
      }
      change(again, 'after')
      // And back to the profile from before.
      if (!(await again.backup.switchBack()).ok) lose(where, 'the profile from before cannot be used again')
      again.storage.close()
      old.storage.close()
      const before = await house(to)
      if (before.place.profilePath !== to || !accepts(() => change(before, 'home'))) lose(where, 'no way back')
      before.storage.close()
      tally.states += 3
    }
}

const accepts = (work: () => void): boolean => {
  try {
    work()
    return true
  } catch {
    return false
  }
}

/** A new computer has an empty keychain: the backup brings the profile, the kit its secrets, in either order. */
export async function newComputers({ tally, empty, lose }: Ground): Promise<void> {
  for (const kitFirst of [false, true]) {
    const where = `a new computer, ${kitFirst ? 'kit' : 'backup'} first`
    tally.points += 1
    const [base, elsewhere] = [empty('old-computer'), empty('new-computer')]
    const kitFile = join(empty('stick'), 'kit.age')
    const old = openKitHouse({ folder: base })
    const secrets = ['opensesame', 'Zwölf Mäuse', '🗝️'.repeat(20)]
    const ids = await Promise.all(secrets.map((secret) => old.follow(secret)))
    if (!(await old.kit.makeAt(kitFile, kitWords)).ok) lose(where, 'no kit is made')
    old.close()
    const source = await house(base)
    const made = await source.backup.create()
    source.storage.close()
    if (!made.ok) {
      lose(where, made.error.message)
      continue
    }
    const keychain = newKeychain()
    const openKit = (folder: string) => openKitHouse({ folder, keychain })
    const giveKit = async (folder: string): Promise<void> => {
      const there = openKit(folder)
      const wrong = await there.kit.restoreAt(kitFile, `${kitWords} wrong`, false)
      if (wrong.ok || keychain.entries.size > 0) lose(where, 'wrong words open the kit')
      const given = await there.kit.restoreAt(kitFile, kitWords, false)
      if (!given.ok) lose(where, `the kit is refused: ${given.error.message}`)
      there.close()
    }
    if (kitFirst) await giveKit(elsewhere)
    const fresh = await house(elsewhere)
    mkdirSync(join(elsewhere, 'backups'), { recursive: true })
    copyFileSync(join(base, 'backups', made.value.fileName), join(elsewhere, 'backups', made.value.fileName))
    const restored = await restore(fresh, made.value.fileName)
    fresh.storage.close()
    if (!restored.ok) {
      lose(where, restored.error.message)
      continue
    }
    if (!kitFirst) await giveKit(restored.value.profilePath)
    const now = openKit(restored.value.profilePath)
    for (const [index, id] of ids.entries()) {
      const kept = await now.credentials.get(`feed/${id}`)
      if (!kept.ok || !kept.value?.includes(JSON.stringify(secrets[index]).slice(1, -1)))
        lose(where, `secret ${index + 1} did not come back`)
    }
    now.close()
    tally.states += 1
    for (const folder of [base, elsewhere]) rmSync(folder, { recursive: true, force: true })
  }
}
