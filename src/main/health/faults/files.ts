import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { flipByte, type HealthHouse } from '../health-testing.ts'
import type { Fault } from './fault.ts'

const blob = ({ house, profile }: HealthHouse, sql: string): string => {
  const sha = house.storage.get<{ sha: string }>(sql)!.sha
  return join(profile, 'blobs', sha.slice(0, 2), sha)
}
const inVault = "SELECT base_sha256 AS sha FROM note_files WHERE template_name = 'quotes'"
const inHistory = 'SELECT sha256 AS sha FROM note_history LIMIT 1'
const only = ({ profile }: HealthHouse, folder: string, ending: string): string =>
  join(profile, folder, readdirSync(join(profile, folder)).find((name) => name.endsWith(ending))!)
const picture = ({ house }: HealthHouse): string =>
  house.artworkFile(house.storage.get<{ id: string }>('SELECT id FROM feeds WHERE artwork_sha256 IS NOT NULL')!.id)!
    .path
const old = (path: string, text = 'left'): void => {
  writeFileSync(path, text)
  const then = new Date(Date.now() - 2 * 86_400_000)
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
    mends: false,
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
    mends: false,
  },
  {
    name: 'a rotten recording',
    inject: (house) => flipByte(only(house, 'media', '.mp3')),
    finds: 'recordings/damaged',
    mends: false,
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
