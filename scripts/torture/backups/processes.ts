import { cpSync, rmSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { systemFs } from '../../../src/main/backup/archive/files.ts'
import { house } from '../../../src/main/backup/backup-testing.ts'
import { reviveWhenInUse } from '../../../src/main/compose/profile-in-use.ts'
import { startNode } from '../processes.ts'
import { change, changesIn, type Ground, later, litterIn, manifestOf, restore } from './ground.ts'

interface Ended {
  readonly killed: boolean
  readonly acked: readonly string[]
  readonly calls: number
  readonly errors: string
}
function start(base: string, action: string, at: number, name: string, mutant: string | null) {
  const child = startNode('./backups/victim.ts', [base, action, String(at), name], { mutant, shim: true })
  const lines: string[] = []
  let errors = ''
  child.stderr!.on('data', (part) => {
    errors += String(part)
  })
  const told = createInterface({ input: child.stdout! }).on('line', (line) => lines.push(line))
  const first = new Promise((resolve) => told.once('line', resolve).once('close', resolve))
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (code, signal) =>
      resolve({
        killed: signal === 'SIGKILL',
        acked: lines.filter((line) => line.startsWith('ack ')).map((line) => line.slice(4)),
        calls: Number(lines.find((line) => line.startsWith('calls '))?.slice(6) ?? 0),
        errors: code === 0 || signal ? '' : errors.split('\n').slice(0, 4).join(' | '),
      }),
    ),
  )
  return { ended, first, kill: () => child.kill('SIGKILL') }
}

/** Killed at file calls of a backup, of a restore, of going back: the old or the new, whole, and what was made before stays. */
export async function kills(ground: Ground): Promise<void> {
  const { options, tally, random, copy, empty, lose } = ground
  const mutant = options.mutant?.name ?? null
  const base = copy('killed')
  const first = await house(base, { nowMs: Date.now() - 60_000 })
  const made = await first.backup.create({ withMedia: true })
  if (!made.ok) throw new Error(made.error.message)
  change(first, 'since')
  first.storage.close()
  for (const action of ['create', 'restore', 'back'] as const) {
    if (action === 'back') {
      const here = await house(base)
      if (!(await restore(here, made.value.fileName)).ok) lose('restore', 'is refused')
      here.storage.close()
    }
    const ready = empty('ready')
    cpSync(base, ready, { recursive: true })
    const again = (): void => {
      rmSync(base, { recursive: true, force: true })
      cpSync(ready, base, { recursive: true })
    }
    const { calls, errors } = await start(base, action, 0, '', mutant).ended
    if (errors) lose(action, errors)
    const points = random.sample(
      Array.from({ length: calls }, (_, index) => index + 1),
      options.quick ? 3 : 80,
    )
    for (const at of points) {
      again()
      const { killed, acked } = await start(base, action, at, '', mutant).ended
      tally.points += 1
      tally.faults += Number(killed)
      tally.states += 1
      const where = `${action}, killed at file call ${at} of ${calls}`
      const here = await house(base, { nowMs: later() })
      // As a start does.
      await reviveWhenInUse(here.place, here.storage, async () => {})
      await here.backup.recover()
      const listed = await here.backup.list()
      if (!listed.ok) lose(where, listed.error.message)
      for (const name of [made.value.fileName, ...acked.filter((one) => one.endsWith('.inkwell-backup'))])
        if (!listed.ok || !listed.value.some(({ fileName }) => fileName === name)) lose(where, `${name} is gone`)
      for (const { fileName } of listed.ok ? listed.value : [])
        if (!(await here.backup.verify({ fileName })).ok) lose(where, `${fileName} is listed, and is no good`)
      const restored = here.place.profilePath !== base
      if (action === 'create' ? restored : acked.length > 0 && restored !== (action === 'restore'))
        lose(where, 'another profile is in use')
      // What was done since the backup is in the old profile, and only there.
      const since = changesIn(here, 'since').whole.length === 1
      if (since === restored) lose(where, `a part of a profile is in use: ${restored ? 'restored' : 'the old'}`)
      try {
        change(here, `after-${at}`)
      } catch (error) {
        lose(where, `the profile in use takes no changes: ${(error as Error).message}`)
      }
      if (litterIn(base).length > 0) lose(where, `${litterIn(base).join(', ')} lies about`)
      here.storage.close()
      if (options.mutant && tally.losses.length > 0) return
    }
    again()
  }
}

