import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { appendFileSync, mkdirSync, readdirSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { flipByte, type HealthHouse, rot } from '../health-testing.ts'
import type { Fault } from './fault.ts'

const blob = ({ house, profile }: HealthHouse, sql: string): string => {
  const sha = house.storage.get<{ sha: string }>(sql)!.sha
  return join(profile, 'blobs', sha.slice(0, 2), sha)
}
const inVault = "SELECT base_sha256 AS sha FROM note_files WHERE template_name = 'quotes'"
const inHistory = 'SELECT sha256 AS sha FROM note_history LIMIT 1'
const noteOf = ({ house }: HealthHouse): string =>
  house.storage.get<{ path: string }>(
    `SELECT d.vault_path || '/' || d.podcast || '/' || d.name || '/' || f.file_name AS path FROM note_files f
     JOIN note_folders d ON d.id = f.folder_id WHERE f.template_name = 'quotes'`,
  )!.path
/** Of a displaced file whose text no other row names. */
const keptRow = ({ house }: HealthHouse): { id: string; sha256: string } =>
  house.storage.get(
    `SELECT id, sha256 FROM note_kept k WHERE NOT EXISTS (SELECT 1 FROM note_history WHERE sha256 = k.sha256)
     AND NOT EXISTS (SELECT 1 FROM note_files WHERE k.sha256 IN (base_sha256, newer_sha256)) ORDER BY id LIMIT 1`,
  )!
const displaced = (house: HealthHouse): string => join(house.profile, 'keep', keptRow(house).id)
const only = ({ profile }: HealthHouse, folder: string, ending: string): string =>
  join(profile, folder, readdirSync(join(profile, folder)).find((name) => name.endsWith(ending))!)
const picture = ({ house }: HealthHouse): string =>
  house.artworkFile(house.storage.get<{ id: string }>('SELECT id FROM feeds WHERE artwork_sha256 IS NOT NULL')!.id)!
    .path
const old = (path: string, text = 'left', days = 2): void => {
  writeFileSync(path, text)
  const then = new Date(Date.now() - days * 86_400_000)
  utimesSync(path, then, then)
}
const sql =
  (line: string) =>
  ({ raw }: HealthHouse): void =>
    raw((database) => database.exec(line))

export const fileFaults: readonly Fault[] = [
  {
    name: 'a rotten transcript of a publisher',
    inject: sql(
      "UPDATE transcripts SET segments_json = replace(segments_json, 'river', 'rivet') WHERE source = 'publisher'",
    ),
    finds: 'caches/transcripts',
    quick: true,
    mends: true,
  },
  {
    name: 'a rotten transcript that the user gave',
    inject: sql("UPDATE transcripts SET segments_json = replace(segments_json, 'tide', 'tidy') WHERE source = 'file'"),
    finds: 'caches/transcripts-given',
    quick: true,
    mends: true,
  },
  {
    name: 'a transcript cut short',
    inject: sql("UPDATE transcripts SET segments_json = substr(segments_json, 1, 40) WHERE source = 'publisher'"),
    finds: 'caches/transcripts',
    quick: true,
    mends: true,
  },
  {
    name: 'a rotten text of a note that stands in the vault',
    inject: (house) => flipByte(blob(house, inVault)),
    finds: 'caches/texts',
    mends: true,
  },
  {
    name: 'a missing text of a note that stands in the vault',
    inject: (house) => rmSync(blob(house, inVault)),
    finds: 'caches/texts',
    quick: true,
    mends: true,
  },
  {
    name: 'a pipe in the place of a text of a note that stands in the vault',
    inject: (house) => {
      const path = blob(house, inVault)
      rmSync(path)
      // Windows has none.
      if (process.platform !== 'win32') execFileSync('mkfifo', [path])
    },
    finds: 'caches/texts',
    quick: true,
    mends: true,
  },
  {
    name: 'an empty text of a note that stands in the vault',
    inject: (house) => truncateSync(blob(house, inVault), 0),
    finds: 'caches/texts',
    quick: true,
    mends: true,
  },
  {
    name: 'a rotten earlier text that stands nowhere else',
    inject: (house) => flipByte(blob(house, inHistory)),
    finds: 'caches/texts-lost',
    mends: true,
  },
  {
    name: 'the text of an edited note, that stands nowhere else, is gone',
    inject: (house) => {
      appendFileSync(noteOf(house), 'Mine too.\n')
      rmSync(blob(house, inVault))
    },
    finds: 'caches/texts-lost',
    quick: true,
    mends: true,
  },
  {
    name: 'a rotten displaced text',
    inject: (house) => rot(displaced(house)),
    finds: 'caches/displaced',
    mends: true,
  },
  {
    name: 'a byte of a displaced text changed by hand',
    inject: (house) => flipByte(displaced(house)),
    finds: 'caches/displaced',
    mends: true,
  },
  {
    name: 'an empty displaced text',
    inject: (house) => truncateSync(displaced(house), 0),
    finds: 'caches/displaced',
    mends: true,
  },
  {
    name: 'a displaced text is gone',
    inject: (house) => rmSync(displaced(house)),
    finds: 'caches/displaced',
    quick: true,
    mends: true,
  },
  {
    name: 'a displaced text is gone, and stands nowhere else',
    inject: (house) => {
      const { sha256 } = keptRow(house)
      rmSync(displaced(house))
      rmSync(join(house.profile, 'blobs', sha256.slice(0, 2), sha256))
    },
    finds: 'caches/displaced-lost',
    quick: true,
    mends: true,
  },
  {
    name: 'a rotten text that nothing uses',
    inject: ({ profile }) => {
      mkdirSync(join(profile, 'blobs', 'ab'), { recursive: true })
      writeFileSync(join(profile, 'blobs', 'ab', `ab${'0'.repeat(62)}`), 'another text')
    },
    finds: 'caches/texts-unused',
    mends: true,
  },
  {
    name: 'a picture is gone',
    inject: (house) => rmSync(picture(house)),
    finds: 'caches/artwork',
    quick: true,
    mends: true,
  },
  {
    name: 'a rotten picture',
    inject: (house) => flipByte(picture(house)),
    finds: 'caches/artwork',
    mends: true,
  },
  {
    name: 'a damaged picture that no feed shows',
    inject: ({ profile }) => old(join(profile, 'artwork', `${'3'.repeat(64)}.png`)),
    finds: 'caches/artwork-unused',
    mends: true,
  },
  {
    name: 'a picture that no feed has shown for long',
    inject: ({ profile }) => {
      const sha = createHash('sha256').update('left').digest('hex')
      old(join(profile, 'artwork', `${sha}.png`), 'left', 101)
    },
    finds: 'caches/artwork-unused',
    quick: true,
    mends: true,
  },
  {
    name: 'a finished step of a job that cannot be read',
    inject: sql('UPDATE job_steps SET result_json = \'{"done":\''),
    finds: 'caches/job-steps-result',
    quick: true,
    mends: true,
  },
  {
    name: 'a job whose parameters cannot be read',
    inject: sql("UPDATE jobs SET params_json = 'torn'"),
    finds: 'caches/jobs-params',
    quick: true,
    mends: true,
  },
  {
    name: 'chapters of an episode that cannot be read',
    inject: sql("UPDATE episodes SET chapters_json = '[{' WHERE title = 'A talk'"),
    finds: 'caches/episodes-chapters',
    mends: true,
  },
  {
    name: 'a file that a write of texts left behind',
    inject: ({ profile }) => {
      mkdirSync(join(profile, 'blobs', 'ab'), { recursive: true })
      old(join(profile, 'blobs', 'ab', '.~inkwell-blob-0123456789ab.tmp'))
    },
    finds: 'caches/leftovers',
    mends: true,
  },
  {
    name: 'a copy of the database that was not finished',
    inject: ({ profile }) => old(join(profile, 'inkwell.db.before-v9.4242.tmp')),
    finds: 'caches/leftovers',
    quick: true,
    mends: true,
  },
  {
    name: 'a recording is gone',
    inject: (house) => rmSync(only(house, 'media', '.mp3')),
    finds: 'recordings/missing',
    quick: true,
    mends: true,
  },
  {
    name: 'an empty recording',
    inject: (house) => truncateSync(only(house, 'media', '.mp3'), 0),
    finds: 'recordings/damaged',
    quick: true,
    mends: true,
  },
  {
    name: 'a rotten recording',
    inject: (house) => flipByte(only(house, 'media', '.mp3')),
    finds: 'recordings/damaged',
    mends: true,
  },
  {
    name: 'a recording that no episode names',
    inject: ({ profile }) => old(join(profile, 'media', `${'1'.repeat(64)}.mp3`)),
    finds: 'recordings/stray',
    quick: true,
    mends: false,
  },
  {
    name: 'a copy of a recording that was not finished',
    inject: ({ profile }) => old(join(profile, 'media', '.incoming-4242-0123456789abcdef')),
    finds: 'recordings/leftovers',
    quick: true,
    mends: true,
  },
]
