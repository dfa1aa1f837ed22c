import { focusManager, QueryClient, type UseQueryResult, useMutation, useQuery } from '@tanstack/react-query'
import type { AppContract, AppEvents, InkwellApi } from '#shared/contract/types.ts'
import type { Failure, Result } from '#shared/result.ts'
import { CallError, failureOf, inkwell, unwrap } from './inkwell.ts'

type Feature = keyof AppContract
type CallsOf<F extends Feature> = InkwellApi[F]
type InputOf<F extends Feature, N extends keyof CallsOf<F>> = CallsOf<F>[N] extends (input: infer In) => unknown
  ? In
  : never
type ValueOf<F extends Feature, N extends keyof CallsOf<F>> = CallsOf<F>[N] extends (
  input: never,
) => Promise<Result<infer Value>>
  ? Value
  : never

/** Main is the only keeper of data: the cache is never older than the last change event, and nothing is retried blindly. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: Number.POSITIVE_INFINITY, retry: false, networkMode: 'always' },
    mutations: { networkMode: 'always' },
  },
})

/**
 * Their answers lie outside the database too (notes folder, backups, keychain, disk), where anybody may change them
 * without a word: they are read again when a view opens and when the window gets the focus.
 */
const besideTheDatabase = new Set<Feature>([
  'backup',
  'health',
  'kit',
  'logs',
  'notes',
  'retention',
  'settings',
  'speech',
])

const features: Feature[] = [
  'audit',
  'backup',
  'costs',
  'episodes',
  'feeds',
  'health',
  'jobs',
  'kit',
  'logs',
  'models',
  'notes',
  'retention',
  'settings',
  'speech',
  'templates',
  'transcripts',
]

/** One rule: a query of a feature is read again when that feature says `changed`. */
export function listenForChanges(): void {
  // A window that comes back from behind another was visible all the time.
  focusManager.setEventListener((onFocus) => {
    const focused = (): void => onFocus()
    window.addEventListener('focus', focused)
    return () => window.removeEventListener('focus', focused)
  })
  for (const feature of features)
    inkwell.on(
      `${feature}.changed` as keyof AppEvents,
      () => void queryClient.invalidateQueries({ queryKey: [feature] }),
    )
  inkwell.on('jobs.progress', (progress) => {
    queryClient.setQueryData<ValueOf<'jobs', 'list'>>(['jobs', 'list', {}], (list) =>
      list?.map((job) => (job.id === progress.jobId ? { ...job, ...progress } : job)),
    )
  })
}

/** Reads a query and stays live on its feature's changes. `input` null: not asked yet. */
export function useLive<F extends Feature, N extends keyof CallsOf<F> & string>(
  feature: F,
  name: N,
  input: InputOf<F, N> | null,
): { value: ValueOf<F, N> | undefined; failure: Failure | null; loading: boolean; again: () => void } {
  const query: UseQueryResult<ValueOf<F, N>> = useQuery({
    queryKey: [feature, name, input],
    enabled: input !== null,
    queryFn: async () => {
      const call = inkwell[feature][name] as (input: unknown) => Promise<Result<ValueOf<F, N>>>
      return unwrap(await call(input))
    },
    placeholderData: (previous) => previous,
    ...(besideTheDatabase.has(feature) ? { staleTime: 0 } : {}),
  })
  return {
    value: query.data,
    failure: query.error ? failureOf(query.error) : null,
    loading: query.isPending && input !== null,
    again: () => void query.refetch(),
  }
}

/** Runs a command; the answer comes back as a Result, and `running` says it is under way. */
export function useCommand<F extends Feature, N extends keyof CallsOf<F> & string>(
  feature: F,
  name: N,
): { run: (input: InputOf<F, N>) => Promise<Result<ValueOf<F, N>>>; running: boolean; failure: Failure | null } {
  const mutation = useMutation({
    mutationFn: async (input: InputOf<F, N>) => {
      const call = inkwell[feature][name] as (input: unknown) => Promise<Result<ValueOf<F, N>>>
      return unwrap(await call(input))
    },
  })
  return {
    run: async (input) => {
      try {
        return { ok: true, value: await mutation.mutateAsync(input) }
      } catch (error) {
        return { ok: false, error: error instanceof CallError ? error.failure : failureOf(error) }
      }
    },
    running: mutation.isPending,
    failure: mutation.error ? failureOf(mutation.error) : null,
  }
}
