import { Button } from '@mantine/core'
import { IconArrowBackUp, IconFileText, IconGitCompare, IconPencil } from '@tabler/icons-react'
import { useState } from 'react'
import type { Note } from '#shared/contract/notes.ts'
import { useCommand, useLive } from '../../lib/live.ts'
import { EmptyState, FailureNote, Loading, State, say } from '../../ui/index.ts'
import { EarlierTexts } from './EarlierTexts.tsx'
import css from './episode.module.css'
import { longestNote } from './markup/blocks.ts'
import type { TextActions } from './markup/TextLink.tsx'
import { NoteText } from './NoteText.tsx'
import { Provenance } from './Provenance.tsx'

/** One note as it is on disk now, with what there is to know about it. */
export function NotePane(props: {
  note: Note
  lang: string | undefined
  /** Of the recording; null where nobody knows. */
  totalSeconds: number | null
  actions: TextActions
  onCompare: () => void
  onShowFile: () => void
}) {
  const { note } = props
  const [earlier, setEarlier] = useState(false)
  const text = useLive('notes', 'read', note.state === 'deleted' ? null : { noteId: note.id })
  if (note.state === 'deleted') return <RemovedNote note={note} />
  const shown = text.value?.note.id === note.id ? text.value : undefined
  const cut = shown && (shown.truncated || shown.markdown.length > longestNote)
  return (
    <>
      {note.newerFileName !== null && <NewerBanner note={note} onCompare={props.onCompare} />}
      {note.state === 'unreachable' && !text.failure && (
        <p className={css.line}>
          <State kind="warn">The notes folder is not there now. What was made is kept.</State>
        </p>
      )}
      {note.state === 'waiting' && (
        <p className={css.line}>
          <State kind="wait">A newer text waits to be written. It is written by itself.</State>
        </p>
      )}
      <Provenance note={note} totalSeconds={props.totalSeconds} onEarlier={() => setEarlier(true)} />
      {earlier && (
        <EarlierTexts note={note} lang={props.lang} actions={props.actions} onClose={() => setEarlier(false)} />
      )}
      {text.failure && <FailureNote failure={text.failure} onRetry={text.again} />}
      {!shown && !text.failure && <Loading rows={3} label="Loading the note" />}
      {cut && (
        <p className={css.line}>
          <State kind="warn">This note is long. Its beginning is shown as plain text; the whole is in its file.</State>
          <button type="button" className="ik-link" onClick={props.onShowFile}>
            Show the file
          </button>
        </p>
      )}
      {shown && <NoteText key={note.id} markdown={shown.markdown} lang={props.lang} actions={props.actions} />}
    </>
  )
}

/** A note whose file is gone: it stays removed until it is asked back. */
function RemovedNote({ note }: { note: Note }) {
  const bringBack = useCommand('notes', 'bringBack')
  const bring = async () => {
    const done = await bringBack.run({ noteId: note.id })
    say(done.ok ? `${note.title} is back in the folder.` : done.error.message, { tone: done.ok ? 'plain' : 'warn' })
  }
  return (
    <EmptyState
      title="You removed this note."
      action={
        <Button
          variant="default"
          leftSection={<IconArrowBackUp size={15} stroke={1.7} />}
          loading={bringBack.running}
          onClick={() => void bring()}
        >
          Bring it back
        </Button>
      }
    >
      Its file is no longer in the notes folder, and Inkwell leaves it removed. The text it last wrote is kept.
    </EmptyState>
  )
}

/** Only while a newer text waits beside the user's. */
function NewerBanner({ note, onCompare }: { note: Note; onCompare: () => void }) {
  const keepMine = useCommand('notes', 'keepMine')
  const keep = async () => {
    const done = await keepMine.run({ noteId: note.id })
    say(
      done.ok
        ? `${note.state === 'current' ? 'This one' : 'Yours'} is kept. The newer text is gone from the folder.`
        : done.error.message,
      {
        tone: done.ok ? 'plain' : 'warn',
      },
    )
  }
  return (
    <section className={css.banner} aria-label="A newer version waits">
      {note.state === 'current' ? (
        <IconFileText size={16} stroke={1.7} aria-hidden="true" />
      ) : (
        <IconPencil size={16} stroke={1.7} aria-hidden="true" />
      )}
      <p>
        {note.state === 'current' ? (
          <>
            <b>A model’s new text waits</b> in <code>{note.newerFileName}</code>; the one below is untouched.
          </>
        ) : (
          <>
            <b>Edited by you.</b> A newer version is ready in <code>{note.newerFileName}</code>; yours is untouched.
          </>
        )}
      </p>
      <Button variant="subtle" size="xs" loading={keepMine.running} onClick={() => void keep()}>
        {note.state === 'current' ? 'Keep this one' : 'Keep mine'}
      </Button>
      <Button variant="outline" size="xs" leftSection={<IconGitCompare size={14} stroke={1.7} />} onClick={onCompare}>
        Compare
      </Button>
    </section>
  )
}
