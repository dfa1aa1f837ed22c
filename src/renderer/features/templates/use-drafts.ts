import { create } from 'zustand'
import { persist } from 'zustand/middleware'

/** What was typed and not saved, by the page it was typed on; and the episode that templates are tried on. */
interface Drafts {
  readonly byPage: Readonly<Record<string, string>>
  readonly episodeId: string | null
}

/** Outlives the page and the window: leaving is no loss. */
export const useDrafts = create<Drafts>()(
  persist((): Drafts => ({ byPage: {}, episodeId: null }), { name: 'inkwell-template-drafts' }),
)

/** @param yaml null: nothing is unsaved */
export function setDraft(page: string, yaml: string | null): void {
  useDrafts.setState(({ byPage }) => {
    const { [page]: _, ...others } = byPage
    return { byPage: yaml === null ? others : { ...others, [page]: yaml } }
  })
}

export function tryOn(episodeId: string | null): void {
  useDrafts.setState({ episodeId })
}
