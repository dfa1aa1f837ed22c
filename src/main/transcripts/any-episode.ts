/** Stands for every episode where nobody knows which one has changed. */
export const anyEpisode = '00000000-0000-7000-8000-000000000000'
