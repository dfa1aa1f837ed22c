import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { profileInUse, restoredMark, writePointer } from '../../../src/main/compose/profile-in-use.ts'
import { createLibrary } from '../../../src/main/templates/library.ts'
import type { Kind } from './kind.ts'

/** Which profile is in use, with others beside it whose names differ by one bit. */
export async function pointerKind(scratch: string): Promise<Kind> {
  const base = join(scratch, 'base')
  const stamps = ['20261123T030000000Z', '20261123T030000001Z', '20261123T030000004Z']
  for (const place of ['.', ...stamps.map((stamp) => `restored/${stamp}`)]) {
    mkdirSync(join(base, place), { recursive: true })
    writeFileSync(join(base, place, 'inkwell.db'), 'x')
    writeFileSync(join(base, place, restoredMark), '{}')
  }
  await writePointer(base, {
    path: `restored/${stamps[0]}`,
    previous: '.',
    older: [`restored/${stamps[1]}`],
    forgetting: [],
    switchedAtMs: Date.UTC(2026, 10, 23, 3),
  })
  const path = join(base, 'current-profile.json')
  const before = profileInUse(base)
  return {
    name: 'current-profile.json',
    bytes: readFileSync(path),
    sample: 300,
    judge(damaged) {
      writeFileSync(path, damaged)
      const after = profileInUse(base)
      if (after.problem !== null) return { outcome: 'named' }
      return isDeepStrictEqual(after, before)
        ? { outcome: 'harmless' }
        : { outcome: 'silent', words: `it leads elsewhere: ${JSON.stringify(after.pointer)}` }
    },
  }
}

const template = `name: my-template
version: "1.2"
description: What I ask of every talk
category: notes
system_prompt: You read carefully.
user_prompt_template: |
  Write down what was said of {{ topic }} in {{ transcript }}.
expected_format: markdown
priority: 40
max_tokens: 1500
temperature: 0.2
variables:
  - name: topic
    description: What to look for
    default: tides
`

/** People edit these by hand: what reads well is theirs; what does not is said, and the file stays. */
export function templateKind(scratch: string): Kind {
  const [none, own] = [join(scratch, 'no-templates'), join(scratch, 'templates')]
  for (const folder of [none, own]) mkdirSync(folder)
  const path = join(own, 'my-template.yaml')
  writeFileSync(path, template)
  const library = createLibrary(none, own)
  const [before] = library.entries()
  if (!before?.file) throw new Error(before?.problem ?? 'no template')
  return {
    name: 'template',
    bytes: Buffer.from(template),
    sample: 300,
    judge(damaged) {
      writeFileSync(path, damaged)
      const [after] = library.entries()
      if (!after?.file)
        return after?.problem ? { outcome: 'refused' } : { outcome: 'silent', words: 'it is gone, unsaid' }
      return { outcome: isDeepStrictEqual(after.file, before.file) ? 'harmless' : 'edited' }
    },
  }
}
