/** One process of one family: `node run-family.ts <task as JSON>`. Says what it does on standard output, a JSON object a line. */
import { mkdirSync, mkdtempSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { describe } from './describe.ts'
import { familyCalled } from './families.ts'
import { type FamilyResult, nothing } from './family.ts'
import { unusedEdits } from './hooks.ts'
import { findMutant } from './mutants.ts'
import { processorSeconds, temporaryFolder } from './processes.ts'

export interface Task {
  readonly family: string
  readonly quick: boolean
  readonly seed: number
  readonly share: { readonly index: number; readonly of: number }
  readonly mutant: string | null
}
export type Message =
  | { readonly report: string }
  | { readonly result: FamilyResult; readonly unused: readonly string[]; readonly processorSeconds: number }

const say = (message: Message): void => void process.stdout.write(`${JSON.stringify(message)}\n`)
const task = JSON.parse(process.argv[2]!) as Task
const scratch = mkdtempSync(join(temporaryFolder(), 'inkwell-torture-'))
mkdirSync(scratch, { recursive: true })
const leave = (): void => rmSync(scratch, { recursive: true, force: true, maxRetries: 3 })
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    leave()
    // Else nobody knows why it ended.
    writeSync(process.stderr.fd, `ended by ${signal}\n`)
    process.exit(1)
  })

let result: FamilyResult
try {
  const work = await familyCalled(task.family).load()
  result = await work.run({
    ...task,
    mutant: task.mutant === null ? null : findMutant(task.mutant),
    scratch,
    report: (line) => say({ report: line }),
  })
} catch (error) {
  const broken = `the family itself failed: ${describe(error)}`
  result = { ...nothing, losses: [broken], broken }
}
leave()
say({ result, unused: unusedEdits(), processorSeconds: processorSeconds() })
process.exit(0)
