/**
 * The torture suite: `npm run torture` (all), `-- --quick` (a sample, part of the tests), `-- --only <family>`,
 * `-- --seed N`, `-- --json`. Exit code 1 on any loss, any planted fault that was not found, any family that tried nothing.
 */
import { randomInt } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { families, familyCalled } from './torture/families.ts'
import { leastPlanted } from './torture/family.ts'
import { bundledVictim, sharedBundle } from './torture/kill-points/bundle.ts'
import { runFamilies } from './torture/schedule.ts'
import { table } from './torture/table.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    seed: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
// A sample is the same each time, so that a red test can be seen again; the whole run looks somewhere else each night.
const seed = values.seed === undefined ? (values.quick ? 1 : randomInt(1, 2 ** 31)) : Number(values.seed)
if (!Number.isSafeInteger(seed) || seed < 0) throw new Error('--seed needs a whole number')
const chosen = values.only?.map(familyCalled) ?? families
const cores = Math.max(1, Math.min(availableParallelism(), 8))
const say = (line: string): void => void (values.json ? process.stderr : process.stdout).write(`${line}\n`)

const began = performance.now()
const elapsed = (): number => (performance.now() - began) / 1_000
say(`Torturing Inkwell: ${chosen.length} families on ${cores} cores, seed ${seed}${values.quick ? ', a sample' : ''}.`)
// So that what lies about is removed.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
if (chosen.some(({ victims }) => victims)) process.env[sharedBundle] = await bundledVictim()
const outcomes = await runFamilies(chosen, {
  quick: values.quick,
  seed,
  cores,
  report: ({ name }, line) => say(`${elapsed().toFixed(0).padStart(5)} s  ${name.padEnd(15)} ${line}`),
})
const seconds = elapsed()

const planted = outcomes.flatMap((outcome) => outcome.planted)
const idle = outcomes.filter(({ points }) => points === 0).map(({ family }) => family.name)
const tooFew = values.only === undefined && planted.length < leastPlanted
const losses = outcomes.reduce((sum, outcome) => sum + outcome.losses.length, 0)
const missed = planted.filter(({ found }) => !found)
const failed = losses > 0 || missed.length > 0 || idle.length > 0 || tooFew

if (values.json)
  process.stdout.write(
    `${JSON.stringify({
      seed,
      quick: values.quick,
      seconds,
      failed,
      families: outcomes.map(({ family, ...rest }) => ({ family: family.name, ...rest })),
    })}\n`,
  )
else say(table(outcomes, seed, seconds))
if (idle.length > 0) say(`Tried nothing: ${idle.join(', ')}.`)
if (tooFew) say(`Only ${planted.length} faults are planted; ${leastPlanted} is the least.`)
say(
  failed
    ? `FAILED: ${losses} losses, ${missed.length} planted faults not found.`
    : `Nothing lost. ${planted.length} of ${planted.length} planted faults found, in ${seconds.toFixed(0)} s.`,
)
process.exitCode = failed ? 1 : 0
