import { create } from 'zustand'

export type Urgency = 'polite' | 'assertive'
/** What the two live regions (app/LiveRegions.tsx) say now. The number makes a repeated sentence a new one. */
export const useAnnouncements = create<Record<Urgency, { text: string; number: number }>>(() => ({
  polite: { text: '', number: 0 },
  assertive: { text: '', number: 0 },
}))

/** Tells screen readers. Assertive only for failures. */
export function announce(text: string, urgency: Urgency = 'polite'): void {
  useAnnouncements.setState((now) => ({ [urgency]: { text, number: now[urgency].number + 1 } }))
}
