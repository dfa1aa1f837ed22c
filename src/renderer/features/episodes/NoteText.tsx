import { memo, useMemo } from 'react'
import { type Block, blocksOf } from './markup/blocks.ts'
import { drawMarkdown } from './markup/draw.tsx'
import type { TextActions } from './markup/TextLink.tsx'
import { PlainText } from './PlainText.tsx'
import css from './reading.module.css'
import { atOnce, useDrawnCount } from './use-drawn-count.ts'

/** A note's Markdown, drawn block by block so that a long one never holds the window. */
export function NoteText(props: {
  markdown: string
  lang: string | undefined
  actions: TextActions
  /** A text beside it: the words that it does not have are marked. */
  other?: string | null
}) {
  const { other = null } = props
  const blocks = useMemo(() => blocksOf(props.markdown), [props.markdown])
  const drawn = useDrawnCount(blocks.length)
  return (
    <div className={css.note} lang={props.lang} dir="auto">
      {blocks.slice(0, drawn).map((block, index) => (
        <div key={index} className={index < atOnce ? undefined : css.later}>
          <NoteBlock block={block} actions={props.actions} other={other} />
        </div>
      ))}
    </div>
  )
}

const NoteBlock = memo(function NoteBlock(props: { block: Block; actions: TextActions; other: string | null }) {
  const { block, actions, other } = props
  const content = useMemo(
    () => (block.plain ? null : drawMarkdown(block.text, actions, other)),
    [block, actions, other],
  )
  if (content !== null) return <>{content}</>
  return (
    <>
      <p className={css.plainLine}>
        This part is longer or more deeply nested than a note needs. It is shown as plain text.
      </p>
      <PlainText text={block.text} />
    </>
  )
})
