import { Button } from '@mantine/core'
import { IconCornerDownLeft, IconLink, IconUpload } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { useLocation } from 'wouter'
import type { IntakeItem } from '#shared/contract/intake.ts'
import { useCommand } from '../../lib/live.ts'
import { useShortcut } from '../../lib/shortcuts.ts'
import { takeFocusTurn } from '../../lib/use-focus-heading.ts'
import { say } from '../../ui/say.tsx'
import { DraftPieces } from './DraftPieces.tsx'
import { IntakeAnswer } from './IntakeAnswer.tsx'
import css from './intake.module.css'
import { addFiles, isEmptyDraft, isPassage, offerText, useIntakeDraft } from './intake-draft.ts'
import { doneWords, verbOf, whereTo } from './intake-words.ts'
import { type Accepted, useAcceptIntake } from './use-accept-intake.ts'

/** Takes a link, words or files; says in one line what will happen; Enter does it. */
export function PasteBox({ className }: { className?: string | undefined }) {
  const draft = useIntakeDraft()
  const [path, navigate] = useLocation()
  const field = useRef<HTMLInputElement | null>(null)
  const chooseFiles = useCommand('intake', 'chooseFiles')
  const isEmpty = isEmptyDraft(draft)

  const onDone = (accepted: Accepted, items: IntakeItem[]) => {
    const words = doneWords(accepted, items)
    if (words)
      say(words, {
        key: `notes-${accepted.episodeIds[0]}`,
        action: { label: 'Open', run: () => navigate(whereTo(accepted)) },
      })
    field.current?.focus()
  }
  const intake = useAcceptIntake(onDone)
  const verb = intake.items && verbOf(intake.items)

  useEffect(() => {
    if (takeFocusTurn(path)) field.current?.focus({ preventScroll: true })
  }, [path])
  useEffect(() => {
    if (draft.arrivals > 0) field.current?.focus()
  }, [draft.arrivals])
  useShortcut('Enter', 'In the paste box: do what its line says', null)

  const choose = async () => {
    const chosen = await chooseFiles.run({})
    if (!chosen.ok) say(chosen.error.message, { tone: 'warn' })
    else if (chosen.value) addFiles(chosen.value)
  }

  return (
    <section className={[css.box, className].filter(Boolean).join(' ')} aria-label="Make notes from a link or file">
      <form
        className={css.boxRow}
        onSubmit={(event) => {
          event.preventDefault()
          void intake.accept()
        }}
      >
        <IconLink className={css.icon} size={18} stroke={1.6} aria-hidden="true" />
        <DraftPieces />
        <input
          ref={field}
          aria-label="Paste a link or text, or drop a file"
          aria-describedby="intake-answer"
          placeholder={isEmpty ? 'Paste a podcast, YouTube or feed link, or drop a file here' : ''}
          value={draft.text}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => useIntakeDraft.setState({ text: event.currentTarget.value })}
          onPaste={(event) => {
            const pasted = event.clipboardData.getData('text/plain')
            if (event.clipboardData.files.length > 0 || !isPassage(pasted)) return
            event.preventDefault()
            offerText(pasted)
          }}
        />
        {/* Two buttons, not one that changes: a click on the first must never submit. */}
        {isEmpty || (intake.items && !verb) || intake.failure ? (
          <Button key="choose" variant="default" leftSection={<IconUpload size={15} stroke={1.7} />} onClick={choose}>
            Choose a file
          </Button>
        ) : (
          <Button
            key="accept"
            type="submit"
            rightSection={<IconCornerDownLeft size={15} aria-hidden="true" />}
            loading={intake.running}
            disabled={draft.templates?.length === 0}
            data-pending={intake.looking || undefined}
          >
            {verb ?? 'Go on'}
          </Button>
        )}
      </form>
      <IntakeAnswer
        items={intake.items}
        failure={intake.failure}
        problems={intake.problems}
        looking={intake.looking}
        onAddFeed={() => navigate('/feeds')}
      />
    </section>
  )
}
