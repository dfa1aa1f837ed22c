import { SegmentedControl } from '@mantine/core'
import { memo } from 'react'
import type { MergeBlock } from '#shared/contract/notes.ts'
import css from './compare.module.css'
import type { TextActions } from './markup/TextLink.tsx'
import { NoteText } from './NoteText.tsx'

export type Take = 'mine' | 'both' | 'new'

const choices: Record<Exclude<MergeBlock['kind'], 'same'>, { value: Take; label: string }[]> = {
  changed: [
    { value: 'mine', label: 'Mine' },
    { value: 'both', label: 'Both' },
    { value: 'new', label: 'New' },
  ],
  'only-mine': [
    { value: 'mine', label: 'Keep' },
    { value: 'new', label: 'Leave out' },
  ],
  'only-new': [
    { value: 'mine', label: 'Leave out' },
    { value: 'new', label: 'Take' },
  ],
}

/** Its words without the marks of Markdown. */
const inOneLine = (markdown: string): string =>
  markdown
    .slice(0, 300)
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/^[#>\s-]+|[*_`\\]/gm, '')

/** One block of both texts, and which of them is to be written. */
export const CompareBlock = memo(function CompareBlock(props: {
  block: MergeBlock
  take: Take
  /** Among those that differ, from 1. */
  number: number
  lang: string | undefined
  actions: TextActions
  onTake: (take: Take) => void
}) {
  const { block, take, number, lang, actions } = props
  if (block.kind === 'same')
    return (
      <div className={css.same}>
        <p className={`ik-cut ${css.sameText}`} lang={lang}>
          {inOneLine(block.mine ?? '')}
        </p>
        <span>Same in both</span>
      </div>
    )
  const text = (side: 'mine' | 'newer') => {
    const markdown = block[side]
    if (markdown === null) return null
    const other = block.kind === 'changed' ? block[side === 'mine' ? 'newer' : 'mine'] : null
    return <NoteText markdown={markdown} lang={lang} actions={actions} other={other} />
  }
  return (
    <div className={css.block} data-taken={take}>
      <div className={`${css.mine} ${block.kind === 'only-mine' ? css.own : ''}`}>
        {text('mine') ?? <p className={css.none}>Not in yours.</p>}
      </div>
      <SegmentedControl
        className={css.pick}
        size="xs"
        aria-label={`Block ${number}: what is written`}
        data={choices[block.kind]}
        value={take}
        onChange={(value) => props.onTake(value as Take)}
      />
      <div className={css.newer}>
        {text('newer') ?? (
          <p className={css.none}>Not in the newer version. Your own lines are kept unless you say otherwise.</p>
        )}
      </div>
    </div>
  )
})
