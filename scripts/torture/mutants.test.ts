import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { families } from './families.ts'
import { leastPlanted } from './family.ts'
import { editsByFile, mutants, mutantsOf, staleEdits, withFault } from './mutants.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** What Biome says of names that nobody declared, and of texts that are no program. */
function mistakesIn(sources: ReadonlyMap<string, string>): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'inkwell-planted-'))
  folders.push(folder)
  for (const [path, text] of sources) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const biome = resolve('node_modules/@biomejs/biome/bin/biome')
  const rule = '--only=correctness/noUndeclaredVariables'
  const { stdout } = spawnSync(process.execPath, [biome, 'lint', rule, '--reporter=json', '--max-diagnostics=none'], {
    cwd: folder,
    encoding: 'utf8',
  })
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { message: string; location: { path: string } }[] }
  return diagnostics.map(({ message, location }) => `${location.path}: ${message}`)
}

describe('planted faults', () => {
  it('are each in the sources as they are now', () => {
    expect(mutants.flatMap((mutant) => staleEdits(mutant).map((file) => `${mutant.name}: ${file}`))).toEqual([])
  })

  it('leave a program whose names are all declared: it must fail by its fault, not by a mistake in it', () => {
    const sources = new Map(
      mutants.flatMap((mutant) =>
        [...editsByFile(mutant)].map(([file, edits]): [string, string] => [
          join(mutant.name, file),
          withFault(readFileSync(file, 'utf8'), edits)!,
        ]),
      ),
    )
    expect(mistakesIn(sources)).toEqual([])
  })

  it('would be seen if they named what is not there, or were no program', () => {
    expect(mistakesIn(new Map([['one.ts', 'renameWaiting()\n']]))).toHaveLength(1)
    expect(mistakesIn(new Map([['one.ts', 'const = 1\n']]))).not.toEqual([])
  })

  it('have names of their own, and families that are there', () => {
    const names = mutants.map(({ name }) => name)
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
    const known = families.map(({ name }) => name)
    expect(mutants.flatMap((mutant) => mutant.families).filter((name) => !known.includes(name))).toEqual([])
  })

  it('are enough for the sample too, with one at least of each family', () => {
    const sampled = families.map(({ name }) => mutantsOf(name, true).length)
    expect(Math.min(...sampled)).toBeGreaterThan(0)
    expect(sampled.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(leastPlanted)
  })
})
