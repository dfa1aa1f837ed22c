import type { AppEvents } from '#shared/contract/types.ts'
import type { Events } from './ports.ts'

/** In-process events; the ipc layer forwards them to the windows. A listener that throws does not stop the others. */
export function createEvents(onError: (error: unknown) => void): Events & {
  /** Sees every event, for forwarding. */
  onAny(listener: (event: keyof AppEvents, payload: unknown) => void): () => void
} {
  const listeners = new Map<string, Set<(payload: never) => void>>()
  const anyListeners = new Set<(event: keyof AppEvents, payload: unknown) => void>()
  const guarded = (call: () => void): void => {
    try {
      call()
    } catch (error) {
      onError(error)
    }
  }
  return {
    emit(event, payload) {
      for (const listener of listeners.get(event) ?? []) guarded(() => listener(payload as never))
      for (const listener of anyListeners) guarded(() => listener(event, payload))
    },
    on(event, listener) {
      const set = listeners.get(event) ?? new Set()
      listeners.set(event, set.add(listener as (payload: never) => void))
      return () => void set.delete(listener as (payload: never) => void)
    },
    onAny(listener) {
      anyListeners.add(listener)
      return () => void anyListeners.delete(listener)
    },
  }
}
