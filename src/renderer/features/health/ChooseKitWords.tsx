import { Button, PasswordInput } from '@mantine/core'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useCommand } from '../../lib/live.ts'
import { FailureNote, Loading } from '../../ui/index.ts'
import css from './dialogs.module.css'
import { wordsOf } from './kit-words.ts'
import type { KitWords } from './MakeKitDialog.tsx'

const shortest = 8

/** Twelve words to write down, or a passphrase of one's own. */
export function ChooseKitWords(props: {
  chosen: KitWords | null
  onChosen: (words: KitWords) => void
  onClose: () => void
}) {
  const suggest = useCommand('kit', 'suggestWords')
  const [suggestion, setSuggestion] = useState(props.chosen?.suggested ? props.chosen.words : null)
  const [own, setOwn] = useState(props.chosen?.suggested === false ? props.chosen.words : null)
  const isOwn = own !== null
  const ask = useRef(suggest.run)
  ask.current = suggest.run
  const suggestNew = async () => {
    const answer = await ask.current({})
    if (answer.ok) setSuggestion(answer.value.words)
  }
  const wanted = useRef(suggestion === null)
  useEffect(() => {
    if (!wanted.current) return
    wanted.current = false
    void ask.current({}).then((answer) => answer.ok && setSuggestion(answer.value.words))
  }, [])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isOwn) props.onChosen({ words: own, suggested: false })
    else if (suggestion) props.onChosen({ words: suggestion, suggested: true })
  }
  return (
    <form onSubmit={submit} className={css.form}>
      <p className={css.words}>
        {isOwn
          ? 'Whoever has the file and guesses this has your passwords. Make it long, and write it down.'
          : 'Write these words down, in this order, on paper. Inkwell keeps them nowhere: without them nobody opens the kit.'}
      </p>
      {isOwn && (
        <PasswordInput
          label="Passphrase"
          description={`${shortest} characters or more.`}
          autoComplete="off"
          data-autofocus
          visibilityToggleButtonProps={{ 'aria-label': 'Show what is typed' }}
          value={own}
          onChange={(event) => setOwn(event.currentTarget.value)}
        />
      )}
      {!isOwn && suggestion === null && !suggest.failure && <Loading rows={2} label="Choosing words" />}
      {!isOwn && suggestion !== null && (
        <ol className={css.wordList} aria-label="Words to write down">
          {wordsOf(suggestion).map((word, index) => (
            <li key={index}>
              <span>{index + 1}</span>
              {word}
            </li>
          ))}
        </ol>
      )}
      {!isOwn && suggest.failure && (
        <FailureNote failure={suggest.failure} onRetry={() => void suggestNew()} mendLabel="Try again" />
      )}
      <footer className={css.foot}>
        {!isOwn && (
          <Button variant="subtle" loading={suggest.running} onClick={() => void suggestNew()}>
            Other words
          </Button>
        )}
        <Button variant="subtle" onClick={() => setOwn(isOwn ? null : '')}>
          {isOwn ? 'Use words Inkwell suggests' : 'Use my own'}
        </Button>
        <span className={css.grow} />
        <Button variant="default" onClick={props.onClose}>
          Cancel
        </Button>
        <Button type="submit" disabled={isOwn ? own.length < shortest : suggestion === null}>
          {isOwn ? 'Go on' : 'I have written them down'}
        </Button>
      </footer>
    </form>
  )
}
