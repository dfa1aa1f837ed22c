export const EpisodeView = () => null
