import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import { SpeechModel } from '#shared/contract/speech.ts'

/** Failsafe: every scalar is a string. */
const whole = z.string().regex(/^\d+$/).transform(Number)
const CatalogueFile = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,80}$/),
  bytes: z.string().regex(/^~?\d+$/),
  sha256: z.string().regex(/^(?:[0-9a-f]{64}|null)$/),
  url: z.url(),
})
const Entry = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,60}$/),
  title: z.string(),
  family: SpeechModel.shape.family,
  licence: z.string(),
  speed: z.union([
    whole,
    z
      .string()
      .regex(/^\d+\.\d+$/)
      .transform(Number),
  ]),
  languages: z.array(z.string()),
  files: z.array(CatalogueFile).min(1),
})

export interface ModelFile {
  readonly name: string
  readonly url: string
  readonly bytes: number
  /** False where only the rounded size is known. */
  readonly isExact: boolean
  /** Null: recorded from the first download. */
  readonly sha256: string | null
}
export interface CatalogueModel {
  readonly id: string
  readonly title: string
  readonly family: SpeechModel['family']
  readonly licence: string
  /** Work for a second of talk, as a multiple of the first model's. */
  readonly speed: number
  readonly languages: readonly string[]
  readonly files: readonly ModelFile[]
  readonly bytes: number
}
export type Catalogue = readonly CatalogueModel[]

/** Reads the list of models that comes with Inkwell. Throws when it is not as it should be: then the build is wrong. */
export function readCatalogue(path: URL | string): Catalogue {
  const entries = z.array(Entry).parse(parse(readFileSync(path, 'utf8'), { schema: 'failsafe' }))
  return entries.map(({ files, ...entry }) => {
    const read = files.map(({ bytes, sha256, ...file }) => ({
      ...file,
      bytes: Number(bytes.replace('~', '')),
      isExact: !bytes.startsWith('~'),
      sha256: sha256 === 'null' ? null : sha256,
    }))
    return { ...entry, files: read, bytes: read.reduce((sum, file) => sum + file.bytes, 0) }
  })
}
