import type { AppEvents, InkwellApi } from '#shared/contract/types.ts'
import type { Failure, Result } from '#shared/result.ts'

declare global {
  interface Window {
    readonly inkwell: InkwellApi
  }
}

/** The only way to main. */
export const inkwell: InkwellApi = window.inkwell
export type { AppEvents }

/** A failure on its way through code that throws (the query cache). */
export class CallError extends Error {
  readonly failure: Failure

  constructor(failure: Failure) {
    super(failure.message)
    this.failure = failure
  }
}

export const unwrap = <Value>(result: Result<Value>): Value => {
  if (result.ok) return result.value
  throw new CallError(result.error)
}

export const failureOf = (error: unknown): Failure =>
  error instanceof CallError
    ? error.failure
    : { code: 'defect', message: 'Something in Inkwell broke while reading this.', retryable: true }
