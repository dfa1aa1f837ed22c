import { existsSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MergeBlock, Note, NoteVersion } from '#shared/contract/notes.ts'
import { profileInUse } from '../../../src/main/compose/profile-in-use.ts'
import { episodeCalled, episodeTitles, notesInput } from '../ground.ts'
import { filesUnder } from '../home.ts'
import type { StepOf } from './steps.ts'
import { crash, expectSame, type NoteModel, type World, Wrong } from './world.ts'

const templates = ['summary', 'quotes']
/** Texts that tell themselves: no two are alike, and each has parts that can be merged. */
const userText = (world: World, what: string): string => {
  world.model.counter += 1
  const name = `${what}-${world.model.counter}`
  return `Mine, ${name}.\n\n## Thoughts\n\nThe user thought ${name}.\n\n- one ${name}\n- two\n`
}
const wordsOf = (n: number): string => `Telling-${n}`
const textOf = (words: string): string =>
  `${words} begins.\n\n## Thoughts\n\nIt says ${words}.\n\n- one of ${words}\n- two`

async function rowOf({ home }: World, note: NoteModel): Promise<{ row: Note; path: string; beside: string | null }> {
  const episodeId = episodeCalled(home, note.episode)
  const rows = await home.ask<Note[]>('notes.list', { episodeId })
  const row = rows.find(({ templateName }) => templateName === note.template)
  if (!row) throw new Wrong(`the note ${note.template} of ${note.episode} is not known`)
  const folder = home.house.notes.folderOf(episodeId)!
  return {
    row,
    path: join(folder, row.fileName),
    beside: row.newerFileName === null ? null : join(folder, row.newerFileName),
  }
}
const isUser = (note: NoteModel): boolean => note.disk !== null && 'user' in note.disk

async function onNote(
  world: World,
  n: number,
  wanted: (note: NoteModel) => boolean,
  work: (note: NoteModel, there: Awaited<ReturnType<typeof rowOf>>) => Promise<void>,
): Promise<void> {
  const fitting = world.model.notes.filter(wanted)
  const note = fitting[n % Math.max(1, fitting.length)]
  if (!note) return
  await work(note, await rowOf(world, note))
  await compareNote(world, note)
}

/** What a new telling makes of a note, by the rules a user is told: theirs is never touched, deleted stays deleted. */
function tell(note: NoteModel, words: string): void {
  if (note.offered === words) return
  note.offered = words
  if (note.disk === null) note.newer = null
  else if ('told' in note.disk && note.disk.told === words) {
    note.base = words
    note.disk = { words }
    note.newer = null
  } else if (isUser(note)) note.newer = { words, edited: null }
  else {
    note.base = words
    note.disk = { words }
    note.newer = null
  }
}
/** What the user had there goes out of the way, and must be found again. */
function displace({ model }: World, note: NoteModel): void {
  if (note.disk && 'user' in note.disk) model.displaced.add(note.disk.user)
}

