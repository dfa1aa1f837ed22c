import { readFileSync } from 'node:fs'
import type { Edit, Mutant } from './family.ts'
import { backupsMutants } from './mutants/backups.ts'
import { damageMutants } from './mutants/damage.ts'
import { filesMutants } from './mutants/files.ts'
import { fuzzMutants } from './mutants/fuzz.ts'
import { manyMutants } from './mutants/many.ts'
import { migrationsMutants } from './mutants/migrations.ts'
import { modelMutants } from './mutants/model.ts'
import { notesMutants } from './mutants/notes.ts'
import { storageMutants } from './mutants/storage.ts'

/** Every planted fault; families name the ones that are theirs. Plain data: the hooks load it before anything else. */
export const mutants: readonly Mutant[] = [
  ...storageMutants,
  ...filesMutants,
  ...notesMutants,
  ...migrationsMutants,
  ...backupsMutants,
  ...damageMutants,
  ...manyMutants,
  ...modelMutants,
  ...fuzzMutants,
]

export function findMutant(name: string): Mutant {
  const found = mutants.find((mutant) => mutant.name === name)
  if (!found) throw new Error(`no planted fault is called ${name}`)
  return found
}

/** The text with the fault in it; null when its place is not there any more, or not only once. */
export function withFault(text: string, edits: readonly Edit[]): string | null {
  let changed = text
  for (const { find, put } of edits) {
    if (changed.split(find).length !== 2) return null
    changed = changed.replace(find, () => put)
  }
  return changed
}

export const editsByFile = ({ edits }: Mutant): Map<string, Edit[]> => Map.groupBy(edits, ({ file }) => file)

/** Files that went on without it. */
export const staleEdits = (mutant: Mutant): string[] =>
  [...editsByFile(mutant)].flatMap(([file, edits]) => {
    try {
      const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
      return withFault(text, edits) === null ? [file] : []
    } catch {
      return [file]
    }
  })

/** Those that a family must find. @param sample only what the sample hunts */
export const mutantsOf = (family: string, sample = false): Mutant[] =>
  mutants.filter(({ families, quick }) => families.includes(family) && (quick === true || !sample))
