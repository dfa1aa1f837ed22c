import { Button, PasswordInput, TextInput } from '@mantine/core'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { Failure } from '#shared/result.ts'
import { FailureNote } from '../../ui/index.ts'
import css from './dialogs.module.css'
import { isSameWord, twoPlaces, wordsOf } from './kit-words.ts'
import type { KitWords } from './MakeKitDialog.tsx'

/** Two of the words, or the passphrase again: a kit that nobody can open is worse than none. */
export function ProveKitWords(props: {
  chosen: KitWords
  saving: boolean
  failure: Failure | null
  onBack: () => void
  onSave: () => void
}) {
  const { words, suggested } = props.chosen
  const list = wordsOf(words)
  const [places] = useState(() => twoPlaces(list.length))
  const [typed, setTyped] = useState<readonly string[]>(['', ''])
  const [wrong, setWrong] = useState(false)
  const first = useRef<HTMLInputElement | null>(null)
  useEffect(() => first.current?.focus(), [])
  const type = (index: number, text: string) => {
    setWrong(false)
    setTyped((now) => now.map((one, at) => (at === index ? text : one)))
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const same = suggested ? places.every((place, at) => isSameWord(typed[at]!, list[place]!)) : typed[0] === words
    if (same) return props.onSave()
    setWrong(true)
    first.current?.focus()
  }
  return (
    <form onSubmit={submit} className={css.form}>
      <p className={css.words}>
        {suggested ? 'From your paper: two of the words.' : 'The passphrase again.'} Then you choose where the file
        goes. It is opened with {suggested ? 'the words' : 'it'} before it counts as made.
      </p>
      {suggested ? (
        <div className={css.pair}>
          {places.map((place, at) => (
            <TextInput
              key={place}
              ref={at === 0 ? first : undefined}
              label={`Word ${place + 1}`}
              autoComplete="off"
              spellCheck={false}
              value={typed[at]!}
              onChange={(event) => type(at, event.currentTarget.value)}
            />
          ))}
        </div>
      ) : (
        <PasswordInput
          ref={first}
          label="Passphrase"
          autoComplete="off"
          visibilityToggleButtonProps={{ 'aria-label': 'Show what is typed' }}
          value={typed[0]!}
          onChange={(event) => type(0, event.currentTarget.value)}
        />
      )}
      {wrong && (
        <FailureNote
          tone="warn"
          failure={{
            code: 'not-the-same',
            message: suggested
              ? 'These are not the words at these places. Look at your paper, or go back and see them again.'
              : 'This is not what you typed before. Go back to type both again.',
            retryable: false,
          }}
        />
      )}
      {props.failure && <FailureNote failure={props.failure} />}
      <footer className={css.foot}>
        <Button variant="default" disabled={props.saving} onClick={props.onBack}>
          Back
        </Button>
        <Button type="submit" loading={props.saving}>
          Save the kit…
        </Button>
      </footer>
    </form>
  )
}
