/** Expected failures are values; defects throw. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** An expected failure: what happened and what to do next, in words a person can act on. */
export interface Failure<Code extends string = string> {
  readonly code: Code
  /** Whole sentences: what happened, what was kept, what to do. Never holds a secret. */
  readonly message: string
  /** Whether the same call may succeed later without the user changing anything. */
  readonly retryable: boolean
  /** Data for the view that mends it, e.g. candidate feeds. */
  readonly details?: Json
}

export type Result<Value, Code extends string = string> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: Failure<Code> }

export const ok = <Value>(value: Value): { ok: true; value: Value } => ({ ok: true, value })

export const fail = <Code extends string>(
  code: Code,
  message: string,
  options: { retryable?: boolean; details?: Json } = {},
): { ok: false; error: Failure<Code> } => ({
  ok: false,
  error: {
    code,
    message,
    retryable: options.retryable ?? false,
    ...(options.details === undefined ? {} : { details: options.details }),
  },
})
