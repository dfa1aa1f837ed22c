import { join } from 'node:path'
import type { SealedTable } from '../../storage/seals.ts'
import type { Check, Found } from '../check.ts'
import type { CheckDeps } from '../ports.ts'
import { readTranscripts } from '../task.ts'
import { count } from '../words.ts'
import { readArtwork } from './artwork.ts'
import { type Blobs, readBlobs } from './blobs.ts'
import { readDisplaced } from './displaced.ts'
import { readJson } from './json-columns.ts'
import { findLeftovers } from './leftovers.ts'
import { damagedTranscripts } from './transcripts.ts'

/** Read at each start; together they have not more than some megabytes. */
const quickTranscripts = 10
const pieceTranscripts = 50

/** What can be had again: transcripts, pictures, kept texts, steps of jobs. */
export function cachesCheck(
  deps: CheckDeps & {
    readonly sealed: readonly SealedTable[]
    readonly blobs: Blobs
    /** Absolute; null for a feed without a picture. */
    readonly artworkPath: (feedId: string) => string | null
  },
): Check {
  const { storage, profilePath } = deps
  return {
    name: 'caches',
    words: 'Reading transcripts, pictures and kept texts',
    async run(pass) {
      const findings: Found[] = []
      const damaged: string[] = []
      let read = 0
      const last = storage.get<{ last: number | null }>('SELECT max(rowid) AS last FROM transcripts')?.last ?? 0
      for (let afterRowid: number | null = pass.full ? -1 : last - quickTranscripts; afterRowid !== null; ) {
        const limit = pass.full ? pieceTranscripts : quickTranscripts
        const piece: ReturnType<typeof readTranscripts> = pass.full
          ? await deps.runTask('transcripts', { database: deps.databasePath, afterRowid, limit }, pass.signal)
          : readTranscripts(storage, { afterRowid, limit })
        damaged.push(...piece.damaged)
        read += piece.read
        afterRowid = pass.full ? piece.next : null
        await pass.breathe()
      }
      if (damaged.length > 0) findings.push(...damagedTranscripts(storage, damaged, pass.full))
      pass.progress(0.5)
      const pictures = await readArtwork(deps, pass)
      findings.push(...pictures.findings)
      const texts = await readBlobs(deps, deps.blobs, pass)
      findings.push(...texts.findings)
      const displaced = await readDisplaced(deps, pass)
      findings.push(...displaced.findings)
      pass.progress(0.9)
      findings.push(...(await readJson(deps, deps.sealed, pass)))
      findings.push(
        ...(await findLeftovers(
          deps,
          [
            profilePath,
            join(profilePath, 'artwork'),
            join(profilePath, 'templates'),
            ...(pass.full ? texts.folders : []),
          ],
          'caches/leftovers',
          pass,
        )),
      )
      return {
        title: `${count(read, 'transcript')}, ${count(pictures.read, 'picture')}, ${count(texts.read + displaced.read, 'kept text')}`,
        facts: findings.length > 0 ? 'not all match' : pass.full ? 'all match' : 'those looked at match',
        findings,
      }
    },
  }
}
