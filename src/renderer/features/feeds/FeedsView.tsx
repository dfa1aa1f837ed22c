export const FeedsView = () => null
