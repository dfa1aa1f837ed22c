import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { databaseFaults } from './faults/database.ts'
import type { Fault } from './faults/fault.ts'
import { fileFaults } from './faults/files.ts'
import { noteFaults, notFaults } from './faults/notes.ts'
import { outsideFaults } from './faults/outside.ts'
import { rowFaults } from './faults/rows.ts'
import { templateEdits, templateFaults } from './faults/templates.ts'
import { createTemplate, fingerprint, type HealthHouse, idsOf } from './health-testing.ts'
import { furnish } from './healthy-house.ts'

let template: Awaited<ReturnType<typeof createTemplate>>
let home: HealthHouse
beforeAll(async () => {
  template = await createTemplate(furnish)
})
afterAll(() => template.remove())
beforeEach(async () => {
  home = await template.fresh()
})
afterEach(() => home.close())

const faults: readonly Fault[] = [
  ...databaseFaults,
  ...rowFaults,
  ...fileFaults,
  ...noteFaults,
  ...templateFaults,
  ...outsideFaults,
]

describe('of each fault alone', () => {
  it('there are more than 80', () => expect(faults.length).toBeGreaterThan(80))

  it.each(faults)('$name: names it and nothing else, shows and mends it', async (fault) => {
    await fault.inject(home)
    if (fault.quick || fault.quickOnly) expect(await home.findings(false)).toEqual([fault.finds])
    if (!fault.quickOnly) expect(await home.findings(true)).toEqual([fault.finds])

    const before = fingerprint(home)
    const preview = await home.health.previewMend(fault.finds)
    expect(preview.ok).toBe(fault.mends)
    expect(fingerprint(home)).toBe(before)
    if (!preview.ok) return expect(preview.error.code).toBe('no-mend')
    expect(preview.value.rows.length).toBeGreaterThan(0)
    expect(await home.health.mend(fault.finds, 'not-the-token')).toMatchObject({ error: { code: 'changed-meanwhile' } })
    expect(fingerprint(home)).toBe(before)

    const mended = await home.health.mend(fault.finds, preview.value.token)
    if (!mended.ok) throw new Error(mended.error.message)
    expect(idsOf(mended.value.report)).toEqual([])
    expect(await home.findings(true)).toEqual([])
  })
})

describe('what is no fault', () => {
  it.each([...notFaults, ...templateEdits])('$name is not named', async ({ inject }) => {
    await inject(home)
    expect(await home.findings(false)).toEqual([])
    expect(await home.findings(true)).toEqual([])
  })
})

describe('of several faults at once', () => {
  it('names each of them', async () => {
    const together = [
      ...databaseFaults.filter(({ name }) => /index is gone|a step of a job/.test(name)),
      ...rowFaults.filter(({ name }) => /interview_drafts|settings|cost_months/.test(name)),
      ...fileFaults.filter(({ name }) => /of a publisher|rotten picture|a recording is gone/.test(name)),
      ...noteFaults.filter(({ name }) => /second copy by Syncthing|rotten note/.test(name)),
      ...outsideFaults.filter(({ name }) => /a password is not|nearly full/.test(name)),
    ]
    expect(together).toHaveLength(12)
    for (const fault of together) await fault.inject(home)
    expect((await home.findings()).toSorted()).toEqual(together.map(({ finds }) => finds).toSorted())
    for (const { finds, mends } of together) {
      if (!mends) continue
      const preview = await home.health.previewMend(finds)
      if (!preview.ok) throw new Error(`${finds}: ${preview.error.message}`)
      const mended = await home.health.mend(finds, preview.value.token)
      if (!mended.ok) throw new Error(`${finds}: ${mended.error.message}`)
    }
    const left = together.filter(({ mends }) => !mends).map(({ finds }) => finds)
    expect((await home.findings()).toSorted()).toEqual(left.toSorted())
  })
})
