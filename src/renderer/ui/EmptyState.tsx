import type { ReactNode } from 'react'
import css from './ui.module.css'

/** Says what is not there and what to do. */
export function EmptyState(props: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className={css.empty}>
      <p className={css.emptyTitle}>{props.title}</p>
      {props.children && <p>{props.children}</p>}
      {props.action}
    </div>
  )
}
