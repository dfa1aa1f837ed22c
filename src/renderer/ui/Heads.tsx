import type { ReactNode } from 'react'
import { useFocusHeading } from '../lib/use-focus-heading.ts'
import css from './ui.module.css'

/** The view's one h1 (it takes the focus when the route changes), a sentence beside it, actions at right. */
export function PageHead(props: {
  title: string
  sentence?: ReactNode
  actions?: ReactNode
  /** `title`: serif 26 instead of 34. */
  size?: 'display' | 'title'
  lang?: string | undefined
  /** False where something else takes the focus on arrival. */
  focus?: boolean
}) {
  const heading = useFocusHeading(props.focus ?? true)
  return (
    <header className={css.pageHead}>
      <h1 ref={heading} tabIndex={-1} lang={props.lang} className={props.size === 'title' ? 'ik-title' : 'ik-display'}>
        {props.title}
      </h1>
      {props.sentence && <p>{props.sentence}</p>}
      {props.actions && <div className={css.pageActions}>{props.actions}</div>}
    </header>
  )
}

/** h2 with a rule under it and at most one link at right. */
export function SectionHead(props: { title: string; id?: string; aside?: ReactNode; tone?: 'warn' }) {
  return (
    <div className={css.sectionHead}>
      <h2 id={props.id} data-tone={props.tone}>
        {props.title}
      </h2>
      {props.aside}
    </div>
  )
}