export const noteSteps = {
  async 'write-notes'(world: World, { n, words, away }: StepOf<'write-notes'>): Promise<void> {
    const { model, root } = world
    const episode = episodeTitles[n % 2]!
    const telling = wordsOf(words % 5)
    model.counter += 1
    const texts = Object.fromEntries(templates.map((template) => [template, textOf(telling)]))
    const input = notesInput(world.home, episodeCalled(world.home, episode), `run-${model.counter}`, texts)
    if (away) renameSync(join(root, 'vault'), join(root, 'vault-away'))
    const written = await world.home.house.notes.write(input)
    if (away) {
      // What was made is kept, and comes when the folder does.
      renameSync(join(root, 'vault-away'), join(root, 'vault'))
      await crash(world)
    } else if (!written.ok) throw new Wrong(`notes are not written: ${written.error.message}`)
    for (const template of templates) {
      const known = model.notes.find((note) => note.episode === episode && note.template === template)
      // An offer that the user edited is theirs, wherever the next one goes.
      if (known?.newer?.edited && known.offered !== telling) model.displaced.add(known.newer.edited)
      if (known) tell(known, telling)
      else
        model.notes.push({
          episode,
          template,
          disk: { words: telling },
          base: telling,
          offered: telling,
          newer: null,
        })
    }
    for (const note of model.notes) if (note.episode === episode) await compareNote(world, note)
  },
  'edit-note': (world: World, { n }: StepOf<'edit-note'>) =>
    onNote(
      world,
      n,
      () => true,
      async (note, { path }) => {
        const text = userText(world, 'edit')
        writeFileSync(path, text)
        note.disk = { user: text }
      },
    ),
  'edit-offer': (world: World, { n }: StepOf<'edit-offer'>) =>
    onNote(
      world,
      n,
      ({ newer }) => newer !== null,
      async (note, { beside }) => {
        note.newer!.edited = userText(world, 'offer')
        writeFileSync(beside!, note.newer!.edited)
      },
    ),
  'delete-note': (world: World, { n }: StepOf<'delete-note'>) =>
    onNote(
      world,
      n,
      ({ disk }) => disk !== null,
      async (note, { path }) => {
        unlinkSync(path)
        note.disk = null
      },
    ),
  'keep-mine': (world: World, { n }: StepOf<'keep-mine'>) =>
    onNote(
      world,
      n,
      ({ newer }) => newer !== null,
      async (note, { row, beside }) => {
        await world.home.ask('notes.keepMine', { noteId: row.id })
        // Edited it is a file of the user.
        if (note.newer!.edited) world.model.displaced.add(note.newer!.edited)
        else if (existsSync(beside!)) throw new Wrong('the refused offer is still there')
        note.newer = null
      },
    ),
  'take-new': (world: World, { n }: StepOf<'take-new'>) =>
    onNote(
      world,
      n,
      ({ newer }) => newer !== null,
      async (note, { row }) => {
        await world.home.ask('notes.takeNew', { noteId: row.id })
        await inVersions(world, note, row)
        takeNewer(world, note)
      },
    ),
  merge: (world: World, { n, takes }: StepOf<'merge'>) =>
    onNote(
      world,
      n,
      ({ newer, disk }) => newer !== null && disk !== null,
      async (note, { row, path, beside }) => {
        const [mine, newer] = [readFileSync(path, 'utf8'), readFileSync(beside!, 'utf8')]
        const { blocks, token } = await world.home.ask<{ blocks: MergeBlock[]; token: string }>('notes.compare', {
          noteId: row.id,
        })
        const differing = blocks.filter(({ kind }) => kind !== 'same')
        const choices = differing.map(({ index }, at) => ({ index, take: takes[at % takes.length]! }))
        await world.home.ask('notes.merge', { noteId: row.id, token, choices })
        const merged = readFileSync(path, 'utf8')
        for (const { index, kind, mine, newer } of blocks) {
          const take = choices.find((choice) => choice.index === index)?.take
          if ((kind === 'same' || take !== 'new') && mine !== null && !merged.includes(mine.trim()))
            throw new Wrong(`the merge lost “${mine.trim().slice(0, 60)}” of the user`)
          if (take !== undefined && take !== 'mine' && newer !== null && !merged.includes(newer.trim()))
            throw new Wrong(`the merge lost “${newer.trim().slice(0, 60)}” of the new text`)
        }
        if (existsSync(beside!)) throw new Wrong('the offer is still there after the merge')
        displace(world, note)
        if (note.newer!.edited) world.model.displaced.add(note.newer!.edited)
        if (isUser(note)) await inVersions(world, note, row)
        note.base = note.newer!.words
        note.disk = merged === newer && !note.newer!.edited ? { words: note.base } : { user: merged }
        if (merged === mine && !isUser(note)) note.disk = { user: merged }
        note.newer = null
      },
    ),
  'bring-back': (world: World, { n }: StepOf<'bring-back'>) =>
    onNote(
      world,
      n,
      ({ disk }) => disk === null,
      async (note, { row }) => {
        await world.home.ask('notes.bringBack', { noteId: row.id })
        if (note.newer) takeNewer(world, note)
        else {
          note.disk = { words: note.base }
          note.offered = note.base
        }
      },
    ),
  'restore-version': (world: World, { n, v }: StepOf<'restore-version'>) =>
    onNote(
      world,
      n,
      () => true,
      async (note, { row, path }) => {
        const versions = await world.home.ask<NoteVersion[]>('notes.versions', { noteId: row.id })
        const version = versions[v % Math.max(1, versions.length)]
        if (!version) return
        const before = new Map(filesUnder(world.home.vault))
        const { fileName } = await world.home.ask<{ fileName: string }>('notes.restoreVersion', {
          versionId: version.id,
        })
        const text = readFileSync(join(path, '..', fileName), 'utf8')
        const inPlace = fileName === row.fileName
        if (inPlace && note.disk && 'user' in note.disk && text !== note.disk.user)
          throw new Wrong('an earlier text took the place of the user’s')
        const name = join(path, '..', fileName).slice(world.home.vault.length + 1)
        if (!inPlace && before.has(name) && before.get(name)!.toString() !== text)
          throw new Wrong('an earlier text took the place of another file')
        if (!inPlace) return
        const told = text.startsWith('Mine') ? undefined : /It says (\S+)\.$/m.exec(text)?.[1]
        note.disk = told === note.base && version.origin !== 'yours-replaced' ? { words: told } : { user: text, told }
      },
    ),
} as const

