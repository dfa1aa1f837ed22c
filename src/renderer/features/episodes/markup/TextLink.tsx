import type { MouseEvent, ReactNode } from 'react'
import { Time } from '../../../ui/index.ts'
import css from '../reading.module.css'
import { safeLink, timeOfHref } from './safe-links.ts'

/** What a text may do when it is pressed. */
export interface TextActions {
  /** Opens an address in the browser. */
  readonly openLink: (url: string) => void
  /** Shows that second in the transcript; null where there is none. */
  readonly goTo: ((seconds: number) => void) | null
}

/** Every `a` of a text: a minute of the transcript, an address with its host shown, or plain words. */
export function TextLink(props: { href: unknown; margin: boolean; children: ReactNode; actions: TextActions }) {
  const { href, margin, children, actions } = props
  const seconds = timeOfHref(href)
  if (seconds !== null) {
    const { goTo } = actions
    const time = goTo ? (
      <Time seconds={seconds} plain={margin} label="Go to in the transcript:" onClick={() => goTo(seconds)} />
    ) : (
      <Time seconds={seconds} plain={margin} />
    )
    return margin ? <span className={css.margin}>{time}</span> : time
  }
  const link = safeLink(href)
  if (!link) return <>{children}</>
  const open = (event: MouseEvent) => {
    event.preventDefault()
    actions.openLink(link.url)
  }
  return (
    <a className={css.link} href={link.url} title={link.url} draggable={false} onClick={open} onAuxClick={open}>
      {children}
      <span className={css.host}> ({link.host})</span>
    </a>
  )
}
