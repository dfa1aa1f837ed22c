import { charge, opmlOf } from '../ground.ts'
import type { Home } from '../home.ts'
import { canary, type Scenario } from '../scenario.ts'

const feedTitles = ({ house }: Home): string[] => house.feeds.list().map(({ title }) => title)
const feedCalled = ({ house }: Home, title: string): string => {
  const found = house.feeds.list().find((feed) => feed.ownTitle === title)
  if (!found) throw new Error(`no feed is called ${title}`)
  return found.id
}
/** Each change has its row in the trail, and no row stands for a change that is not there. */
const auditCount = ({ house }: Home, action: string): number =>
  Number(house.storage.get<{ n: number }>('SELECT count(*) AS n FROM audit WHERE action = ?', [action])?.n)

export const importFeeds: Scenario = {
  name: 'import-opml',
  async prepare() {},
  async act(home, ack) {
    const titles = Array.from({ length: 60 }, (_, index) => `Imported ${index + 1}`)
    const done = await home.house.feeds.importOpmlText(opmlOf(titles))
    if (done.ok && done.value.added + done.value.alreadyFollowed === 60) ack('60 feeds')
    await home.house.feeds.settled()
  },
  async check(home, acked) {
    const titles = feedTitles(home).filter((title) => title.startsWith('Imported '))
    const losses = acked.includes('60 feeds') && titles.length !== 60 ? [`${titles.length} of 60 feeds are there`] : []
    if (new Set(titles).size !== titles.length) losses.push('a feed is there twice')
    // 25 a transaction: a part of one must never be there.
    if (![0, 25, 50, 60].includes(titles.length)) losses.push(`half a transaction: ${titles.length} feeds`)
    return losses
  },
}

/** Which of the three edits are there. */
const editsOf = ({ house }: Home): Record<string, boolean> => {
  const feeds = house.feeds.list()
  return {
    renamed: feeds.some(({ title }) => title === 'Ebb and flow'),
    category: feeds.some(({ category }) => category === 'Railways'),
    removed: feeds.every(({ ownTitle, removedAtMs }) => ownTitle !== 'Night Train' || removedAtMs !== null),
  }
}

export const editFeeds: Scenario = {
  name: 'edit-feeds',
  async prepare() {},
  async act(home, ack) {
    const steps: [string, () => Promise<unknown>][] = [
      ['renamed', () => home.ask('feeds.rename', { feedId: feedCalled(home, 'Tides'), title: 'Ebb and flow' })],
      [
        'category',
        () => home.ask('feeds.setCategory', { feedId: feedCalled(home, 'Signal Box'), category: 'Railways' }),
      ],
      ['removed', () => home.ask('feeds.remove', { feedId: feedCalled(home, 'Night Train') })],
    ]
    for (const [what, step] of steps) {
      if (!editsOf(home)[what]) await step()
      ack(what)
    }
  },
  async check(home, acked) {
    const losses: string[] = []
    const state = editsOf(home)
    for (const what of acked) if (!state[what]) losses.push(`acknowledged and not there: ${what}`)
    const actions: Record<string, string> = {
      renamed: 'feeds.rename',
      category: 'feeds.setCategory',
      removed: 'feeds.remove',
    }
    for (const [what, action] of Object.entries(actions))
      if (auditCount(home, action) !== Number(state[what]))
        losses.push(`${what}: ${state[what] ? 'the change has no row' : 'no change has a row'} in the trail`)
    return losses
  },
}

export const changeSettings: Scenario = {
  name: 'change-settings',
  async prepare() {},
  async act(home, ack) {
    await home.ask('settings.set', { colorScheme: 'dark', singleKeyShortcuts: false })
    ack('settings')
  },
  async check(home, acked) {
    const { colorScheme, singleKeyShortcuts } = await home.house.settings.get()
    const values = `${colorScheme} ${singleKeyShortcuts}`
    if (values === 'dark false') return []
    if (values !== 'auto true') return [`half of one change of settings: ${values}`]
    return acked.includes('settings') ? ['the acknowledged settings are not there'] : []
  },
}

export const rotateSecret: Scenario = {
  name: 'rotate-secret',
  async prepare(home) {
    const feedId = feedCalled(home, 'Tides')
    const credentials = { type: 'basic', username: 'keeper', password: `old-${canary}` }
    await home.tell('feeds.setCredentials', { feedId, credentials, secretStorage: 'session' })
  },
  async act(home, ack) {
    const feedId = feedCalled(home, 'Tides')
    const credentials = { type: 'basic', username: 'keeper', password: canary }
    const done = await home.tell('feeds.setCredentials', { feedId, credentials, secretStorage: 'session' })
    if (done.ok) ack('password')
  },
  async check(home) {
    // A secret of the session goes with it: the feed says so, stays, and nothing of the secret is in a file.
    const feed = home.house.feeds.list().find(({ title }) => title === 'Tides')
    return feed ? [] : ['the feed whose password was changed is gone']
  },
}

export const appendCharges: Scenario = {
  name: 'append-ledger',
  async prepare() {},
  async act({ costs }, ack) {
    for (let number = 11; number <= 16; number++) {
      const entry = charge(number)
      if (costs.append(entry).ok) ack(String(number))
      // As after a crash: the same charge again is the same charge.
      if (number % 2 === 0 && costs.append(entry).ok) ack(String(number))
    }
  },
  async check({ costs, house }, acked) {
    const rows = house.storage.all<{ id: string; cost_micro_usd: number }>(
      'SELECT id, cost_micro_usd FROM cost_entries ORDER BY id',
    )
    const numbers = rows.map(({ cost_micro_usd }) => cost_micro_usd - 1_000)
    const losses = acked
      .filter((number) => !numbers.includes(Number(number)))
      .map((number) => `charge ${number} is lost`)
    if (new Set(numbers).size !== numbers.length) losses.push('a charge is there twice')
    const { entries, totalMicroUsd } = costs.facts()
    const journal = numbers.reduce((sum, number) => sum + 1_000 + number, 0)
    if (entries !== numbers.length || totalMicroUsd !== journal)
      losses.push(`the ledger says ${entries} charges, ${totalMicroUsd}; our own journal ${numbers.length}, ${journal}`)
    return losses
  },
}
