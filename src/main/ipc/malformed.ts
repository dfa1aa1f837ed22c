import { z } from 'zod'

/** For tests: a valid input made from a schema, and inputs that break it in one place each. */
interface JsonSchema {
  type?: string
  properties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
  enum?: unknown[]
  const?: unknown
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  format?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
  pattern?: string
}
export interface Malformed {
  readonly what: string
  readonly input: unknown
}

const uuid = '0190c9f2-7b3a-7c1d-8e4f-0123456789ab'
const schemaOf = (schema: z.ZodType): JsonSchema => z.toJSONSchema(schema, { io: 'input' }) as JsonSchema

function valid(schema: JsonSchema): unknown {
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  const choice = schema.anyOf?.[0] ?? schema.oneOf?.[0]
  if (choice) return valid(choice)
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([key, part]) => [key, valid(part)]))
    case 'array':
      return [valid(schema.items ?? {})]
    case 'string':
      return schema.format === 'uuid' ? uuid : 'a'.repeat(Math.max(1, schema.minLength ?? 1))
    case 'integer':
    case 'number':
      return schema.minimum ?? 1
    case 'boolean':
      return true
    default:
      return null
  }
}

const wrongFor = (schema: JsonSchema): unknown[] => {
  const accepted = new Set([schema.type, ...(schema.anyOf ?? schema.oneOf ?? []).map(({ type }) => type)])
  const wrong: unknown[] = [Number.NaN, () => 1, Symbol('x'), 1n, new Map(), new Date(0)]
  if (!accepted.has('string')) wrong.push('text')
  if (!accepted.has('number') && !accepted.has('integer')) wrong.push(7)
  if (!accepted.has('boolean')) wrong.push(true)
  if (!accepted.has('array')) wrong.push([[]])
  if (!accepted.has('object')) wrong.push({ length: 1 })
  if (!accepted.has('null')) wrong.push(null)
  if (schema.enum || schema.const !== undefined) wrong.push('no such choice')
  if (schema.format === 'uuid') wrong.push('', '../../x', `${uuid}\n`, "' OR 1=1 --")
  if (schema.maxLength !== undefined) wrong.push('x'.repeat(schema.maxLength + 1))
  if ((schema.minLength ?? 0) > 0 || schema.pattern) wrong.push('')
  if (schema.pattern) wrong.push('../../x', 'a b', 'é/', 'con\0')
  if (schema.maximum !== undefined) wrong.push(schema.maximum + 1)
  if (schema.minimum !== undefined) wrong.push(schema.minimum - 1)
  if (schema.maxItems !== undefined)
    wrong.push(Array.from({ length: schema.maxItems + 1 }, () => valid(schema.items ?? {})))
  if ((schema.minItems ?? 0) > 0) wrong.push([])
  return wrong
}

function breakInside(schema: JsonSchema, at: string, rebuild: (value: unknown) => unknown): Malformed[] {
  const here = wrongFor(schema).map((input) => ({ what: `${at} is ${describe(input)}`, input: rebuild(input) }))
  const choice = schema.anyOf?.[0] ?? schema.oneOf?.[0]
  if (choice?.type === 'object') {
    const orNull = wrongFor(schema).includes(null)
    return [...here, ...breakInside(choice, at, rebuild).filter(({ what }) => orNull || what !== `${at} is null`)]
  }
  if (schema.type === 'array' && schema.items)
    return [...here, ...breakInside(schema.items, `${at}[0]`, (value) => rebuild([value]))]
  if (schema.type !== 'object') return here
  const whole = valid(schema) as Record<string, unknown>
  const parts = Object.entries(schema.properties ?? {}).flatMap(([key, part]) => [
    ...breakInside(part, `${at}.${key}`, (value) => rebuild({ ...whole, [key]: value })),
    ...(schema.required?.includes(key)
      ? [
          {
            what: `${at}.${key} is missing`,
            input: rebuild(Object.fromEntries(Object.entries(whole).filter(([name]) => name !== key))),
          },
        ]
      : []),
  ])
  const extra = { what: `${at} has a key too many`, input: rebuild({ ...whole, extra: 1 }) }
  const polluted = {
    what: `${at} carries __proto__`,
    input: rebuild(JSON.parse(`{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}`)),
  }
  return [...here, ...parts, extra, polluted]
}

const describe = (value: unknown): string =>
  typeof value === 'string' && value.length > 40
    ? `${value.length} characters`
    : String(Array.isArray(value) ? 'array' : ((value as { toString?: () => string })?.toString?.() ?? value))

export const validFrom = (schema: z.ZodType): unknown => valid(schemaOf(schema))

export const malformedFrom = (schema: z.ZodType): Malformed[] => [
  ...breakInside(schemaOf(schema), 'input', (value) => value),
  { what: 'input is undefined', input: undefined },
]
