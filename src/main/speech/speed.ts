import type { Catalogue, CatalogueModel } from './catalogue.ts'

export interface Speed {
  /** Seconds of work for a second of talk. */
  readonly realTimeFactor: number
  /** False: reckoned from another model that was measured on this computer. */
  readonly isMeasured: boolean
}

/** Null while no model was measured on this computer. */
export function speedOf(
  catalogue: Catalogue,
  measured: Readonly<Record<string, { realTimeFactor: number; atMs: number }>>,
  model: CatalogueModel,
): Speed | null {
  const own = measured[model.id]
  if (own) return { realTimeFactor: own.realTimeFactor, isMeasured: true }
  const other = catalogue
    .flatMap((one) => (measured[one.id] ? [{ ...measured[one.id]!, speed: one.speed }] : []))
    .sort((a, b) => b.atMs - a.atMs)[0]
  return other ? { realTimeFactor: (other.realTimeFactor / other.speed) * model.speed, isMeasured: false } : null
}
