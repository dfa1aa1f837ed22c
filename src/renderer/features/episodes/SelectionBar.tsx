import { ActionIcon, Button, Menu } from '@mantine/core'
import { IconDots, IconX } from '@tabler/icons-react'
import { formatCount, formatLength } from '../../lib/format.ts'
import type { Priced } from '../../lib/use-estimate.ts'
import { useFloatingBar } from '../../lib/use-floating-bar.ts'
import { Price } from '../../ui/index.ts'
import { type SelectionSummary, transcriptWords } from './episode-rows.ts'
import css from './episodes.module.css'
import { TemplateMenu } from './TemplateMenu.tsx'

/** Floats over the list while rows are chosen: what they are, what is made of them, what it costs. */
export function SelectionBar(props: {
  summary: SelectionSummary
  templates: readonly string[] | null
  onTemplates: (names: string[]) => void
  running: boolean
  priced: Priced
  onMakeNotes: () => void
  onSeen: (seen: boolean) => void
  onClear: () => void
}) {
  const { summary } = props
  const bar = useFloatingBar<HTMLElement>()
  return (
    <section ref={bar} className={css.selectionBar} aria-label="Selection">
      <b>{formatCount(summary.count)} chosen</b>
      <span className={css.selectionWords}>
        {summary.seconds > 0 && `${formatLength(summary.seconds)}. `}
        {transcriptWords(summary)}
      </span>
      <TemplateMenu chosen={props.templates} onChange={props.onTemplates} each={summary.count > 1} />
      <Button
        loading={props.running}
        disabled={summary.startable.length === 0}
        rightSection={<Price microUsd={props.priced.microUsd} reckoning={props.priced.estimate === undefined} />}
        onClick={props.onMakeNotes}
      >
        Make notes
      </Button>
      <Menu withInitialFocusPlaceholder={false} position="top-end">
        <Menu.Target>
          <ActionIcon aria-label="More for the selection">
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => props.onSeen(true)}>Mark as seen</Menu.Item>
          <Menu.Item onClick={() => props.onSeen(false)}>Mark as new</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ActionIcon aria-label="Clear selection" onClick={props.onClear}>
        <IconX size={16} />
      </ActionIcon>
    </section>
  )
}
