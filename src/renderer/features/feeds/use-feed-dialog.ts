import { useState } from 'react'
import type { Feed } from '#shared/contract/feeds.ts'

export type FeedDialogKind = 'password' | 'move' | 'find' | 'rename' | 'category' | 'remove'
export interface FeedDialogState {
  readonly open: { readonly kind: FeedDialogKind; readonly feed: Feed } | null
  readonly show: (kind: FeedDialogKind, feed: Feed) => void
  readonly close: () => void
}

/** Which dialog about a feed is open in this view. */
export function useFeedDialog(): FeedDialogState {
  const [open, setOpen] = useState<FeedDialogState['open']>(null)
  return { open, show: (kind, feed) => setOpen({ kind, feed }), close: () => setOpen(null) }
}
