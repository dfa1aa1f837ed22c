import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { unpackGoldenProfile } from '../../../src/main/storage/golden-profile.ts'
import { charge, episodeCalled, episodeTitles, notesInput, uuid } from '../ground.ts'
import { profileOf, vaultOf } from '../home.ts'
import { temporaryFolder } from '../processes.ts'
import { type Scenario, userTexts } from '../scenario.ts'

const dayMs = 86_400_000
const oldCharges = [101, 102, 103, 104, 105]
const longAgoMs = Date.UTC(2024, 0, 5)

/** Runs as if it were days ago: what is made then is old now. */
async function daysAgo(days: number, work: () => Promise<unknown>): Promise<void> {
  const { now } = Date
  Date.now = () => now() - days * dayMs
  try {
    await work()
  } finally {
    Date.now = now
  }
}

/** One interview that may go, one whose words are nowhere else, charges of long ago, texts of notes that were replaced. */
export const sweepOld: Scenario = {
  name: 'retention-sweep',
  async prepare(home) {
    const { interviews, costs } = home
    await daysAgo(100, async () => {
      for (const [index, exported] of [true, false].entries()) {
        const { id, revision } = interviews.start({
          episodeId: null,
          episodeTitle: exported ? 'Exported' : 'Only here',
          feedTitle: 'Tides',
          style: 'curious',
          maxQuestions: 5,
          guidelines: null,
        })
        const exchangeId = uuid(0xf0_0000 + index)
        interviews.ask(id, revision, { exchangeId, text: 'What stayed with you?', details: null })
        interviews.answer(id, revision + 1, exchangeId, 'The tide.')
        interviews.setState(id, revision + 2, 'completed')
        if (exported) interviews.markExported(id, revision + 3)
      }
      const episodeId = episodeCalled(home, episodeTitles[2])
      for (const run of ['run-1', 'run-2'])
        await home.house.notes.write(notesInput(home, episodeId, run, { summary: `A summary of ${run}.` }))
      await home.house.notes.settled()
    })
    for (const number of oldCharges) costs.append(charge(number, longAgoMs))
    await home.ask('retention.set', { kind: 'cost-history', days: 365 })
  },
  async act(home, ack) {
    const { token } = await home.ask<{ token: string }>('retention.preview')
    await home.ask('retention.sweep', { token })
    ack('swept')
  },
  async check({ house, costs, interviews }, acked) {
    const losses: string[] = []
    const left = house.storage.all<{ at_ms: number }>('SELECT at_ms FROM cost_entries')
    const old = left.filter(({ at_ms }) => at_ms < longAgoMs + dayMs).length
    if (old !== 0 && old !== oldCharges.length) losses.push(`half a sweep: ${old} of ${oldCharges.length} old charges`)
    if (left.length - old !== 3) losses.push(`${left.length - old} of 3 new charges are there`)
    // What was swept stays in the sums.
    const expected = [1, 2, 3, ...oldCharges].reduce((sum, number) => sum + 1_000 + number, 0)
    if (costs.facts().totalMicroUsd !== expected)
      losses.push(`the ledger adds up to ${costs.facts().totalMicroUsd} instead of ${expected}`)
    const titles = interviews.list().map(({ episode_title }) => episode_title)
    if (!titles.includes('Only here')) losses.push('an interview whose words are nowhere else was swept')
    if (acked.includes('swept') && (old !== 0 || titles.includes('Exported'))) losses.push('the sweep is not done')
    return losses
  },
}

const tables = ['feeds', 'episodes', 'transcripts', 'note_folders', 'note_files', 'jobs', 'audit']
const idsIn = (database: { all(sql: string): { id: unknown }[] }): Map<string, unknown[]> =>
  new Map(tables.map((table) => [table, database.all(`SELECT id FROM ${table} ORDER BY id`).map(({ id }) => id)]))
const goldenIds = (): Map<string, unknown[]> => {
  const root = mkdtempSync(join(temporaryFolder(), 'inkwell-golden-'))
  const { profilePath } = unpackGoldenProfile(5, root)
  const database = new DatabaseSync(join(profilePath, 'inkwell.db'))
  try {
    return idsIn({ all: (sql) => database.prepare(sql).all() as { id: unknown }[] })
  } finally {
    database.close()
    rmSync(root, { recursive: true })
  }
}

/** The profile of the last release, opened by this one. */
export const migrate: Scenario = {
  name: 'migrate',
  async prepare() {},
  prepareClosed(root) {
    for (const folder of [profileOf(root), vaultOf(root)]) rmSync(folder, { recursive: true, force: true })
    unpackGoldenProfile(5, root)
    for (const [name, text] of Object.entries(userTexts)) {
      mkdirSync(dirname(join(vaultOf(root), name)), { recursive: true })
      writeFileSync(join(vaultOf(root), name), text)
    }
  },
  async act(_, ack) {
    // Opening it was the work.
    ack('opened')
  },
  async check({ house }) {
    const now = idsIn({ all: (sql) => house.storage.all<{ id: unknown }>(sql) })
    return [...goldenIds()].flatMap(([table, ids]) => {
      const missing = ids.filter((id) => !now.get(table)!.includes(id))
      return missing.length > 0 ? [`${missing.length} rows of ${table} did not come along`] : []
    })
  },
}

interface Made {
  readonly fileName: string
  readonly problem: string | null
}

export const makeBackup: Scenario = {
  name: 'backup',
  async prepare(home) {
    await home.ask('backup.create', {})
  },
  async act(home, ack) {
    ack((await home.ask<Made>('backup.create', {})).fileName)
  },
  async check(home, acked) {
    const listed = await home.ask<Made[]>('backup.list')
    const losses = acked
      .filter((name) => !listed.some(({ fileName }) => fileName === name))
      .map((name) => `the backup ${name} is gone`)
    if (listed.length === 0) losses.push('the backup from before is gone')
    for (const { fileName } of listed) {
      const verified = await home.tell('backup.verify', { fileName })
      if (!verified.ok) losses.push(`the backup ${fileName} is listed and cannot be used: ${verified.error.message}`)
    }
    return losses
  },
}

export const restoreBackup: Scenario = {
  name: 'restore',
  async prepare(home) {
    await home.ask('backup.create', {})
    await home.ask('settings.set', { colorScheme: 'dark' })
  },
  async act(home, ack) {
    const { fileName } = (await home.ask<Made[]>('backup.list'))[0]!
    const { planToken } = await home.ask<{ planToken: string }>('backup.planRestore', { fileName })
    await home.ask('backup.restore', { fileName, planToken })
    ack('restored')
  },
  async check({ house }, acked) {
    const { colorScheme } = await house.settings.get()
    const losses = []
    if (acked.includes('restored') && colorScheme !== 'auto') losses.push('the restored profile is not in use')
    if (house.feeds.list().length < 3 || house.costs.facts().entries !== 3)
      losses.push(
        `a part of a profile is in use: ${house.feeds.list().length} feeds, ${house.costs.facts().entries} charges`,
      )
    // Whatever is in use takes changes.
    await house.settings.set({ singleKeyShortcuts: false })
    await house.settings.set({ singleKeyShortcuts: true })
    return losses
  },
}
