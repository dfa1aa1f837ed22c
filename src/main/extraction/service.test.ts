import { describe, expect, it } from 'vitest'
import { silentLog } from '../log.ts'
import { createWorkerRunner } from '../workers/runner.ts'
import { riverGauge } from './offline/fixtures/talk.ts'
import { createExtractionService } from './service.ts'

const workers = createWorkerRunner(new URL('../index.ts', import.meta.url))

describe('extraction in a worker', () => {
  it('answers one result per template, in their order', async () => {
    const service = createExtractionService({ workers, log: silentLog })
    const made = await service.extract(riverGauge(), { signal: new AbortController().signal })
    if (!made.ok) throw new Error(made.error.message)
    expect(made.value.map(({ template, result }) => [template, result.ok])).toEqual(
      riverGauge().templates.map(({ name }) => [name, true]),
    )
  })

  it('stops when cancelled', async () => {
    const service = createExtractionService({ workers, log: silentLog })
    const controller = new AbortController()
    const made = service.extract(riverGauge(), { signal: controller.signal })
    controller.abort()
    expect(await made).toMatchObject({ ok: false, error: { code: 'cancelled' } })
  })

  it('a worker that breaks off is a failure that may be tried again', async () => {
    const broken = createWorkerRunner(new URL('../nowhere/index.ts', import.meta.url))
    const service = createExtractionService({ workers: broken, log: silentLog })
    expect(await service.extract(riverGauge(), { signal: new AbortController().signal })).toMatchObject({
      ok: false,
      error: { code: 'extraction-failed', retryable: true },
    })
  })
})
