import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from './fixtures.ts'

test('speech is recognised in a process of its own: a damaged model ends nothing else and is named', async ({
  profile,
  page,
}) => {
  const folder = join(profile, 'models', 'whisper-tiny')
  mkdirSync(folder, { recursive: true })
  const names = ['tiny-encoder.int8.onnx', 'tiny-decoder.int8.onnx', 'tiny-tokens.txt']
  for (const name of names) writeFileSync(join(folder, name), 'no model')
  const file = { bytes: 8, sha256: createHash('sha256').update('no model').digest('hex') }
  writeFileSync(
    join(folder, 'ready.json'),
    JSON.stringify({ schema: 1, model: 'whisper-tiny', files: Object.fromEntries(names.map((name) => [name, file])) }),
  )
  const ask = (call: string) =>
    page.evaluate(
      (name) =>
        (globalThis as never as { inkwell: { speech: Record<string, (input: object) => Promise<unknown>> } }).inkwell
          .speech[name]!(name === 'state' ? {} : { id: 'whisper-tiny' }),
      call,
    )
  expect(await ask('probe')).toMatchObject({ ok: false, error: { code: 'model-unusable' } })
  // Its bytes are not those of the list: reading them says so, and it is not used again.
  expect(await ask('verify')).toMatchObject({ ok: true, value: { state: 'damaged' } })
  expect(await ask('state')).toMatchObject({ ok: true, value: { decoder: { state: 'found' } } })
  await expect(page.locator('h1')).toBeVisible()
})