/** Two back up while four write: each backup is of one moment, holds what was acknowledged before it, and stays. */
export async function together(ground: Ground): Promise<void> {
  const { options, tally, copy, empty, lose } = ground
  const mutant = options.mutant?.name ?? null
  const base = copy('together')
  const each = options.quick ? 2 : 25
  const writers = ['a', 'b', 'c', 'd'].map((name) => start(base, 'keep-writing', 0, name, mutant))
  await Promise.all(writers.map(({ first }) => first))
  const made = await Promise.all(
    [1, 2].map((number) => start(base, 'keep-backing-up', each, String(number), mutant).ended),
  )
  for (const writer of writers) writer.kill()
  const written = (await Promise.all(writers.map(({ ended }) => ended))).flatMap(({ acked }) => acked)
  const names = made.flatMap(({ acked }) => acked)
  for (const { errors } of made) if (errors) lose('two at once', errors)
  tally.points += 2 * each + 4
  tally.faults += 4
  const here = await house(base, { nowMs: Date.now() })
  const kept = new Set(changesIn(here, 'w-').whole)
  const lost = written.filter((name) => !kept.has(name))
  if (lost.length > 0) lose('two at once', `${lost.length} of ${written.length} changes are gone`)
  const listed = await here.backup.list()
  const there = new Set(listed.ok ? listed.value.map(({ fileName }) => fileName) : [])
  if (new Set(names).size !== names.length) lose('two at once', 'two backups were given one name')
  for (const name of names) if (!there.has(name)) lose('two at once', `${name} is gone`)
  for (const [index, fileName] of names.entries()) {
    tally.states += 1
    const verified = await here.backup.verify({ fileName })
    if (!verified.ok) lose('two at once', `${fileName}: ${verified.error.message}`)
    if (index > 0 && options.quick) continue
    const to = empty('moment')
    const fresh = await house(to)
    cpSync(join(base, 'backups'), join(to, 'backups'), { recursive: true })
    const restored = await restore(fresh, fileName)
    fresh.storage.close()
    if (!restored.ok) {
      lose('two at once', restored.error.message)
      continue
    }
    const moment = await house(to)
    const { half } = changesIn(moment, 'w-')
    if (half > 0) lose('two at once', `${fileName} is not of one moment: ${half} changes are there in half`)
    moment.storage.close()
  }
  here.storage.close()
  await sameName(ground)
}

/** Both want the same name at the same moment: the second comes to its end between the first one's look and its rename. */
async function sameName({ tally, copy, lose }: Ground): Promise<void> {
  const base = copy('same-name')
  let second: Promise<unknown> | null = null
  const other = await house(base)
  const otherFirst = (): Promise<unknown> => {
    second ??= other.backup.create()
    return second
  }
  const one = await house(base, {
    fs: {
      ...systemFs,
      rename: async (from, to) => {
        if (String(to).endsWith('.inkwell-backup')) await otherFirst()
        return rename(from, to)
      },
      link: async (from, to) => {
        if (String(to).endsWith('.inkwell-backup')) await otherFirst()
        return systemFs.link(from, to)
      },
    },
  })
  const made = await one.backup.create()
  const beside = (await second) as typeof made | null
  tally.points += 1
  tally.states += 1
  const listed = await one.backup.list()
  const wanted = [made, beside].filter((result) => result?.ok).length
  if (!listed.ok || listed.value.length !== wanted)
    lose(
      'two in one second',
      `${wanted} backups were acknowledged, ${listed.ok ? listed.value.length : 'none'} are there`,
    )
  for (const { fileName } of listed.ok ? listed.value : []) await manifestOf(join(base, 'backups', fileName), base)
  for (const each of [one, other]) each.storage.close()
}
