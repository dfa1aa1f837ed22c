import { Button } from '@mantine/core'
import { IconArrowLeft, IconPencil } from '@tabler/icons-react'
import { useEffect, useMemo, useRef } from 'react'
import type { Note } from '#shared/contract/notes.ts'
import { plural } from '../../lib/format.ts'
import { useCommand, useLive } from '../../lib/live.ts'
import { FailureNote, Loading, say } from '../../ui/index.ts'
import css from './episode.module.css'
import { countOnlyIn, passagesOf } from './markup/differences.ts'
import type { TextActions } from './markup/TextLink.tsx'
import { NoteText } from './NoteText.tsx'

/** The user's text and the newer one side by side; nothing is written until one is chosen. */
export function CompareNotes(props: {
  note: Note
  lang: string | undefined
  actions: TextActions
  onClose: () => void
}) {
  const { note, lang, actions, onClose } = props
  const mine = useLive('notes', 'read', { noteId: note.id })
  const newer = useLive('notes', 'read', { noteId: note.id, newer: true })
  const keepMine = useCommand('notes', 'keepMine')
  const takeNew = useCommand('notes', 'takeNew')
  const passages = useMemo(() => {
    const [own, other] = [mine.value, newer.value].map((text) => (text ? passagesOf(text.markdown) : null))
    return own && other ? { own, newer: other } : null
  }, [mine.value, newer.value])
  const heading = useRef<HTMLHeadingElement | null>(null)
  useEffect(() => heading.current?.focus(), [])
  const choose = async (command: typeof keepMine, words: string) => {
    const done = await command.run({ noteId: note.id })
    if (!done.ok) return say(done.error.message, { tone: 'warn' })
    say(words)
    onClose()
  }
  const failure = mine.failure ?? newer.failure
  return (
    <section className={css.compare} aria-label={`Compare ${note.title}`}>
      <header>
        <Button variant="subtle" size="xs" leftSection={<IconArrowLeft size={14} />} onClick={onClose}>
          Back
        </Button>
        <div>
          <h1 ref={heading} tabIndex={-1}>
            Your {note.title} and the newer one
          </h1>
          {passages && (
            <p>
              {plural(countOnlyIn(passages.own, passages.newer), 'passage')} only in yours,{' '}
              {countOnlyIn(passages.newer, passages.own)} only in the new one.
            </p>
          )}
          <p>Nothing is written until you choose. Taking the new one keeps yours in history for 30 days.</p>
        </div>
        <Button
          variant="default"
          loading={keepMine.running}
          onClick={() => void choose(keepMine, 'Yours is kept. The newer text is gone from the folder.')}
        >
          Keep mine
        </Button>
        <Button
          loading={takeNew.running}
          onClick={() => void choose(takeNew, 'The newer version took its place. Yours is in history for 30 days.')}
        >
          Take new
        </Button>
      </header>
      {failure && <FailureNote failure={failure} onRetry={mine.failure ? mine.again : newer.again} />}
      <div className={css.columns}>
        <article aria-labelledby="compare-mine" className={css.mine}>
          <h2 id="compare-mine" className={css.pen}>
            <IconPencil size={14} stroke={1.8} aria-hidden="true" /> Yours
          </h2>
          {mine.value ? (
            <NoteText markdown={mine.value.markdown} lang={lang} actions={actions} known={passages?.newer ?? null} />
          ) : (
            <Loading rows={3} />
          )}
        </article>
        <article aria-labelledby="compare-newer">
          <h2 id="compare-newer">New, {note.newerFileName}</h2>
          {newer.value ? (
            <NoteText markdown={newer.value.markdown} lang={lang} actions={actions} known={passages?.own ?? null} />
          ) : (
            <Loading rows={3} />
          )}
        </article>
      </div>
    </section>
  )
}
