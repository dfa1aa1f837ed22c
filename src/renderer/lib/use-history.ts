import { useSyncExternalStore } from 'react'

const subscribe = (changed: () => void): (() => void) => {
  window.navigation.addEventListener('currententrychange', changed)
  return () => window.navigation.removeEventListener('currententrychange', changed)
}

/** Back and forward over the views of this window. */
export function useHistory() {
  const canGoBack = useSyncExternalStore(subscribe, () => window.navigation.canGoBack)
  const canGoForward = useSyncExternalStore(subscribe, () => window.navigation.canGoForward)
  return { canGoBack, canGoForward, back: () => window.history.back(), forward: () => window.history.forward() }
}
