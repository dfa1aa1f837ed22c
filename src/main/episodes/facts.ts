/** What other features know of an episode, for its row. */
export interface EpisodeFacts {
  readonly noteCount: number
  readonly failedTemplates: number
  readonly activeJobId: string | null
  readonly storedTranscript: boolean
  /** Shown path of its folder in the vault. */
  readonly folderDisplay?: string | null
}
export type FactsScope =
  | { readonly episodeIds: readonly string[] }
  | { readonly feedId: string }
  | { readonly all: true }
/** Episodes that nothing is known of may be missing. */
export type ReadEpisodeFacts = (scope: FactsScope) => ReadonlyMap<string, EpisodeFacts>

export const noFacts: ReadEpisodeFacts = () => new Map()
