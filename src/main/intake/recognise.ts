import PQueue from 'p-queue'
import type { Clock, Http, WorkerRunner } from '../ports.ts'
import { createTranscriptReader } from '../transcripts/reader.ts'
import { createMediaFactsReader } from './media-facts.ts'
import { looksLikeAddress, recogniseAddress } from './recognise-address.ts'
import { createContentRecogniser } from './recognise-content.ts'
import { type RecognisedFile, recogniseFile } from './recognise-file.ts'
import type { VideoFacts } from './recognise-video.ts'
import { type Recognised, unsupported } from './recognised.ts'

/** A pasted text, or the path behind a token; null when the token is not known any more. */
export type IntakeSource = { readonly text: string } | { readonly path: string | null }

/** Seconds for which a page that was looked at need not be fetched again to be taken. */
const rememberedMs = 120_000
const maxRemembered = 8
const maxAddresses = 50
/** Asked at once: servers that never answer must not wait for each other. */
const addressesAtOnce = 8

/** Several addresses, one per line, are several things; anything else is one text. */
function addressesOf(text: string): string[] | null {
  const lines = text.split('\n', maxAddresses + 1).flatMap((line) => line.trim() || [])
  return lines.length > 0 && lines.length <= maxAddresses && text.length < 200_000 && lines.every(looksLikeAddress)
    ? lines
    : null
}

export function createRecogniser({
  http,
  youTube,
  clock,
  workers,
}: {
  http: Http
  youTube: VideoFacts
  clock: Clock
  workers: WorkerRunner
}) {
  const recognise = createContentRecogniser(workers)
  const read = createTranscriptReader(workers)
  const factsOf = createMediaFactsReader(workers)
  const remembered = new Map<string, { atMs: number; found: Recognised }>()

  const address = async (pasted: string): Promise<Recognised> => {
    const nowMs = clock.now()
    const known = remembered.get(pasted)
    if (known && nowMs - known.atMs < rememberedMs) return known.found
    const found = await recogniseAddress(pasted, { http, youTube, recognise, nowMs })
    if (found.item.action !== 'none') remembered.set(pasted, { atMs: nowMs, found })
    for (const oldest of remembered.keys()) {
      if (remembered.size <= maxRemembered) break
      remembered.delete(oldest)
    }
    return found
  }

  const one = async (source: IntakeSource): Promise<(RecognisedFile & { path: string | null })[]> => {
    const plain = (found: Recognised) => ({ found, sidecarPath: null, path: null })
    if ('text' in source) {
      const addresses = addressesOf(source.text)
      if (!addresses) return [plain(await recognise({ kind: 'text', text: source.text, nowMs: clock.now() }))]
      const queue = new PQueue({ concurrency: addressesAtOnce })
      const found = await Promise.all(addresses.map((pasted) => queue.add(() => address(pasted))))
      return found.map(plain)
    }
    if (source.path === null)
      return [plain(unsupported('File', 'This file was offered too long ago: choose or drop it again.'))]
    return [{ ...(await recogniseFile(source.path, { recognise, read, factsOf, workers })), path: source.path }]
  }

  /** In order. A transcript that lies beside an offered recording belongs to it and is left out. */
  return async (sources: readonly IntakeSource[]): Promise<Recognised[]> => {
    const all: (RecognisedFile & { path: string | null })[] = []
    for (const source of sources) all.push(...(await one(source)))
    const sidecars = new Set(all.flatMap(({ sidecarPath }) => sidecarPath ?? []))
    return all.filter(({ path }) => path === null || !sidecars.has(path)).map(({ found }) => found)
  }
}
