import { Button, Modal } from '@mantine/core'
import { useState } from 'react'
import type { Note, NoteVersion } from '#shared/contract/notes.ts'
import { formatDate, formatMoment } from '../../lib/format.ts'
import { useCommand, useLive } from '../../lib/live.ts'
import { FailureNote, Loading, say } from '../../ui/index.ts'
import css from './earlier-texts.module.css'
import type { TextActions } from './markup/TextLink.tsx'
import { NoteText } from './NoteText.tsx'

const origins: Record<NoteVersion['origin'], string> = {
  'yours-replaced': 'Yours, before a newer one took its place',
  displaced: 'On disk when a newer one was written',
  written: 'As Inkwell wrote it last',
}

/** Earlier texts of a note: read one, and have it back. */
export function EarlierTexts(props: {
  note: Note
  lang: string | undefined
  actions: TextActions
  onClose: () => void
}) {
  const { note, onClose } = props
  const versions = useLive('notes', 'versions', { noteId: note.id })
  const [chosen, setChosen] = useState<string | null>(null)
  const shown = chosen ?? versions.value?.[0]?.id ?? null
  const text = useLive('notes', 'readVersion', shown === null ? null : { versionId: shown })
  const restore = useCommand('notes', 'restoreVersion')
  const bring = async () => {
    if (shown === null) return
    const done = await restore.run({ versionId: shown })
    if (!done.ok) return say(done.error.message, { tone: 'warn' })
    say(`Restored as ${done.value.fileName}.`)
    onClose()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Earlier texts of ${note.title}`}
      size={860}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {versions.failure && <FailureNote failure={versions.failure} onRetry={versions.again} />}
      {!versions.value && !versions.failure && <Loading rows={3} />}
      {versions.value?.length === 0 && <p className={css.none}>No earlier text of this note is kept.</p>}
      {versions.value && versions.value.length > 0 && (
        <div className={css.both}>
          <ul className={css.list}>
            {versions.value.map((version) => (
              <li key={version.id}>
                <button type="button" aria-pressed={version.id === shown} onClick={() => setChosen(version.id)}>
                  <b>{formatMoment(version.savedAtMs)}</b>
                  <span>{origins[version.origin]}</span>
                  {version.keptUntilMs !== null && <small>Kept until {formatDate(version.keptUntilMs)}</small>}
                </button>
              </li>
            ))}
          </ul>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
          <section className={css.text} aria-label="The text" tabIndex={0}>
            {text.failure && <FailureNote failure={text.failure} onRetry={text.again} />}
            {text.value && <NoteText markdown={text.value.markdown} lang={props.lang} actions={props.actions} />}
          </section>
        </div>
      )}
      <footer className={css.foot}>
        <p>It comes back in its place, or beside your own text. Nothing is overwritten.</p>
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        <Button disabled={!text.value} loading={restore.running} onClick={() => void bring()}>
          Restore this text
        </Button>
      </footer>
    </Modal>
  )
}
