import type { AppContract, Handlers } from '#shared/contract/types.ts'
import { ok } from '#shared/result.ts'
import type { JobsService } from './service.ts'

export const jobsHandlers = (jobs: JobsService): Handlers<AppContract['jobs']> => ({
  list: () => ok(jobs.list()),
  get: ({ jobId }) => jobs.get(jobId),
  log: ({ jobId }) => jobs.log(jobId),
  start: (input) => jobs.start(input),
  cancel: ({ jobId }) => jobs.cancel(jobId),
  retry: ({ jobId, approvedMicroUsd }) => jobs.retry(jobId, approvedMicroUsd),
  estimate: (input) => jobs.estimate(input),
  clearFinished: () => ok({ cleared: jobs.clearFinished() }),
})
