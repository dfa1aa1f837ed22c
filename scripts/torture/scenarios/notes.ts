import { mkdirSync, readdirSync, renameSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { episodeCalled, episodeTitles, notesInput } from '../ground.ts'
import { filesUnder, type Home } from '../home.ts'
import type { Scenario } from '../scenario.ts'

const [tides, signals] = episodeTitles
const notesUnder = ({ vault }: Home): Map<string, string> =>
  new Map(
    [...filesUnder(vault)]
      .filter(([name]) => name.startsWith('Your files and texts/'))
      .map(([name, bytes]) => [name.split('/').at(-1)!, bytes.toString()]),
  )
const write = async (home: Home, title: string, run: string, texts: Record<string, string>): Promise<void> => {
  const result = await home.house.notes.write(notesInput(home, episodeCalled(home, title), run, texts))
  if (!result.ok) throw new Error(result.error.message)
}
const outcomes = (home: Home): Map<string, string> =>
  new Map(
    home.house.storage
      .all<{ file_name: string; state: string }>('SELECT file_name, state FROM note_files')
      .map(({ file_name, state }) => [file_name, state]),
  )

const fresh = { summary: 'The first summary of all.', quotes: '“A quote”, said Ada.' }

export const writeNotes: Scenario = {
  name: 'write-notes',
  async prepare() {},
  async act(home, ack) {
    const { ok } = await home.house.notes.write(notesInput(home, episodeCalled(home, tides), 'run-1', fresh))
    if (ok) ack('written')
  },
  async check(home, acked) {
    const notes = notesUnder(home)
    const known = outcomes(home)
    // Once the intent is in the database everything comes, whether it was acknowledged or not.
    if (known.size === 0) {
      const litter = [...notes.keys()].map((name) => `nobody asked for ${name}`)
      return acked.includes('written') ? ['the acknowledged notes are not known', ...litter] : litter
    }
    return Object.entries({ ...fresh, _transcript: 'Welcome to Tides.', '.metadata': '' }).flatMap(([name, text]) => {
      const file = [...notes].find(([fileName]) => fileName.startsWith(name))
      return file?.[1].includes(text) ? [] : [`${name} is not in the notes folder as it was made`]
    })
  },
}

const mine = { edited: '# Mine\n\nMy own words.\n', argued: 'Mine, with an offer.\n' }
const before = ['current', 'edited', 'argued', 'deleted'] as const
const all = (word: string, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, `${word} ${name}.`]))

/** A note in every state that a write can meet: as it was written, edited, edited with an offer beside, deleted, new. */
export const regenerateNotes: Scenario = {
  name: 'regenerate-notes',
  touched: ['edited.md', 'argued.md', 'deleted.md'],
  async prepare(home) {
    await write(home, signals, 'run-1', all('First', before))
    const folder = home.house.notes.folderOf(episodeCalled(home, signals))!
    for (const [name, text] of Object.entries(mine)) writeFileSync(join(folder, `${name}.md`), text)
    mkdirSync(join(folder, 'Attached'))
    writeFileSync(join(folder, 'Attached', 'sketch.md'), 'A sketch of mine.')
    unlinkSync(join(folder, 'deleted.md'))
    await write(home, signals, 'run-2', all('Second', ['argued']))
  },
  async act(home, ack) {
    const texts = all('Last', [...before, 'missing'])
    const { ok } = await home.house.notes.write(notesInput(home, episodeCalled(home, signals), 'run-3', texts))
    if (ok) ack('written')
  },
  async check(home, acked) {
    const notes = notesUnder(home)
    const losses: string[] = []
    for (const [name, text] of Object.entries(mine))
      if (notes.get(`${name}.md`) !== text) losses.push(`the user's text of ${name}.md is not there as it was`)
    if (notes.get('sketch.md') !== 'A sketch of mine.') losses.push('a file of the user below the notes is changed')
    if (notes.has('deleted.md')) losses.push('a note that the user deleted is there again')
    const committed = home.house.storage.get("SELECT 1 FROM note_intents WHERE run_id = 'run-3'") !== undefined
    if (!committed && acked.includes('written')) losses.push('the acknowledged notes are not known')
    const word = committed ? 'Last' : 'First'
    if (!notes.get('current.md')?.includes(`${word} current.`)) losses.push(`current.md does not hold “${word} …”`)
    if (notes.has('missing.md') !== committed) losses.push(`missing.md is ${committed ? 'not there' : 'there'}`)
    if (committed) {
      const offers = [...notes].filter(([name]) => name.includes('(new '))
      for (const name of ['edited', 'argued'])
        if (!offers.some(([file, text]) => file.startsWith(name) && text.includes(`Last ${name}.`)))
          losses.push(`no new text of ${name} stands beside it`)
    }
    return losses
  },
}

/** A run that was killed in the middle is brought to its end: this is what is killed again. */
export const recoverNotes: Scenario = {
  ...regenerateNotes,
  name: 'recover-notes',
  async prepare(home) {
    await regenerateNotes.prepare(home)
    const folder = home.house.notes.folderOf(episodeCalled(home, signals))!
    // The intent is durable, the vault is away: as after a kill at the commit point.
    const away = `${home.vault}-away`
    renameSync(home.vault, away)
    await regenerateNotes.act(home, () => {})
    renameSync(away, home.vault)
    if (readdirSync(folder).includes('missing.md')) throw new Error('the vault was not away')
  },
  async act(home, ack) {
    await home.house.notes.recover()
    ack('written')
  },
}
