import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { house, madeAtMs } from '../../../src/main/backup/backup-testing.ts'
import { type Kept, rotate } from '../../../src/main/backup/rotation.ts'
import { dayMs, type Ground } from './ground.ts'

/** Whatever befalls the files, the last good automatic backup stays, and what a person made is never deleted. */
export async function rotation({ options, tally, random, copy, lose }: Ground): Promise<void> {
  for (let nth = 0; nth < (options.quick ? 300 : 20_000); nth++) {
    const backups: Kept[] = Array.from({ length: random.below(40) }, (_, index) => ({
      fileName: `b${index}`,
      madeAtMs: madeAtMs - Math.floor(random.next() * 200 * dayMs),
      automatic: random.below(5) > 0,
      good: random.below(3) > 0,
      flawless: random.below(3) > 0,
    }))
    const going = new Set(rotate(backups))
    const staying = backups.filter(({ fileName }) => !going.has(fileName))
    const good = (list: readonly Kept[]) => list.filter((one) => one.automatic && one.good)
    tally.points += 1
    const where = `rotation ${nth}`
    if (backups.some(({ fileName, automatic }) => !automatic && going.has(fileName))) lose(where, 'one by hand goes')
    if (good(backups).length > 0 && good(staying).length === 0) lose(where, 'the last good one goes')
    const days = (list: readonly Kept[]) => new Set(list.map((one) => Math.floor(one.madeAtMs / dayMs)))
    if (days(good(staying)).size < Math.min(5, days(good(backups)).size)) lose(where, 'fewer good days than there were')
    if (options.mutant && tally.losses.length > 0) return
  }
  const base = copy('rotation')
  const here = await house(base)
  for (let day = 0; day < (options.quick ? 4 : 40); day++) {
    here.time.nowMs = madeAtMs + day * (dayMs + 60_000)
    await here.backup.daily.look()
    tally.points += 1
    tally.states += 1
    const listed = await here.backup.list()
    const automatic = (listed.ok ? listed.value : []).filter((one) => one.automatic)
    if (!automatic.some(({ madeAtMs: at }) => at === here.time.nowMs)) lose(`day ${day}`, 'no backup is made')
    const verified = await Promise.all(automatic.slice(0, 1).map(({ fileName }) => here.backup.verify({ fileName })))
    if (!verified.some(({ ok }) => ok)) lose(`day ${day}`, 'no good backup is left')
    // A byte of one goes wrong; the check of that day sees it.
    const one = automatic[1 + random.below(Math.max(1, automatic.length - 1))]
    if (one && random.below(2) === 0) {
      const path = join(base, 'backups', one.fileName)
      const bytes = readFileSync(path)
      bytes[random.below(bytes.length)]! ^= 4
      writeFileSync(path, bytes)
      tally.flips += 1
      await here.backup.verify({ fileName: one.fileName })
    }
  }
  here.storage.close()
}
