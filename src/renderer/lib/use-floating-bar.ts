import { type RefObject, useLayoutEffect, useRef } from 'react'

/** CSS pixels between the bar and the toasts. */
const gap = 8

/** For what floats at the bottom of a view: toasts stand above it while it is shown (base.css). */
export function useFloatingBar<Bar extends HTMLElement>(): RefObject<Bar | null> {
  const bar = useRef<Bar | null>(null)
  useLayoutEffect(() => {
    if (!bar.current) return
    const { style } = document.documentElement
    const watch = new ResizeObserver(([entry]) => {
      style.setProperty('--ik-floating', `${Math.ceil(entry!.borderBoxSize[0]!.blockSize) + gap}px`)
    })
    watch.observe(bar.current)
    return () => {
      watch.disconnect()
      style.removeProperty('--ik-floating')
    }
  }, [])
  return bar
}
