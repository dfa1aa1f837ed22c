import { useCommand } from '../../lib/live.ts'

/** `feeds.add`: anything people paste. */
export const useAddFeed = () => useCommand('feeds', 'add')
