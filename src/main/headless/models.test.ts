import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startFakeOpenAi } from '../models/testing/fake-openai.ts'
import { runIn } from './testing.ts'

let folder: string
let server: Awaited<ReturnType<typeof startFakeOpenAi>>
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'inkwell-models-'))
  server = await startFakeOpenAi()
})
afterEach(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})
const run = (words: string, stdin = '') => runIn(folder, words.split(' '), stdin)

it('a server is added, looked at, and given a task', async () => {
  expect((await run('models')).out).toMatch(/claude +no key[\s\S]*extraction +offline +free/)
  expect(await run(`models add-server shed ${server.baseUrl}`)).toMatchObject({
    code: 0,
    out: expect.stringContaining('inkwell models check shed'),
  })
  expect(await run('models check')).toMatchObject({ code: 0, out: 'shed: 2 models.\n' })
  expect((await run('models list shed')).out).toMatch(/shed\/qwen3:14b +text +\$0\.00 in/)
  const assigned = await run('models assign extraction shed/qwen3:14b offline --json')
  expect(JSON.parse(assigned.out)).toMatchObject({
    ok: true,
    data: [{ task: 'extraction', choice: { providerId: 'shed', model: 'qwen3:14b' }, microUsdPerHour: 0 }, {}, {}],
  })
  expect(await run('models remove-server shed')).toMatchObject({ code: 0 })
  expect((await run('models')).out).toContain('was removed')
})

it('what is wrong is said, and the key is read from standard input only', async () => {
  await run(`models add-server shed ${server.baseUrl} --needs-key`)
  expect(await run('models check shed')).toMatchObject({ code: 1, err: expect.stringContaining('no key') })
  expect(await run('models set-key shed sk-123')).toMatchObject({ code: 2 })
  expect(await run('models set-key shed')).toMatchObject({ code: 2, err: expect.stringContaining('standard input') })
  server.lists({ status: 401 })
  const refused = await run('models set-key shed', 'sk-canary-0123456789\n')
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('not kept') })
  expect(refused.err + refused.out).not.toContain('canary')
  for (const wrong of [
    'models frob',
    'models assign',
    'models assign cooking offline',
    'models assign extraction qwen3',
    'models add-server Shed http://nas',
    'models add-server mine',
    'models list --needs-key',
    'models check --keep-anyway',
  ])
    expect((await run(wrong)).code, wrong).toBe(2)
  expect(await run('models add-server web http://models.example.com/v1')).toMatchObject({ code: 1 })
  expect(await run('models list nobody')).toMatchObject({ code: 1 })
})
