import { useInfiniteQuery } from '@tanstack/react-query'
import type { AppContract } from '#shared/contract/types.ts'
import type { Failure, Result } from '#shared/result.ts'
import { failureOf, unwrap } from './inkwell.ts'

export interface LivePages<Row> {
  readonly rows: readonly Row[]
  readonly more: boolean
  readonly loading: boolean
  readonly loadingMore: boolean
  readonly failure: Failure | null
  readonly loadMore: () => void
  readonly again: () => void
}

/**
 * A long list, page by page, that stays live on its feature's changes as `useLive` does.
 * @param key feature, name and input, as of any other query
 * @param load one page; `after` is the id of the last row of the page before
 */
export function useLivePages<Row extends { readonly id: string }>(
  key: readonly [keyof AppContract, string, unknown],
  load: (after: string | undefined) => Promise<Result<{ rows: Row[]; more: boolean }>>,
): LivePages<Row> {
  const query = useInfiniteQuery({
    queryKey: [...key, 'pages'],
    queryFn: async ({ pageParam }) => unwrap(await load(pageParam)),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ rows, more }) => (more ? rows.at(-1)?.id : undefined),
    placeholderData: (previous) => previous,
  })
  return {
    rows: query.data?.pages.flatMap(({ rows }) => rows) ?? [],
    more: query.hasNextPage,
    loading: query.isPending,
    loadingMore: query.isFetchingNextPage,
    failure: query.error ? failureOf(query.error) : null,
    loadMore: () => {
      if (query.hasNextPage && !query.isFetching) void query.fetchNextPage()
    },
    again: () => void query.refetch(),
  }
}
