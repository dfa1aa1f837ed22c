import { Button, Checkbox, Modal, PasswordInput } from '@mantine/core'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { formatDay, plural } from '../../lib/format.ts'
import { useCommand } from '../../lib/live.ts'
import { FailureNote, State, say } from '../../ui/index.ts'
import css from './dialogs.module.css'

interface Opened {
  readonly madeAtMs: number
  readonly secrets: number
  readonly otherProfile: boolean
  readonly missingHere: number
  readonly differentHere: number
}

/** Opens a kit with its words and compares it with the keychain; with `restore` what is missing can be put back. */
export function OpenKitDialog({ purpose, onClose }: { purpose: 'test' | 'restore'; onClose: () => void }) {
  const choose = useCommand('kit', 'chooseFile')
  const test = useCommand('kit', 'test')
  const restore = useCommand('kit', 'restore')
  const [file, setFile] = useState<{ token: string; name: string } | null>(null)
  const [words, setWords] = useState('')
  const [opened, setOpened] = useState<Opened | null>(null)
  const [replace, setReplace] = useState(false)
  const field = useRef<HTMLInputElement | null>(null)
  const answer = useRef<HTMLDivElement | null>(null)
  useEffect(() => {
    if (file) field.current?.focus()
  }, [file])
  useEffect(() => {
    if (opened) answer.current?.focus()
  }, [opened])
  const toPut = opened ? opened.missingHere + (replace ? opened.differentHere : 0) : 0

  const browse = async () => {
    const chosen = await choose.run({})
    if (!chosen.ok || !chosen.value) return
    setFile(chosen.value)
    setOpened(null)
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!file) return
    const done = await test.run({ token: file.token, words })
    if (done.ok) setOpened(done.value)
    else field.current?.focus()
  }
  const put = async () => {
    if (!file) return
    const done = await restore.run({ token: file.token, words, replace })
    if (!done.ok) return
    const { restored, kept, otherProfile } = done.value
    say(
      `${plural(restored, 'secret')} restored to the keychain${kept > 0 ? `, ${kept} kept as they were` : ''}.${
        otherProfile ? ' They wait for that profile’s backup.' : ''
      }`,
    )
    onClose()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={purpose === 'test' ? 'Test my words' : 'Restore from a kit'}
      size={520}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit} className={css.form}>
        <p className={css.words}>
          {purpose === 'test'
            ? 'Inkwell opens the kit with your words and compares it with the keychain. Nothing is changed.'
            : 'Inkwell opens the kit with your words and shows what is missing here before it changes anything.'}
        </p>
        <div>
          <Button variant="default" loading={choose.running} onClick={() => void browse()} data-autofocus>
            {file ? 'Choose another file…' : 'Choose the kit…'}
          </Button>{' '}
          {file && <bdi>{file.name}</bdi>}
        </div>
        {choose.failure && <FailureNote failure={choose.failure} />}
        {file && (
          <PasswordInput
            ref={field}
            label="Words or passphrase"
            autoComplete="off"
            spellCheck={false}
            visibilityToggleButtonProps={{ 'aria-label': 'Show what is typed' }}
            value={words}
            onChange={(event) => {
              setWords(event.currentTarget.value)
              setOpened(null)
            }}
          />
        )}
        {test.failure && !opened && <FailureNote failure={test.failure} />}
        {opened && (
          <div ref={answer} className={css.form} tabIndex={-1}>
            <State kind="ok">
              The words open it. Made {formatDay(opened.madeAtMs)}, {plural(opened.secrets, 'secret')};{' '}
              {sameWords(opened)}
              {opened.otherProfile && ' It was made by another profile.'}
            </State>
            {purpose === 'restore' && opened.differentHere > 0 && (
              <Checkbox
                label={`Also replace the ${plural(opened.differentHere, 'secret')} that ${
                  opened.differentHere === 1 ? 'is' : 'are'
                } different here; what is here now is gone then`}
                checked={replace}
                onChange={(event) => setReplace(event.currentTarget.checked)}
              />
            )}
          </div>
        )}
        {restore.failure && <FailureNote failure={restore.failure} />}
        <footer className={css.foot}>
          <Button variant="default" onClick={onClose}>
            {opened && purpose === 'test' ? 'Done' : 'Cancel'}
          </Button>
          {!opened && (
            <Button type="submit" disabled={!file || words.length < 8} loading={test.running}>
              {purpose === 'test' ? 'Test' : 'Open the kit'}
            </Button>
          )}
          {opened && purpose === 'restore' && (
            <Button disabled={toPut === 0} loading={restore.running} onClick={() => void put()}>
              {toPut === 0 ? 'Nothing to restore' : `Restore ${plural(toPut, 'secret')}`}
            </Button>
          )}
        </footer>
      </form>
    </Modal>
  )
}

function sameWords({ missingHere, differentHere }: Opened): string {
  if (missingHere === 0 && differentHere === 0) return 'all are in this keychain.'
  const parts = [
    ...(missingHere > 0 ? [`${missingHere} missing here`] : []),
    ...(differentHere > 0 ? [`${differentHere} different here`] : []),
  ]
  return `${parts.join(', ')}.`
}
