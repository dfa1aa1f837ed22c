import { IconPencil } from '@tabler/icons-react'
import { type KeyboardEvent, useRef } from 'react'
import type { Note } from '#shared/contract/notes.ts'
import { useShortcut } from '../../lib/shortcuts.ts'
import css from './episode.module.css'

/** The key of the last tab, which holds what the show itself says. */
export const showNotesTab = 'show-notes'
export const tabId = (key: string): string => `note-tab-${key}`
export const panelId = 'note-panel'

/** One tab for each note, then the show notes. Arrow keys move along, as do 1 to 9. */
export function NoteTabs(props: {
  notes: readonly Note[]
  hasShowNotes: boolean
  current: string
  onChoose: (key: string) => void
}) {
  const { notes, current, onChoose } = props
  const list = useRef<HTMLDivElement | null>(null)
  const keys = [...notes.map((note) => note.id), ...(props.hasShowNotes ? [showNotesTab] : [])]
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    const to = event.key === 'Home' ? 0 : event.key === 'End' ? keys.length - 1 : null
    if (step === undefined && to === null) return
    event.preventDefault()
    const index = to ?? (keys.indexOf(current) + step! + keys.length) % keys.length
    onChoose(keys[index]!)
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[index]?.focus()
  }
  const tab = (key: string) => ({
    id: tabId(key),
    type: 'button' as const,
    role: 'tab',
    'aria-selected': key === current,
    'aria-controls': panelId,
    tabIndex: key === current ? 0 : -1,
    onClick: () => onChoose(key),
  })
  return (
    <div ref={list} className={css.tabs} role="tablist" aria-label="Notes" onKeyDown={onKeyDown}>
      {notes.map((note, index) => (
        <button key={note.id} {...tab(note.id)} data-removed={note.state === 'deleted' || undefined}>
          {note.title}
          {note.state === 'deleted' && <span className="ik-hidden">, removed by you</span>}
          {note.itemCount !== null && note.state !== 'deleted' && (
            <small className="ik-tabular">{note.itemCount}</small>
          )}
          {note.state === 'edited' && (
            <>
              <IconPencil size={13} stroke={1.8} aria-hidden="true" />
              <span className="ik-hidden">, edited by you</span>
            </>
          )}
          {index < 9 && <TabKey number={index + 1} title={note.title} run={() => onChoose(note.id)} />}
        </button>
      ))}
      {props.hasShowNotes && <button {...tab(showNotesTab)}>Show notes</button>}
    </div>
  )
}

function TabKey({ number, title, run }: { number: number; title: string; run: () => void }) {
  useShortcut(String(number), title, run, { group: 'Episode' })
  return null
}
