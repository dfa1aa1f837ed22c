import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTemplate, idsOf } from './health-testing.ts'
import { furnish } from './healthy-house.ts'

let template: Awaited<ReturnType<typeof createTemplate>>
beforeAll(async () => {
  template = await createTemplate(furnish)
})
afterAll(() => template.remove())

it('finds nothing in a house where all is well, quick and full', async () => {
  const home = await template.fresh()
  try {
    for (const full of [false, true]) {
      const checked = await home.health.check(full)
      if (!checked.ok) throw new Error(checked.error.message)
      expect(idsOf(checked.value)).toEqual([])
    }
  } finally {
    await home.close()
  }
})
