import { createHash } from 'node:crypto'
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { draft, transcript } from '../../notes/notes-testing.ts'
import { type HealthHouse, rot } from '../health-testing.ts'
import type { Fault } from './fault.ts'

/** The episode's folder. */
const folder = ({ house }: HealthHouse): string =>
  house.storage.get<{ path: string }>(
    "SELECT vault_path || '/' || podcast || '/' || name AS path FROM note_folders LIMIT 1",
  )!.path
const file = (house: HealthHouse, name: string): string => join(folder(house), name)

export const noteFaults: readonly Fault[] = [
  {
    name: 'a rotten note',
    inject: (house) => rot(file(house, 'quotes.md')),
    finds: 'notes/damaged',
    mends: true,
  },
  {
    name: 'a rotten .metadata.yaml',
    inject: (house) => rot(file(house, '.metadata.yaml')),
    finds: 'notes/damaged',
    mends: true,
  },
  {
    name: 'a note is gone',
    inject: (house) => rmSync(file(house, 'quotes.md')),
    finds: 'notes/missing',
    quick: true,
    mends: true,
  },
  {
    name: 'the folder of an episode is gone',
    inject: (house) => rmSync(folder(house), { recursive: true }),
    finds: 'notes/missing',
    quick: true,
    mends: true,
  },
  {
    name: 'a note has another name',
    inject: (house) => renameSync(file(house, 'quotes.md'), file(house, 'What was said.md')),
    finds: 'notes/renamed',
    quick: true,
    mends: true,
  },
  {
    name: 'the folder of an episode has another name',
    inject: (house) => renameSync(folder(house), join(folder(house), '..', 'A talk about tides')),
    finds: 'notes/renamed',
    quick: true,
    mends: true,
  },
  {
    name: 'a note was moved elsewhere',
    inject: (house) => {
      mkdirSync(join(house.vault, 'Drafts'))
      renameSync(file(house, 'quotes.md'), join(house.vault, 'Drafts', 'for the talk.md'))
    },
    finds: 'notes/renamed',
    quick: true,
    mends: true,
  },
  {
    name: 'a note was moved into the notes folder itself',
    inject: (house) => renameSync(file(house, 'quotes.md'), join(house.vault, 'quotes.md')),
    finds: 'notes/renamed',
    quick: true,
    mends: true,
  },
  {
    name: 'a note was moved, and there are two copies of it',
    inject: (house) => {
      const text = readFileSync(file(house, 'quotes.md'))
      rmSync(file(house, 'quotes.md'))
      for (const name of ['One.md', 'Other.md']) writeFileSync(join(house.vault, name), text)
    },
    finds: 'notes/ambiguous',
    quick: true,
    mends: false,
  },
  {
    name: 'the notes folder is away',
    inject: ({ vault }) => renameSync(vault, `${vault}-unplugged`),
    finds: 'notes/vault',
    quick: true,
    mends: false,
  },
  {
    name: 'a second copy by Syncthing',
    inject: (house) => writeFileSync(file(house, 'quotes.sync-conflict-20261123-101500-ABCDEFG.md'), 'theirs'),
    finds: 'notes/conflict-copies',
    mends: false,
  },
  {
    name: 'a second copy by Dropbox',
    inject: (house) => writeFileSync(file(house, "quotes (Ada's conflicted copy 2026-11-23).md"), 'theirs'),
    finds: 'notes/conflict-copies',
    mends: false,
  },
  {
    name: 'a file that a killed write left in the vault',
    inject: (house) => writeFileSync(file(house, '.~inkwell-abc123-0123456789ab.tmp'), 'half a no'),
    finds: 'notes/leftovers',
    mends: true,
  },
  {
    name: 'notes that wait for a folder that was away',
    inject: async ({ house, vault, outside }) => {
      const episodeId = house.storage.get<{ id: string }>('SELECT episode_id AS id FROM note_folders LIMIT 1')!.id
      renameSync(vault, `${vault}-unplugged`)
      const written = await house.notes.write({
        episodeId,
        runId: 'run-3',
        vaultPath: vault,
        drafts: [draft('people', 'Ada and Ben.')],
        transcript: { ...transcript, episodeId },
        chapters: [],
      })
      if (written.ok) throw new Error('it was written to a folder that is away')
      renameSync(`${vault}-unplugged`, vault)
      outside.aheadMs = 10 * 60_000
    },
    finds: 'notes/waiting',
    quick: true,
    mends: true,
  },
]

/** What is the user's own affair: no finding. */
export const notFaults: readonly { name: string; inject(house: HealthHouse): void | Promise<void> }[] = [
  {
    name: 'a note that the user edited',
    inject: (house) => writeFileSync(file(house, 'quotes.md'), '# Mine\n\nAll of it.\n'),
  },
  { name: 'a file of the user in the folder', inject: (house) => writeFileSync(file(house, 'thoughts.md'), 'mine') },
  { name: 'a file of the user elsewhere', inject: ({ vault }) => writeFileSync(join(vault, 'Diary.md'), 'mine') },
  {
    name: 'a file that is being written now',
    inject: ({ profile }) => {
      const shelf = readdirSync(join(profile, 'blobs'))[0]!
      writeFileSync(join(profile, 'blobs', shelf, '.~inkwell-blob-0123456789ab.tmp'), 'being writ')
    },
  },
  {
    name: 'a displaced file that an editor still saves to',
    inject: ({ profile }) => {
      const [first] = readdirSync(join(profile, 'keep'))
      appendFileSync(join(profile, 'keep', first!), 'A last sentence.\n')
    },
  },
  {
    name: 'the earlier picture of a feed that has a new one',
    inject: ({ profile }) => {
      const sha = createHash('sha256').update('earlier').digest('hex')
      writeFileSync(join(profile, 'artwork', `${sha}.png`), 'earlier')
      const then = new Date(Date.now() - 20 * 86_400_000)
      utimesSync(join(profile, 'artwork', `${sha}.png`), then, then)
    },
  },
  {
    name: 'a recording that is being taken in now',
    inject: ({ profile }) => writeFileSync(join(profile, 'media', `${'2'.repeat(64)}.mp3`), 'sound'),
  },
]
