import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { z } from 'zod'
import { writeFileAtomic } from '../storage/write-file.ts'
import type { CatalogueModel } from './catalogue.ts'

/** Written when all files of a model are there and verified, and the last of them on the medium: without it nothing is used. */
const Marker = z.strictObject({
  schema: z.literal(1),
  model: z.string(),
  files: z.record(z.string(), z.strictObject({ bytes: z.number().int(), sha256: z.string() })),
})
export type Marker = z.infer<typeof Marker>

const markerName = 'ready.json'
const damageName = 'damaged.json'
export const partName = (file: string): string => `${file}.part`

export interface FolderState {
  readonly state: 'absent' | 'paused' | 'ready' | 'damaged'
  /** Of the bytes of all files. */
  readonly bytesHere: number
  /** Files that are not as they were. */
  readonly wrong: readonly string[]
}

const sizeOf = (path: string): Promise<number | null> =>
  stat(path).then(
    (found) => (found.isFile() ? found.size : null),
    () => null,
  )

export async function readMarker(folder: string): Promise<Marker | null> {
  try {
    return Marker.parse(JSON.parse(await readFile(join(folder, markerName), 'utf8')))
  } catch {
    return null
  }
}

/** A look at names and sizes, without reading the files. */
export async function lookAt(folder: string, model: CatalogueModel): Promise<FolderState> {
  const marker = await readMarker(folder)
  const sizes = await Promise.all(
    model.files.map(async ({ name }) => ({
      name,
      whole: await sizeOf(join(folder, name)),
      part: await sizeOf(join(folder, partName(name))),
    })),
  )
  const bytesHere = sizes.reduce((sum, { whole, part }) => sum + (whole ?? part ?? 0), 0)
  if (marker) {
    const wrong = sizes
      .filter(({ name, whole }) => whole === null || whole !== marker.files[name]?.bytes)
      .map(({ name }) => name)
    return { state: wrong.length === 0 ? 'ready' : 'damaged', bytesHere, wrong }
  }
  const damage = await readFile(join(folder, damageName), 'utf8').catch(() => null)
  if (damage !== null) return { state: 'damaged', bytesHere, wrong: namesIn(damage) }
  return { state: bytesHere > 0 ? 'paused' : 'absent', bytesHere, wrong: [] }
}

export async function markReady(folder: string, marker: Marker): Promise<void> {
  await writeFileAtomic(join(folder, markerName), `${JSON.stringify(marker, null, 2)}\n`)
  await rm(join(folder, damageName), { force: true })
}

/** From now on the model is not used, also after a restart. The mark of the damage is there before that of the whole goes. */
export async function markDamaged(folder: string, wrong: readonly string[]): Promise<void> {
  await writeFileAtomic(join(folder, damageName), JSON.stringify(wrong))
  await rm(join(folder, markerName), { force: true })
}

function namesIn(text: string): string[] {
  try {
    return z.array(z.string()).parse(JSON.parse(text))
  } catch {
    return []
  }
}

/** Reads every byte; lets others have their turn in between. */
export async function sha256Of(
  path: string,
  options: { signal?: AbortSignal; onBytes?: (bytes: number) => void } = {},
): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, {
    highWaterMark: 1_048_576,
    ...(options.signal ? { signal: options.signal } : {}),
  })) {
    hash.update(chunk as Buffer)
    options.onBytes?.((chunk as Buffer).length)
    await setImmediate()
  }
  return hash.digest('hex')
}
