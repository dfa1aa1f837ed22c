export const FeedView = () => null
