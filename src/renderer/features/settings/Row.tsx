import type { ReactNode } from 'react'
import css from './settings.module.css'

/** One setting: its name and what it means at left, the control at right. */
export function Row(props: { name: ReactNode; children?: ReactNode; control?: ReactNode }) {
  return (
    <div className={css.row}>
      <div>
        <div className={css.rowName}>{props.name}</div>
        {props.children && <div className={css.rowWords}>{props.children}</div>}
      </div>
      {props.control}
    </div>
  )
}
