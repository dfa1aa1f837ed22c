import { TextInput } from '@mantine/core'
import { IconArrowsSort, IconSearch } from '@tabler/icons-react'
import { useDeferredValue, useEffect, useMemo, useState } from 'react'
import type { EpisodeRow } from '#shared/contract/episodes.ts'
import { announce } from '../../lib/announce.ts'
import { formatCount, formatLength, plural } from '../../lib/format.ts'
import { useCommand } from '../../lib/live.ts'
import { useShortcut } from '../../lib/shortcuts.ts'
import { useEstimate } from '../../lib/use-estimate.ts'
import { EmptyState, say } from '../../ui/index.ts'
import { EpisodeTable } from './EpisodeTable.tsx'
import { countBySegment, type Segment, segments, shownRows, summarise, transcriptWords } from './episode-rows.ts'
import css from './episodes.module.css'
import { SelectionBar } from './SelectionBar.tsx'
import { clear, noSelection, retain, type Selection } from './selection.ts'
import { useCanHear } from './use-can-hear.ts'
import { useStartNotes } from './use-start-notes.ts'

const roomForBar = 84
/** More at once are not reckoned: it would take seconds. */
const mostPriced = 200

/** A feed's episodes with what narrows, orders and selects them. */
export function EpisodeList({ rows, feedTitle }: { rows: readonly EpisodeRow[]; feedTitle: string }) {
  const [segment, setSegment] = useState<Segment>('all')
  const [oldestFirst, setOldestFirst] = useState(false)
  const [titleFilter, setTitleFilter] = useState('')
  const [selection, setSelection] = useState<Selection>(noSelection)
  const [templates, setTemplates] = useState<readonly string[] | null>(null)
  const filter = useDeferredValue(titleFilter)
  const startNotes = useStartNotes()
  const setSeen = useCommand('episodes', 'setSeen')

  const counts = useMemo(() => countBySegment(rows), [rows])
  const shown = useMemo(
    () => shownRows(rows, { segment, oldestFirst, titleFilter: filter }),
    [rows, segment, oldestFirst, filter],
  )
  useEffect(() => setSelection((now) => retain(now, new Set(rows.map((row) => row.id)))), [rows])
  const canHear = useCanHear()
  const summary = useMemo(() => summarise(rows, selection.ids, canHear), [rows, selection.ids, canHear])
  useEffect(() => {
    if (summary.count === 0) return
    // A pause, so that Shift with an arrow key held down is one sentence.
    const timer = setTimeout(() => {
      announce(`${formatCount(summary.count)} chosen, ${formatLength(summary.seconds)}. ${transcriptWords(summary)}`)
    }, 400)
    return () => clearTimeout(timer)
  }, [summary])

  const priced = useEstimate(summary.startable.slice(0, mostPriced), templates)
  const make = async (ids: readonly string[]) => {
    if (await startNotes.start(ids, templates, { approvedMicroUsd: priced.approvedMicroUsd })) setSelection(clear)
  }
  const atCursor = rows.find((row) => row.id === selection.cursor)
  const makeNotes = () => {
    if (selection.ids.size > 0) return void make(summary.startable)
    if (!atCursor) return
    void make([atCursor.id])
  }
  const markSeen = async (seen: boolean) => {
    const done = await setSeen.run({ episodeIds: [...selection.ids], seen })
    if (!done.ok) return say(done.error.message, { tone: 'warn' })
    say(`${plural(done.value.changed, 'episode')} marked as ${seen ? 'seen' : 'new'}.`)
  }
  useShortcut('n', 'Make notes', makeNotes, { group: 'Lists' })
  useShortcut('Space', 'Select', null, { group: 'Lists' })
  useShortcut('shift+ArrowDown', 'Extend the selection', null, { group: 'Lists' })
  useShortcut('mod+a', 'Select all shown', null, { group: 'Lists' })
  useShortcut('Enter', 'Open', null, { group: 'Lists' })

  return (
    <div className={css.list}>
      <div className={css.bar}>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend that is seen */}
        <div className={css.segments} role="group" aria-label="Show">
          {segments.map(({ key, words }) => (
            <button key={key} type="button" aria-pressed={segment === key} onClick={() => setSegment(key)}>
              {words} <span className="ik-tabular">{formatCount(counts[key])}</span>
            </button>
          ))}
        </div>
        <button type="button" className={css.chip} onClick={() => setOldestFirst((now) => !now)}>
          <IconArrowsSort size={13} aria-hidden="true" />
          {oldestFirst ? 'Oldest first' : 'Newest first'}
        </button>
        <TextInput
          size="xs"
          className={css.filter}
          aria-label="Filter by title"
          placeholder="Filter by title"
          leftSection={<IconSearch size={14} />}
          value={titleFilter}
          onChange={(event) => setTitleFilter(event.currentTarget.value)}
        />
      </div>
      {shown.length === 0 ? (
        <EmptyState title={rows.length === 0 ? 'No episodes yet.' : 'Nothing fits.'}>
          {rows.length === 0
            ? 'They appear here when the feed has been read.'
            : titleFilter !== ''
              ? `No title here has ‘${titleFilter}’. Show all or change the words.`
              : 'No episode is in this group now.'}
        </EmptyState>
      ) : (
        <EpisodeTable
          rows={shown}
          label={`Episodes of ${feedTitle}`}
          selection={selection}
          onSelect={setSelection}
          roomBelow={summary.count > 0 ? roomForBar : 16}
        />
      )}
      {summary.count > 0 && (
        <SelectionBar
          summary={summary}
          templates={templates}
          onTemplates={setTemplates}
          running={startNotes.running}
          priced={priced}
          onMakeNotes={makeNotes}
          onSeen={(seen) => void markSeen(seen)}
          onClear={() => setSelection(clear)}
        />
      )}
    </div>
  )
}
