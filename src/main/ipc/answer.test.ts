import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Entry } from '#shared/contract/define.ts'
import { command, event, query } from '#shared/contract/define.ts'
import { contract } from '#shared/contract/index.ts'
import { fail, ok } from '#shared/result.ts'
import { silentLog } from '../log.ts'
import { StorageError } from '../storage/sqlite-errors.ts'
import { answer, matchHandlers } from './answer.ts'
import { malformedFrom, validFrom } from './malformed.ts'

type Call = Exclude<Entry, { kind: 'event' }>
const calls = Object.entries(contract).flatMap(([feature, entries]) =>
  Object.entries(entries as Record<string, Entry>).flatMap(([name, entry]) =>
    entry.kind === 'event' ? [] : [[`${feature}.${name}`, entry as Call] as const],
  ),
)

describe('matchHandlers', () => {
  const tiny = { a: { go: command(z.strictObject({}), z.null()), moved: event(z.null()) } }

  it('throws when a handler is missing', () => {
    expect(() => matchHandlers(tiny, { a: {} })).toThrow('no handler for a.go')
  })
  it('throws when a handler has no contract', () => {
    const go = (): unknown => ok(null)
    expect(() => matchHandlers(tiny, { a: { go, stay: go } })).toThrow('handler without a contract: a.stay')
  })
  it('asks for no handler of an event', () => {
    expect([...matchHandlers(tiny, { a: { go: () => ok(null) } }).keys()]).toEqual(['a.go'])
  })
})

describe('answer', () => {
  const entry = query(z.strictObject({ count: z.number() }), z.object({ twice: z.number() }))

  it('hands on the parsed value and checks the answer', async () => {
    const handler = (input: unknown): unknown => ok({ twice: (input as { count: number }).count * 2, more: 1 })
    expect(await answer('a.b', { entry, handler }, { count: 2 }, silentLog)).toEqual(ok({ twice: 4 }))
  })
  it('passes expected failures through', async () => {
    const handler = (): unknown => fail('gone', 'It is gone.')
    expect(await answer('a.b', { entry, handler }, { count: 2 }, silentLog)).toEqual(fail('gone', 'It is gone.'))
  })
  it('says in words what a disk that fails has kept', async () => {
    const handler = (): unknown => {
      throw new StorageError('disk-full', 'The disk is full. Nothing of it was kept.')
    }
    expect(await answer('a.b', { entry, handler }, { count: 2 }, silentLog)).toEqual(
      fail('disk-full', 'The disk is full. Nothing of it was kept.', { retryable: true }),
    )
  })
  it('answers a defect with a reference and no stack', async () => {
    const logged: unknown[] = []
    const log = {
      ...silentLog,
      error: (_operation: string, fields?: Record<string, unknown>) => void logged.push(fields),
    }
    const handler = (): unknown => {
      throw new Error('secret detail')
    }
    const result = await answer('a.b', { entry, handler }, { count: 2 }, log)
    expect(result).toMatchObject({ ok: false, error: { code: 'defect' } })
    expect(JSON.stringify(result)).not.toContain('secret detail')
    expect(JSON.stringify(result)).toContain((logged[0] as { reference: string }).reference)
  })
  it('leaves a line for each command, and for reads that fail', async () => {
    const lines: unknown[] = []
    const write =
      (level: string) =>
      (operation: string, fields?: Record<string, unknown>): void =>
        void lines.push({ level, operation, ...fields })
    const log = { info: write('info'), warn: write('warn'), error: write('error') }
    const feedId = '0198c0de-1111-7222-8333-444455556666'
    const change = command(z.object({ feedId: z.uuid() }), z.null())
    await answer('feeds.rename', { entry: change, handler: () => ok(null) }, { feedId, title: 'private' }, log)
    await answer('feeds.rename', { entry: change, handler: () => fail('gone', 'private') }, { feedId }, log)
    await answer('feeds.list', { entry, handler: () => ok({ twice: 1 }) }, { count: 1 }, log)
    await answer('feeds.list', { entry, handler: () => ok({ twice: 1 }) }, { count: 'a' }, log)
    await answer('logs.saveBundle', { entry: change, handler: () => ok(null) }, { feedId }, log)
    const subject = `feed/${feedId}`
    const durationMs = expect.any(Number)
    expect(lines).toEqual([
      { level: 'info', operation: 'feeds.rename', subject, durationMs, outcome: 'ok' },
      { level: 'warn', operation: 'feeds.rename', subject, durationMs, outcome: 'gone' },
      { level: 'warn', operation: 'feeds.list', subject: null, durationMs, outcome: 'invalid-input' },
    ])
  })
  it('treats an answer that breaks the contract as a defect', async () => {
    const handler = (): unknown => ok({ twice: 'four' })
    expect(await answer('a.b', { entry, handler }, { count: 2 }, silentLog)).toMatchObject({
      error: { code: 'defect' },
    })
  })
  it('refuses 100 MB before parsing', async () => {
    const handler = (): never => expect.fail('reached')
    const big = { count: 1, text: 'x'.repeat(100_000_000) }
    expect(await answer('a.b', { entry, handler }, big, silentLog)).toMatchObject({ error: { code: 'invalid-input' } })
  })
})

describe.each(calls)('%s', (channel, entry) => {
  it('takes what its schema describes', () => {
    expect(entry.input.safeParse(validFrom(entry.input))).toMatchObject({ success: true })
  })
  it('refuses every malformed input generated from its schema', async () => {
    const malformed = malformedFrom(entry.input)
    expect(malformed.length).toBeGreaterThan(8)
    for (const { what, input } of malformed) {
      const handler = (): never => expect.fail(`${channel} let through: ${what}`)
      expect(await answer(channel, { entry, handler }, input, silentLog), what).toMatchObject({
        ok: false,
        error: { code: 'invalid-input' },
      })
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })
})
