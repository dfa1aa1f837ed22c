import { charge, opmlOf, uuid } from '../ground.ts'
import type { StepOf } from './steps.ts'
import { expectSame, type FeedModel, type World } from './world.ts'

const clean = (text: string | null): string | null => text?.replace(/\s+/g, ' ').trim() || null
const longAgoMs = Date.UTC(2024, 0, 5)

const idOf = ({ home }: World, own: string): string => {
  const row = home.house.storage.get<{ id: string }>('SELECT id FROM feeds WHERE own_title = ?', [own])
  return row!.id
}
const nth = <Item>(items: readonly Item[], n: number): Item | undefined => items[n % Math.max(1, items.length)]

async function onFeed(
  world: World,
  n: number,
  removed: boolean,
  work: (id: string, feed: FeedModel) => Promise<void>,
): Promise<void> {
  const feed = nth(
    [...world.model.feeds.values()].filter((one) => one.removed === removed),
    n,
  )
  if (feed) await work(idOf(world, feed.own), feed)
}

export const listSteps = {
  async 'add-feed'(world: World, { n }: StepOf<'add-feed'>): Promise<void> {
    const own = `Extra ${n % 4}`
    const { feeds } = world.model
    const known = feeds.get(own)
    const done = await world.home.house.feeds.importOpmlText(opmlOf([own]))
    if (!done.ok) throw new Error(done.error.message)
    await world.home.house.feeds.settled()
    expectSame('feeds added', done.value.added, known && !known.removed ? 0 : 1)
    if (known) known.removed = false
    else feeds.set(own, { own, title: null, category: null, paused: false, removed: false })
  },
  'rename-feed': (world: World, { n, text }: StepOf<'rename-feed'>) =>
    onFeed(world, n, false, async (feedId, feed) => {
      await world.home.ask('feeds.rename', { feedId, title: text })
      feed.title = clean(text)
    }),
  'set-category': (world: World, { n, text }: StepOf<'set-category'>) =>
    onFeed(world, n, false, async (feedId, feed) => {
      await world.home.ask('feeds.setCategory', { feedId, category: text })
      feed.category = clean(text)
    }),
  'pause-feed': (world: World, { n, on }: StepOf<'pause-feed'>) =>
    onFeed(world, n, false, async (feedId, feed) => {
      await world.home.ask('feeds.setPaused', { feedId, paused: on })
      feed.paused = on
    }),
  'remove-feed': (world: World, { n }: StepOf<'remove-feed'>) =>
    onFeed(world, n, false, async (feedId, feed) => {
      await world.home.ask('feeds.remove', { feedId })
      feed.removed = true
    }),
  'undo-remove': (world: World, { n }: StepOf<'undo-remove'>) =>
    onFeed(world, n, true, async (feedId, feed) => {
      await world.home.ask('feeds.undoRemove', { feedId })
      feed.removed = false
    }),
  async settings(world: World, { scheme, keys }: StepOf<'settings'>): Promise<void> {
    await world.home.ask('settings.set', { colorScheme: scheme, singleKeyShortcuts: keys })
    Object.assign(world.model.settings, { colorScheme: scheme, singleKeyShortcuts: keys })
  },
  /** The same number again is the same charge; with another time it is another one, and refused. */
  async charge({ home, model }: World, { n, old }: StepOf<'charge'>): Promise<void> {
    const number = 50 + n
    const known = model.charges.get(number)
    const entry = old ? charge(number, longAgoMs) : charge(number)
    const done = home.costs.append(entry)
    const taken = known !== undefined && !known.swept && known.old !== old
    expectSame(`charge ${number} is taken`, done.ok, !taken)
    if (taken) return
    model.counter += 1
    // Written again after it was swept, both count.
    if (known?.swept) model.charges.set(-model.counter, known)
    if (!known || known.swept) model.charges.set(number, { microUsd: 1_000 + number, old, swept: false })
  },
  async sweep({ home, model }: World): Promise<void> {
    await home.ask('retention.set', { kind: 'cost-history', days: 365 })
    const { token } = await home.ask<{ token: string }>('retention.preview')
    await home.ask('retention.sweep', { token })
    for (const one of model.charges.values()) if (one.old) one.swept = true
  },
} as const

/** Lists, settings and the ledger are as the model has them. */
export async function compareLists({ home, model }: World): Promise<void> {
  const feeds = home.house.feeds.list().filter(({ kind }) => kind !== 'local')
  expectSame(
    'feeds',
    feeds.map(({ ownTitle, title, category, paused }) => [ownTitle, title, category, paused]).toSorted(),
    [...model.feeds.values()]
      .filter(({ removed }) => !removed)
      .map(({ own, title, category, paused }) => [own, title ?? own, category, paused])
      .toSorted(),
  )
  const { colorScheme, singleKeyShortcuts } = await home.house.settings.get()
  expectSame('settings', { colorScheme, singleKeyShortcuts }, model.settings)
  const charges = [...model.charges.values()]
  const { entries, totalMicroUsd, wrongMonths } = home.costs.facts()
  expectSame('months of the ledger that do not add up', wrongMonths, [])
  expectSame('charges in all', entries, charges.length)
  expectSame(
    'the sum of all charges',
    totalMicroUsd,
    charges.reduce((sum, { microUsd }) => sum + microUsd, 0),
  )
  const rows = home.house.storage.get<{ n: number }>('SELECT count(*) AS n FROM cost_entries')
  expectSame('charges that are kept', rows?.n, charges.filter(({ swept }) => !swept).length)
}

export const nextUuid = (world: World): string => {
  world.model.counter += 1
  return uuid(0xab_0000 + world.model.counter)
}
