import type { Scenario } from '../scenario.ts'
import { saveExchange } from './interview.ts'
import { makeBackup, migrate, restoreBackup, sweepOld } from './keeping.ts'
import { appendCharges, changeSettings, editFeeds, importFeeds, rotateSecret } from './lists.ts'
import { recoverNotes, regenerateNotes, writeNotes } from './notes.ts'

export const scenarios: readonly Scenario[] = [
  editFeeds,
  importFeeds,
  changeSettings,
  rotateSecret,
  appendCharges,
  saveExchange,
  writeNotes,
  regenerateNotes,
  recoverNotes,
  sweepOld,
  migrate,
  makeBackup,
  restoreBackup,
]
export function scenarioCalled(name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name)
  if (!found) throw new Error(`no scenario is called ${name}`)
  return found
}
