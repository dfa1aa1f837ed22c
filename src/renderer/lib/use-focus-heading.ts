import { type RefObject, useEffect, useRef } from 'react'
import { useLocation } from 'wouter'
import { create } from 'zustand'

/** A route change hands out the focus once: to the first heading (or field) that asks for it. */
const useFocusTurn = create<{ path: string | null }>(() => ({ path: null }))

/** True for the first caller after a route change. */
export function takeFocusTurn(path: string): boolean {
  if (useFocusTurn.getState().path === path) return false
  useFocusTurn.setState({ path })
  return true
}

/** For the h1 of a view (PageHead does it): focused when the route has changed. */
export function useFocusHeading(enabled = true): RefObject<HTMLHeadingElement | null> {
  const [path] = useLocation()
  const heading = useRef<HTMLHeadingElement | null>(null)
  useEffect(() => {
    if (!enabled) return
    // At the start of the window nobody has gone anywhere yet.
    const isStart = useFocusTurn.getState().path === null
    if (takeFocusTurn(path) && !isStart) heading.current?.focus({ preventScroll: true })
  }, [path, enabled])
  return heading
}
