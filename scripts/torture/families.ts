import type { Family } from './family.ts'

/** In the order of the test plan. Their work is loaded only where it is done: most of a second each. */
export const families: readonly Family[] = [
  {
    name: 'kill-points',
    title: 'SIGKILL at each file-changing call',
    seconds: { quick: 75, full: 1900 },
    victims: true,
    load: async () => (await import('./kill-points/family.ts')).killPoints,
  },
  {
    name: 'io-errors',
    title: 'errors at each call',
    seconds: { quick: 55, full: 650 },
    shim: true,
    victims: true,
    load: async () => (await import('./io-errors/family.ts')).ioErrors,
  },
  {
    name: 'disk-full',
    title: 'disk full at every 4 KB',
    seconds: { quick: 12, full: 260 },
    load: async () => (await import('./disk-full.ts')).diskFull,
  },
  {
    name: 'short-writes',
    title: 'writes that take a part',
    seconds: { quick: 25, full: 150 },
    shim: true,
    load: async () => (await import('./short-writes.ts')).shortWrites,
  },
  {
    name: 'power-loss',
    title: 'power cut on a weak file system',
    seconds: { quick: 16, full: 240 },
    shim: true,
    load: async () => (await import('./power-loss/family.ts')).powerLoss,
  },
  {
    name: 'damage',
    title: 'damaged files',
    seconds: { quick: 20, full: 700 },
    load: async () => (await import('./damage/family.ts')).damage,
  },
  {
    name: 'concurrency',
    title: 'many processes, some killed',
    seconds: { quick: 14, full: 220 },
    shares: 1,
    alone: true,
    load: async () => (await import('./concurrency/family.ts')).concurrency,
  },
  {
    name: 'editor-race',
    title: 'an editor that saves meanwhile',
    seconds: { quick: 9, full: 280 },
    shares: 1,
    alone: true,
    load: async () => (await import('./editor-race.ts')).editorRace,
  },
  {
    name: 'clocks',
    title: 'clocks that are wrong',
    seconds: { quick: 3, full: 4 },
    shares: 1,
    load: async () => (await import('./clocks.ts')).clocksFamily,
  },
  {
    name: 'migrations',
    title: 'profiles of every release',
    seconds: { quick: 10, full: 130 },
    shim: true,
    load: async () => (await import('./migrations/family.ts')).migrationsFamily,
  },
  {
    name: 'backups',
    title: 'backup, restore and kit',
    seconds: { quick: 17, full: 140 },
    load: async () => (await import('./backups/family.ts')).backupsFamily,
  },
  {
    name: 'model',
    title: 'random lives beside a model',
    seconds: { quick: 18, full: 480 },
    load: async () => (await import('./model/family.ts')).modelFamily,
  },
  {
    name: 'fuzz',
    title: 'own parsers, anything to read',
    seconds: { quick: 5, full: 360 },
    load: async () => (await import('./fuzz/family.ts')).fuzzFamily,
  },
]

export function familyCalled(name: string): Family {
  const found = families.find((family) => family.name === name)
  if (!found) throw new Error(`no family is called ${name}; there are ${families.map((one) => one.name).join(', ')}`)
  return found
}
