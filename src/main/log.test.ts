import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createLog, redactText } from './log.ts'

const canary = 'canary-5ecret-9f3a'

it.each([
  `https://user:${canary}@feeds.example/x`,
  `https://feeds.example/x?auth=${canary}&a=1`,
  `https://feeds.example/x?a=1&access_token=${canary}`,
  `Authorization: Bearer ${canary}`,
  `Basic ${canary}`,
  `sk-${canary}`,
])('redacts %s', (text) => {
  expect(redactText(text)).not.toContain(canary)
})

it('keeps secrets out of the file, wherever they stand', () => {
  const profile = mkdtempSync(join(tmpdir(), 'inkwell-log-'))
  const log = createLog(profile)
  log.info('feeds.add', { url: `https://x.example/?token=${canary}`, password: canary, nested: { token: canary } })
  log.error('feeds.refresh', { error: new Error(`GET https://u:${canary}@x.example failed`) })
  const written = readFileSync(join(profile, 'logs', 'inkwell.log'), 'utf8')
  expect(written).toContain('feeds.refresh')
  expect(written).not.toContain(canary)
  rmSync(profile, { recursive: true })
})
