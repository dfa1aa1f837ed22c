import { z } from 'zod'

/** A change: parsed strictly, answered with a Result. */
export interface Command<In extends z.ZodType = z.ZodType, Out extends z.ZodType = z.ZodType> {
  readonly kind: 'command'
  readonly input: In
  readonly output: Out
}
/** A read without side effects. */
export interface Query<In extends z.ZodType = z.ZodType, Out extends z.ZodType = z.ZodType> {
  readonly kind: 'query'
  readonly input: In
  readonly output: Out
}
/** What main tells the windows. */
export interface Event<Payload extends z.ZodType = z.ZodType> {
  readonly kind: 'event'
  readonly payload: Payload
}
export type Entry = Command | Query | Event
export type FeatureContract = Readonly<Record<string, Entry>>
export type Contract = Readonly<Record<string, FeatureContract>>

export const command = <In extends z.ZodType, Out extends z.ZodType>(input: In, output: Out): Command<In, Out> => ({
  kind: 'command',
  input,
  output,
})
export const query = <In extends z.ZodType, Out extends z.ZodType>(input: In, output: Out): Query<In, Out> => ({
  kind: 'query',
  input,
  output,
})
export const event = <Payload extends z.ZodType>(payload: Payload): Event<Payload> => ({ kind: 'event', payload })

export const Nothing = z.strictObject({})
/** UUIDv7, made by main. */
export const Id = z.uuid()
export const Text = (max: number) => z.string().max(max)
/** Milliseconds since 1970-01-01T00:00Z. */
export const TimeMs = z.number().int()
