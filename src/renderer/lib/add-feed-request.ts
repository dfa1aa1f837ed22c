import { create } from 'zustand'

/** Any view may ask for the Add feed dialog: FeedsView opens it when `asked` is set, starting with `url`, and clears it. */
export const useAddFeedRequest = create<{ asked: boolean; url: string }>(() => ({ asked: false, url: '' }))

/** Go to `/feeds` afterwards. */
export const askToAddFeed = (url = ''): void => useAddFeedRequest.setState({ asked: true, url })
export const clearAddFeedRequest = (): void => useAddFeedRequest.setState({ asked: false, url: '' })
