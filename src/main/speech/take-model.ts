import { createReadStream } from 'node:fs'
import { mkdir, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fail, ok, type Result } from '#shared/result.ts'
import { freeBytes } from '../storage/disk-room.ts'
import { errorCode, fullCodes, renameWaiting, syncFolder, writeNewFile } from '../storage/write-file.ts'
import type { CatalogueModel, ModelFile } from './catalogue.ts'
import { type Marker, markReady, sha256Of } from './model-folder.ts'

export type TakeFailure = 'model-incomplete' | 'wrong-file' | 'no-room' | 'unreadable'

/** Of a size that is known only roughly. */
const tolerance = 0.02

/**
 * Copies a model from a folder (or the folder of the file that was chosen). Every file is looked at before the first is
 * copied; what has a known hash must have it, the others must have about the right size.
 */
export async function takeModel(
  model: CatalogueModel,
  sourcePath: string,
  folder: string,
  pinOf: (key: string) => string | null,
): Promise<Result<null, TakeFailure>> {
  const source = await stat(sourcePath).catch(() => null)
  if (!source) return fail('unreadable', `${basename(sourcePath)} cannot be read. Nothing was copied.`)
  const from = source.isDirectory() ? sourcePath : dirname(sourcePath)
  const files: Marker['files'] = {}
  const missing: string[] = []
  for (const file of model.files) {
    const path = join(from, file.name)
    const found = await stat(path).catch(() => null)
    if (!found?.isFile()) {
      missing.push(file.name)
      continue
    }
    const sha256 = await sha256Of(path).catch(() => null)
    if (sha256 === null) return fail('unreadable', `${file.name} cannot be read. Nothing was copied.`)
    const refused = whyNot(file, found.size, sha256, file.sha256 ?? pinOf(`${model.id}/${file.name}`))
    if (refused) return fail('wrong-file', `${refused} Nothing was copied.`)
    files[file.name] = { bytes: found.size, sha256 }
  }
  if (missing.length > 0)
    return fail(
      'model-incomplete',
      `${model.title} has ${model.files.length} files, and ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not in that folder. Nothing was copied. Unpack the model first, then choose its folder.`,
    )
  try {
    if (await mkdir(folder, { recursive: true })) await syncFolder(dirname(folder))
    const needed = Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0)
    if (needed > (await freeBytes(folder)))
      return fail('no-room', 'There is not enough room on the disk for a copy of this model. Nothing was copied.', {
        retryable: true,
      })
    for (const file of model.files)
      await copyWhole(join(from, file.name), join(folder, file.name), files[file.name]!.sha256)
    await syncFolder(folder)
    await markReady(folder, { schema: 1, model: model.id, files })
    return ok(null)
  } catch (error) {
    return fullCodes.has(errorCode(error))
      ? fail(
          'no-room',
          'The disk is full. The model is not complete and is not used. Free some space, then import it again.',
          {
            retryable: true,
          },
        )
      : fail(
          'unreadable',
          `The model could not be copied (${errorCode(error) || (error as Error).message}). It is not used.`,
          {
            retryable: true,
          },
        )
  }
}

async function copyWhole(from: string, to: string, sha256: string): Promise<void> {
  const part = `${to}.part`
  await rm(part, { force: true })
  await writeNewFile(part, createReadStream(from))
  // What was looked at may have changed before it was copied, and disks err: the copy counts.
  if ((await sha256Of(part)) !== sha256) {
    await rm(part, { force: true })
    throw new Error('the copy differs')
  }
  await renameWaiting(part, to)
}

function whyNot(file: ModelFile, bytes: number, sha256: string, expected: string | null): string | null {
  if (expected !== null)
    return sha256 === expected
      ? null
      : `${file.name} is not the file that belongs to this model: its checksum is another one.`
  const fits = file.isExact ? bytes === file.bytes : Math.abs(bytes - file.bytes) <= file.bytes * tolerance
  return fits
    ? null
    : `${file.name} has ${bytes.toLocaleString('en')} bytes, and about ${file.bytes.toLocaleString('en')} belong to this model.`
}
