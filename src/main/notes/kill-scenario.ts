import { readdir, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { draft, type House } from './notes-testing.ts'

/** One folder with a note in every state that a write can meet. */
export const userTexts = {
  'edited.md': 'My own words.',
  'argued.md': 'Mine, with an offer.',
  'diary.md': 'Not of Inkwell.',
}
const before = ['current', 'edited', 'argued', 'deleted']

export async function prepare({ notes, input, vault }: House): Promise<void> {
  await orThrow(
    notes.write(
      input(
        before.map((name) => draft(name, `First ${name}.`)),
        'run-1',
      ),
    ),
  )
  const folder = await onlyFolder(vault)
  for (const [name, text] of Object.entries(userTexts)) await writeFile(join(folder, name), text)
  await unlink(join(folder, 'deleted.md'))
  await orThrow(notes.write(input([draft('argued', 'Second argued.')], 'run-2')))
  await notes.settled()
}

/** The write that is killed. */
export const lastWrite = ({ notes, input }: House) =>
  notes.write(
    input(
      [...before, 'missing'].map((name) => draft(name, `Last ${name}.`)),
      'run-3',
    ),
  )

export async function onlyFolder(vault: string): Promise<string> {
  const [podcast] = await readdir(vault)
  const [name] = await readdir(join(vault, podcast!))
  return join(vault, podcast!, name!)
}

async function orThrow(result: Promise<{ ok: boolean; error?: { message: string } }>): Promise<void> {
  const { ok, error } = await result
  if (!ok) throw new Error(error?.message)
}
