import { useEffect } from 'react'
import { create } from 'zustand'

/** One step of the path in the title bar; the last one is where we are. */
export interface Crumb {
  label: string
  to?: string
  lang?: string | undefined
}
export const useCrumbStore = create<{ crumbs: readonly Crumb[] }>(() => ({ crumbs: [] }))

/** Sets the path in the title bar (and the window's title) while the view is shown. */
export function useCrumbs(crumbs: readonly Crumb[]): void {
  const key = JSON.stringify(crumbs)
  useEffect(() => {
    const parsed = JSON.parse(key) as Crumb[]
    useCrumbStore.setState({ crumbs: parsed })
    document.title = `${parsed.at(-1)?.label ?? 'Inkwell'} · Inkwell`
  }, [key])
}