/** The offer takes the place of what is there. One that the user had edited stays theirs. */
function takeNewer(world: World, note: NoteModel): void {
  const { words, edited } = note.newer!
  displace(world, note)
  note.base = words
  note.disk = edited === null ? { words } : { user: edited }
  note.newer = null
}

/** What was just taken away from the user can be had back by them. */
async function inVersions({ home }: World, note: NoteModel, row: Note): Promise<void> {
  if (note.disk === null || !('user' in note.disk)) return
  const versions = await home.ask<NoteVersion[]>('notes.versions', { noteId: row.id })
  for (const { id, origin } of versions) {
    if (origin === 'written') continue
    const { markdown } = await home.ask<{ markdown: string }>('notes.readVersion', { versionId: id })
    if (note.disk.user.trim().endsWith(markdown.trim())) return
  }
  throw new Wrong(`the user's text is not among the earlier ones: ${note.disk.user.slice(0, 30)}`)
}

export async function compareNote(world: World, note: NoteModel): Promise<void> {
  const { row, path, beside } = await rowOf(world, note)
  const where = `${note.template} of “${note.episode}”`
  const disk = existsSync(path) ? readFileSync(path, 'utf8') : null
  if (note.disk === null) expectSame(`${where} is there`, disk !== null, false)
  else if ('user' in note.disk) expectSame(`the user's ${where}`, disk, note.disk.user)
  else if (!disk?.includes(`It says ${note.disk.words}.`))
    throw new Wrong(`${where} is not what Inkwell wrote last, ${note.disk.words}: ${disk?.slice(-80)}`)
  const state = note.disk === null ? 'deleted' : isUser(note) ? 'edited' : 'current'
  expectSame(`state of ${where}`, row.state, state)
  const offer = beside && existsSync(beside) ? readFileSync(beside, 'utf8') : null
  if (note.newer?.edited) expectSame(`the offer beside ${where} that the user edited`, offer, note.newer.edited)
  else if (note.newer && !offer?.includes(`It says ${note.newer.words}.`))
    throw new Wrong(`${note.newer.words} does not stand beside ${where}: ${offer?.slice(-80)}`)
  else if (!note.newer && note.disk !== null) expectSame(`something beside ${where}`, row.newerFileName, null)
}

/** Every text of the user is somewhere, byte for byte: in the notes folder, or kept by Inkwell. */
export function findTexts({ home, model }: World): void {
  const { profilePath } = profileInUse(home.profile)
  const everywhere = [
    ...filesUnder(home.vault).values(),
    ...['blobs', 'keep'].flatMap((folder) => [...filesUnder(join(profilePath, folder)).values()]),
  ].map(String)
  const there = new Set(everywhere)
  const texts = [...model.displaced, ...model.notes.flatMap(({ disk }) => (disk && 'user' in disk ? [disk.user] : []))]
  for (const text of texts) if (!there.has(text)) throw new Wrong(`a text of the user is nowhere: ${text.slice(0, 40)}`)
}
