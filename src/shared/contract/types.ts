import type { z } from 'zod'
import type { Result } from '../result.ts'
import type { Command, Event, Query } from './define.ts'
import type { contract } from './index.ts'

export type AppContract = typeof contract

type Call<E> =
  E extends Command<infer In, infer Out>
    ? (input: z.input<In>) => Promise<Result<z.output<Out>>>
    : E extends Query<infer In, infer Out>
      ? (input: z.input<In>) => Promise<Result<z.output<Out>>>
      : never
type Handler<E> =
  E extends Command<infer In, infer Out>
    ? (input: z.output<In>) => Result<z.input<Out>> | Promise<Result<z.input<Out>>>
    : E extends Query<infer In, infer Out>
      ? (input: z.output<In>) => Result<z.input<Out>> | Promise<Result<z.input<Out>>>
      : never
type CallNames<F> = { [N in keyof F]: F[N] extends Event ? never : N }[keyof F]
type EventNames<F> = { [N in keyof F]: F[N] extends Event ? N : never }[keyof F]

/** What one feature's handlers.ts gives: a function for every command and query. */
export type Handlers<F> = { readonly [N in CallNames<F>]: Handler<F[N]> }
export type AppHandlers = { readonly [F in keyof AppContract]: Handlers<AppContract[F]> }

type EventsOfFeature<F, Feature extends string> = {
  [N in EventNames<F> as `${Feature}.${N & string}`]: F[N] extends Event<infer P> ? z.output<P> : never
}
type UnionToIntersection<U> = (U extends unknown ? (u: U) => void : never) extends (i: infer I) => void ? I : never
/** `feeds.changed` → payload. */
export type AppEvents = UnionToIntersection<
  { [F in keyof AppContract]: EventsOfFeature<AppContract[F], F & string> }[keyof AppContract]
>

/** `window.inkwell`: every command and query as a named function, and `on` for events. */
export type InkwellApi = {
  readonly [F in keyof AppContract]: { readonly [N in CallNames<AppContract[F]>]: Call<AppContract[F][N]> }
} & {
  readonly on: <E extends keyof AppEvents>(event: E, listener: (payload: AppEvents[E]) => void) => () => void
  /** Hands dropped or chosen files to main; the page gets tokens, never paths. */
  readonly offerFiles: (files: File[]) => Promise<Result<OfferedFile[]>>
  readonly platform: 'linux' | 'darwin' | 'win32'
}
export interface OfferedFile {
  readonly token: string
  readonly name: string
  readonly bytes: number
}
