import { type ReactNode, type Ref, useCallback, useLayoutEffect, useRef } from 'react'
import { useLocation } from 'wouter'
import { useScrollMemory } from '../lib/scroll-memory.ts'
import css from './ui.module.css'

/**
 * The one region of a view that scrolls; it keeps its position on return. Views with a virtual list pass `fixed` and
 * scroll inside.
 */
export function Page(props: {
  children: ReactNode
  className?: string | undefined
  fixed?: boolean
  ref?: Ref<HTMLDivElement>
}) {
  const [path] = useLocation()
  const region = useRef<HTMLDivElement | null>(null)
  const { recall, remember } = useScrollMemory.getState()
  useLayoutEffect(() => {
    region.current?.scrollTo(0, recall(path))
  }, [path, recall])
  const outerRef = props.ref
  const setRef = useCallback(
    (node: HTMLDivElement | null) => {
      region.current = node
      if (typeof outerRef === 'function') outerRef(node)
      else if (outerRef) outerRef.current = node
    },
    [outerRef],
  )
  return (
    <div
      ref={setRef}
      className={[css.page, props.fixed && css.pageFixed, props.className].filter(Boolean).join(' ')}
      onScroll={(event) => event.currentTarget === event.target && remember(path, event.currentTarget.scrollTop)}
    >
      {props.children}
    </div>
  )
}
