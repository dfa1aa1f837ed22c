import type { Feed } from '#shared/contract/feeds.ts'

/** Null: every category; '': those without one. */
export type CategoryChoice = string | null

export const categoriesOf = (feeds: readonly Pick<Feed, 'category'>[]): string[] =>
  [...new Set(feeds.map((feed) => feed.category).filter((name) => name !== null && name !== ''))].sort((a, b) =>
    a!.localeCompare(b!),
  ) as string[]

/** A choice whose last feed went shows all again. */
export function inCategory<F extends Pick<Feed, 'category'>>(feeds: readonly F[], choice: CategoryChoice): F[] {
  if (choice === null) return [...feeds]
  const kept = feeds.filter((feed) => (feed.category ?? '') === choice)
  return kept.length > 0 ? kept : [...feeds]
}

/** By title as a reader sorts them; those that need the user are not moved, so that rows keep their place. */
export const byTitle = <F extends Pick<Feed, 'title'>>(feeds: readonly F[]): F[] =>
  [...feeds].sort((a, b) => a.title.localeCompare(b.title, undefined, { sensitivity: 'base', numeric: true }))
