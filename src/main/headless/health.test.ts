import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { runIn } from './testing.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkwell-headless-health-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))

const run = (...argv: string[]) => runIn(folder, argv)
const break_ = (sql: string): void => {
  const database = new DatabaseSync(join(folder, 'profile', 'inkwell.db'))
  database.exec(sql)
  database.close()
}

it('says that all is well, quick and, with its real worker, full', async () => {
  const quick = await run('health')
  expect(quick).toMatchObject({ code: 0 })
  expect(quick.out).toContain('Healthy. Read what is quick')
  const full = await run('health', '--full')
  expect(full).toMatchObject({ code: 0 })
  expect(full.out).toContain('Healthy. All was read.')
  expect(full.err).toContain('Reading the database')
})

it('ends with 1 when something is damaged, shows what mending would do, and does it when told so', async () => {
  await run('health')
  break_('DROP INDEX jobs_by_state')
  const found = await run('health', '--json')
  expect(found.code).toBe(1)
  expect(JSON.parse(found.out)).toMatchObject({
    ok: true,
    command: 'health',
    data: {
      errorCount: 1,
      checks: [{ check: 'database', findings: [{ id: 'database/schema' }] }, ...Array(9).fill({})],
    },
  })
  expect((await run('health')).out).toContain('Make them again: inkwell health --mend database/schema')

  const shown = await run('health', '--mend', 'database/schema')
  expect(shown.out).toContain('Nothing was done. Do it with --yes.')
  expect((await run('health')).code).toBe(1)

  const mended = await run('health', '--mend', 'database/schema', '--yes')
  expect(mended).toMatchObject({ code: 0 })
  expect(mended.out).toContain('1 part of the database made again.')
  expect((await run('health')).out).toContain('Healthy.')
})

it('ends with 0 when there are only warnings', async () => {
  await run('health')
  break_('CREATE TABLE theirs (a)')
  const found = await run('health')
  expect(found.code).toBe(0)
  expect(found.out).toContain('[database/schema-foreign]')
  expect(found.out).toContain('1 finding, nothing lost.')
})

it('leaves a finding as it is, and takes that back', async () => {
  await run('health')
  break_('CREATE TABLE theirs (a)')
  const left = await run('health', '--leave', 'database/schema-foreign')
  expect(left).toMatchObject({ code: 0 })
  expect(left.out).toContain('Left as it is (1)')
  expect(left.out).toContain('Healthy.')
  expect((await run('health')).out).toContain('Healthy.')
  expect((await run('health', '--look-again', 'database/schema-foreign')).out).toContain('1 finding, nothing lost.')
  expect((await run('health', '--look-again', 'database/schema-foreign')).code).toBe(1)
  expect((await run('health', '--leave', 'a/b', '--mend', 'a/b')).code).toBe(2)
})

it('refuses --yes alone, and a finding that is not there', async () => {
  expect((await run('health', '--yes')).code).toBe(2)
  const gone = await run('health', '--mend', 'rows/audit', '--yes')
  expect(gone.code).toBe(1)
  expect(gone.err).toContain('This is not so any more. Nothing was done.')
})
