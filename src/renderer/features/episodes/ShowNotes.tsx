import { useMemo } from 'react'
import { drawHtml, withoutTags } from './markup/draw.tsx'
import type { TextActions } from './markup/TextLink.tsx'
import { PlainText } from './PlainText.tsx'
import css from './reading.module.css'

/** What the show says about the episode. Nothing in it is loaded or run. */
export function ShowNotes(props: { html: string; lang: string | undefined; actions: TextActions }) {
  const { html, actions } = props
  const hasTags = /<[a-z!/]/i.test(html)
  const content = useMemo(() => (hasTags ? drawHtml(html, actions) : null), [html, hasTags, actions])
  const plain = useMemo(() => withoutTags(html).slice(0, 300_000).trim(), [html])
  if (content !== null)
    return (
      <div className={css.showNotes} lang={props.lang} dir="auto">
        {content}
      </div>
    )
  return (
    <>
      {hasTags && (
        <p className={css.plainLine}>
          These show notes are too long or nested to be laid out. They are shown as plain text.
        </p>
      )}
      <PlainText text={plain} lang={props.lang} />
    </>
  )
}
