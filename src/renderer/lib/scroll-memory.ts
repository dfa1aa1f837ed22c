import { create } from 'zustand'

/** Where each view was scrolled to; lives as long as the window. */
export const useScrollMemory = create<{
  recall: (path: string) => number
  remember: (path: string, top: number) => void
}>(() => {
  const topByPath = new Map<string, number>()
  return {
    recall: (path) => topByPath.get(path) ?? 0,
    remember: (path, top) => void topByPath.set(path, top),
  }
})
