import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { actionWords } from './words.ts'

const main = fileURLToPath(new URL('..', import.meta.url))
const features = readdirSync(main, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
)
const endings = 'changed|progress|moved|navigate|db|lock|json|txt|md|log|com'

/**
 * Names of the shape of an action (`feeds.rename`) that are handed to something: a write, or a function that writes.
 * What goes to the log, and events, are none.
 */
function actionsOf(source: string): string[] {
  const named = new RegExp(`(\\S*?)\\s*'((?:${features.join('|')})\\.(?!(?:${endings})')[a-z]+[a-zA-Z]*)'`, 'g')
  return [...source.matchAll(named)].flatMap(([, before, name]) =>
    /log\??\.(info|warn|error)\($|\.(emit|on)\($/.test(before!) ? [] : [name!],
  )
}
/** Names of settings. */
const others: ReadonlySet<string> = new Set([
  'retention.state',
  'templates.defaults',
  'templates.removed',
  'templates.saved',
])

const sources = readdirSync(main, { recursive: true, encoding: 'utf8' })
  .filter(
    (name) =>
      name.endsWith('.ts') && !/\.test\.ts$|-testing\.ts$|(testing|fixtures|faults|hostile)\/|kill-|audit\//.test(name),
  )
  .map((name) => ({ name, source: readFileSync(join(main, name), 'utf8') }))

it('finds the names that are written, direct or handed on', () => {
  expect(actionsOf("storage.write('feeds.add', (tx) => 1)")).toEqual(['feeds.add'])
  expect(actionsOf("storage.write(a ? 'feeds.x' : 'feeds.y', (tx) => 1)")).toEqual(['feeds.x', 'feeds.y'])
  expect(actionsOf("save(storage, 'kit.make'); log.info('feeds.read'); events.emit('feeds.changed')")).toEqual([
    'kit.make',
  ])
})

it('calls every action by words, and has none that nobody writes', () => {
  const written = new Map(
    sources.flatMap(({ name, source }) => actionsOf(source).map((action) => [action, name] as const)),
  )
  expect(written.size).toBeGreaterThan(30)
  const wordless = [...written].filter(([action]) => !Object.hasOwn(actionWords, action) && !others.has(action))
  expect(wordless).toEqual([])
  expect(Object.keys(actionWords).filter((action) => !written.has(action))).toEqual([])
  expect(Object.keys(actionWords)).toEqual(Object.keys(actionWords).toSorted())
})
