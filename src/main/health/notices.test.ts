import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTemplate, openHealthHouse } from './health-testing.ts'
import { furnish } from './healthy-house.ts'

let template: Awaited<ReturnType<typeof createTemplate>>
beforeAll(async () => {
  template = await createTemplate(furnish)
})
afterAll(() => template.remove())

it('names a database that is older than what was promised, until it was read, and nothing else', async () => {
  const before = await template.fresh()
  const database = join(before.profile, 'inkwell.db')
  const older = join(before.root, 'older.db')
  before.raw((opened) => opened.exec(`VACUUM INTO '${older}'`))
  const feedId = before.house.storage.get<{ id: string }>("SELECT id FROM feeds WHERE kind = 'sample'")!.id
  for (const title of ['One', 'Two']) before.house.feeds.rename(feedId, title)
  await before.close()
  copyFileSync(older, database)
  rmSync(older)
  for (const ending of ['-wal', '-shm']) rmSync(`${database}${ending}`, { force: true })

  const after = await openHealthHouse(before.root, before.outside)
  try {
    for (const full of [false, true]) expect(await after.findings(full)).toEqual(['disk/notice-1'])
    expect(after.health.report()!.errorCount).toBe(1)
    const preview = await after.health.previewMend('disk/notice-1')
    if (!preview.ok) throw new Error(preview.error.message)
    expect((await after.health.mend('disk/notice-1', preview.value.token)).ok).toBe(true)
    expect(await after.findings(true)).toEqual([])
  } finally {
    await after.close()
  }
})
