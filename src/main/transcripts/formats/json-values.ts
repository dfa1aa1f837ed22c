import { cleanCharacters, oneLine } from '../clean-text.ts'

export type JsonObject = Record<string, unknown>

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const objects = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : [])

/** Text of one line; empty for anything that is no text. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? oneLine(cleanCharacters(value)) : '')

export const nullableText = (value: unknown): string | null => textOf(value) || null

/** A name; a number as tools count voices becomes "Speaker 0", a letter "Speaker A". */
export function speakerOf(value: unknown): string | null {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return `Speaker ${value}`
  const text = textOf(value)
  if (text === '') return null
  return /^(?:\d{1,3}|[A-Z])$/.test(text) ? `Speaker ${text}` : text.slice(0, 200)
}
