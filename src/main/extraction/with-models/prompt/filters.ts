import type { Liquid } from 'liquidjs'

/** As Python sees it: nothing, 0, '' and what is empty are false. */
export function truth(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0
  if (value !== null && typeof value === 'object') return Object.keys(value).length > 0
  return Boolean(value)
}
export function asText(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return typeof value === 'number' ? String(value) : JSON.stringify(value)
}
const asList = (value: unknown): unknown[] =>
  Array.isArray(value)
    ? value
    : value !== null && typeof value === 'object'
      ? Object.keys(value)
      : typeof value === 'string' && value !== ''
        ? [...value.slice(0, mostItems)]
        : []
const number = (value: unknown): number => (Number.isFinite(Number(value)) ? Number(value) : 0)
/** Loops over more than this are cut: no prompt needs them. */
const mostItems = 10_000
/** Own entries only: nothing of JavaScript can be reached. */
function item(value: unknown, key: unknown): unknown {
  if (Array.isArray(value) || typeof value === 'string') {
    const at = typeof key === 'number' ? key : Number.NaN
    return Number.isInteger(at) ? value.at(at) : undefined
  }
  if (value === null || typeof value !== 'object') return undefined
  return Object.hasOwn(value, String(key)) ? (value as Record<string, unknown>)[String(key)] : undefined
}
const compare = (left: unknown, right: unknown): number =>
  typeof left === 'number' && typeof right === 'number'
    ? left - right
    : asText(left) < asText(right)
      ? -1
      : asText(left) > asText(right)
        ? 1
        : 0
const same = (left: unknown, right: unknown): boolean => (left ?? null) === (right ?? null)

const filters: Readonly<Record<string, (value: unknown, ...given: unknown[]) => unknown>> = {
  truth,
  negated: (value) => !truth(value),
  given: (value) => value !== undefined && value !== null,
  otherwise: (value, other) => (truth(value) ? value : other),
  provided: (value, other) => (truth(value) ? other : value),
  choose: (when, value, otherwise) => (truth(when) ? value : otherwise),
  equals: same,
  differs: (left, right) => !same(left, right),
  less: (left, right) => compare(left, right) < 0,
  at_most: (left, right) => compare(left, right) <= 0,
  more: (left, right) => compare(left, right) > 0,
  at_least: (left, right) => compare(left, right) >= 0,
  within: (value, list) => (typeof list === 'string' ? list.includes(asText(value)) : asList(list).includes(value)),
  item,
  tilde: (left, right) => asText(left) + asText(right),
  plus_any: (left, right) =>
    typeof left === 'number' && typeof right === 'number' ? left + right : asText(left) + asText(right),
  minus_number: (left, right) => number(left) - number(right),
  times_number: (left, right) => number(left) * number(right),
  default_to: (value, other, alsoEmpty) =>
    value === undefined || value === null || (alsoEmpty === true && !truth(value)) ? (other ?? '') : value,
  upper: (value) => asText(value).toUpperCase(),
  lower: (value) => asText(value).toLowerCase(),
  capitalize: (value) => asText(value).charAt(0).toUpperCase() + asText(value).slice(1).toLowerCase(),
  title: (value) =>
    asText(value).replace(/[\p{L}\p{N}'’]+/gu, (word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()),
  trim: (value) => asText(value).trim(),
  replace_all: (value, from, to) =>
    asText(from) === '' ? asText(value) : asText(value).replaceAll(asText(from), () => asText(to)),
  truncate_to: (value, length = 255) => {
    const text = asText(value)
    const most = Math.max(0, number(length))
    return text.length <= most ? text : `${text.slice(0, Math.max(0, most - 3)).trimEnd()}...`
  },
  length_of: (value) => (typeof value === 'string' ? value.length : asList(value).length),
  join_by: (value, mark = '') => asList(value).map(asText).join(asText(mark)),
  first_of: (value) => item(asList(value), 0),
  last_of: (value) => item(asList(value), -1),
  reversed: (value) => (typeof value === 'string' ? [...value].reverse().join('') : asList(value).toReversed()),
  sorted: (value) => asList(value).toSorted(compare),
  unique_of: (value) => [...new Set(asList(value))],
  whole: (value) => Math.trunc(number(value)),
  number,
  rounded: (value, places) => Number(number(value).toFixed(Math.min(10, Math.max(0, number(places))))),
  absolute: (value) => Math.abs(number(value)),
  text: asText,
  as_json: (value) => JSON.stringify(value ?? null),
  word_count: (value) => asText(value).split(/\s+/).filter(Boolean).length,
  without_tags: (value) => asText(value).replace(/<[^<>]*>/g, ''),
  indented: (value, width = 4) => asText(value).replaceAll('\n', `\n${' '.repeat(Math.min(40, number(width)))}`),
  as_list: asList,
  each_of: (value) => asList(value).slice(0, mostItems),
}

/** The engine gets no filter but these. @param grows told how many characters each one made */
export function registerFilters(engine: Liquid, grows: (characters: number) => void): void {
  for (const [name, filter] of Object.entries(filters))
    engine.registerFilter(name, (...given: [unknown, ...unknown[]]) => {
      const made = filter(...given)
      if (typeof made === 'string') grows(made.length)
      return made
    })
}
