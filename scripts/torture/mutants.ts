import { readFileSync } from 'node:fs'
import type { Mutant } from './family.ts'
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

/** The sources went on without it: the place it changes is not there any more, or not only once. */
export function staleEdits(mutant: Mutant): string[] {
  return mutant.edits
    .filter(({ file, find }) => {
      try {
        return readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8').split(find).length !== 2
      } catch {
        return true
      }
    })
    .map(({ file }) => file)
}

/** Those that a family must find. */
export const mutantsOf = (family: string): Mutant[] => mutants.filter(({ families }) => families.includes(family))
