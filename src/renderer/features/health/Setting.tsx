import type { ReactNode } from 'react'
import css from './lists.module.css'

/** One choice: its name and what it means at left, the control at right. */
export function Setting(props: { name: ReactNode; children?: ReactNode; control: ReactNode }) {
  return (
    <div className={css.setting}>
      <div>
        <div className={css.settingName}>{props.name}</div>
        {props.children && <div className={css.settingWords}>{props.children}</div>}
      </div>
      <div className={css.settingControl}>{props.control}</div>
    </div>
  )
}
