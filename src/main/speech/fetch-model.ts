import { mkdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fail, type Json, ok, type Result } from '#shared/result.ts'
import { discardPartial, noteOf } from '../net/partial-file.ts'
import type { Downloader, DownloadFailureCode } from '../ports.ts'
import { freeBytes } from '../storage/disk-room.ts'
import { renameWaiting, syncFolder } from '../storage/write-file.ts'
import type { CatalogueModel, ModelFile } from './catalogue.ts'
import { type Marker, markReady, partName, readMarker, sha256Of } from './model-folder.ts'

export type FetchFailure = DownloadFailureCode | 'wrong-file'
export interface FetchDeps {
  readonly downloader: Downloader
  /** Hash that the first download of a file had, by `model/file`. */
  readonly pinOf: (key: string) => string | null
  readonly pin: (key: string, sha256: string) => void
  /** Hosts of the local network, for tests. */
  readonly allowLocalHosts?: readonly string[]
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<unknown>
  readonly freeBytes?: (path: string) => Promise<number>
}

/** Stays free for everything else. */
const reserveBytes = 1_000_000_000
const waitsMs = [2_000, 10_000, 30_000, 120_000]
const megabytes = (bytes: number): string =>
  bytes >= 1e9 ? `${(bytes / 1e9).toFixed(2)} GB` : `${Math.round(bytes / 1e6)} MB`

/**
 * Gets what is missing of a model. Each file is gathered in a `.part`, compared with its hash, and only then gets its
 * name; the mark that makes the model usable is written last.
 * @param folder of this model, absolute
 */
export async function fetchModel(
  deps: FetchDeps,
  model: CatalogueModel,
  folder: string,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (fraction: number, words: string) => void },
): Promise<Result<null, FetchFailure>> {
  if (await mkdir(folder, { recursive: true })) await syncFolder(dirname(folder))
  const files: Marker['files'] = {}
  let before = 0
  for (const file of model.files) {
    const tell = (bytes: number): void =>
      onProgress(
        Math.min(1, (before + bytes) / model.bytes),
        `${megabytes(before + bytes)} of ${megabytes(model.bytes)}`,
      )
    const got = await fetchFile(deps, model, file, folder, {
      signal,
      tell,
      wait: (words) => onProgress(Math.min(1, before / model.bytes), words),
    })
    if (!got.ok) return got
    files[file.name] = got.value
    before += got.value.bytes
  }
  await syncFolder(folder)
  await markReady(folder, { schema: 1, model: model.id, files })
  return ok(null)
}

async function fetchFile(
  deps: FetchDeps,
  model: CatalogueModel,
  file: ModelFile,
  folder: string,
  { signal, tell, wait }: { signal: AbortSignal; tell: (bytes: number) => void; wait: (words: string) => void },
): Promise<Result<{ bytes: number; sha256: string }, FetchFailure>> {
  const path = join(folder, file.name)
  const key = `${model.id}/${file.name}`
  const expected = file.sha256 ?? deps.pinOf(key) ?? (await readMarker(folder))?.files[file.name]?.sha256 ?? null
  const there = await stat(path).catch(() => null)
  // From an earlier start of this download, or from before a file of the model was damaged.
  if (there?.isFile() && expected !== null && (await sha256Of(path, { signal }).catch(() => '')) === expected)
    return ok({ bytes: there.size, sha256: expected })
  const part = join(folder, partName(file.name))
  for (let wrong = 0; ; wrong++) {
    const got = await withPatience(deps, signal, wait, () =>
      deps.downloader.download({
        url: file.url,
        into: part,
        // A size that is only known roughly may be a little off.
        maxBytes: file.isExact ? file.bytes : Math.round(file.bytes * 1.05) + 1_000_000,
        allowLocalHosts: deps.allowLocalHosts ?? [],
        signal,
        roomFor: async (bytes) => {
          const room = (await (deps.freeBytes ?? freeBytes)(folder)) - reserveBytes
          return bytes <= room
            ? null
            : `${model.title} needs ${megabytes(bytes)} more, and ${megabytes(Math.max(0, room))} can be used on this disk (1 GB stays free). What came so far is kept. Free some space, or choose another folder for models.`
        },
        onProgress: (bytes) => tell(bytes),
      }),
    )
    if (!got.ok) return got
    const sha256 = await sha256Of(part, { signal }).catch(() => null)
    if (sha256 === null) return fail('cancelled', 'Stopped. What came so far is kept.')
    const fits = (!file.isExact || got.value.bytes === file.bytes) && (expected === null || sha256 === expected)
    if (fits) {
      if (expected === null) deps.pin(key, sha256)
      await renameWaiting(part, path)
      await rm(noteOf(part), { force: true })
      return ok({ bytes: got.value.bytes, sha256 })
    }
    await discardPartial(part)
    // Once more: a file that was put together of two versions, or hurt on the way, comes whole the next time.
    if (wrong > 0)
      return fail(
        'wrong-file',
        `The server gave another file than the one that Inkwell knows as ${file.name} (${megabytes(got.value.bytes)}, checksum ${sha256.slice(0, 12)}…). It was not kept. Try again later, or get the model elsewhere and import it.`,
        { retryable: true },
      )
  }
}

/** Tries again what passes: broken lines, busy servers. Waits longer each time, and as long as a server asks. */
async function withPatience<Value>(
  { wait = (ms, signal) => sleep(ms, null, { signal }) }: FetchDeps,
  signal: AbortSignal,
  onWait: (words: string) => void,
  attempt: () => Promise<Result<Value, DownloadFailureCode>>,
): Promise<Result<Value, DownloadFailureCode>> {
  for (let tries = 0; ; tries++) {
    const answer = await attempt()
    const waitMs = waitsMs[tries]
    if (answer.ok || !answer.error.retryable || answer.error.code === 'no-room' || waitMs === undefined) return answer
    const asked = Number((answer.error.details as { retryAfter?: Json } | undefined)?.retryAfter)
    const ms = Number.isFinite(asked) && asked > 0 ? Math.min(asked * 1_000, 600_000) : waitMs
    onWait(`${answer.error.message} It is tried again in ${Math.round(ms / 1_000)} s.`)
    try {
      await wait(ms, signal)
    } catch {
      return fail('cancelled', 'Stopped. What came so far is kept.')
    }
  }
}
