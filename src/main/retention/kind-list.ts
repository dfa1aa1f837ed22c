import type { CostsService } from '../costs/service.ts'
import type { SweepKind } from './kind.ts'
import { costsKind } from './kinds/costs.ts'
import { extractionsKind } from './kinds/extractions.ts'
import { keptTextsKind } from './kinds/kept-texts.ts'
import { type LeftoverDeps, leftoversKind } from './kinds/leftovers.ts'
import { mediaKind } from './kinds/media.ts'
import { abandonedSessionsKind, completedSessionsKind } from './kinds/sessions.ts'
import { transcriptsKind } from './kinds/transcripts.ts'

/** Every rule, in the order they are shown and swept: rows that name files go before the files nobody names. */
export const sweepKinds = (
  deps: LeftoverDeps & { readonly costs: Pick<CostsService, 'sweepIn' | 'facts'> },
): readonly SweepKind[] => [
  transcriptsKind,
  extractionsKind,
  completedSessionsKind,
  abandonedSessionsKind,
  costsKind(deps.costs),
  mediaKind(deps.profilePath),
  keptTextsKind(deps.profilePath),
  leftoversKind(deps) as SweepKind,
]
