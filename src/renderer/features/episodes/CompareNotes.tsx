import { Button } from '@mantine/core'
import { IconArrowLeft, IconCheck, IconPencil } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import type { MergeBlock, Note } from '#shared/contract/notes.ts'
import { formatMoment, plural } from '../../lib/format.ts'
import { useCommand, useLive } from '../../lib/live.ts'
import { FailureNote, Loading, say } from '../../ui/index.ts'
import { CompareBlock, type Take } from './CompareBlock.tsx'
import css from './compare.module.css'
import type { TextActions } from './markup/TextLink.tsx'

const differs = (block: MergeBlock): boolean => block.kind !== 'same'

/** The user's text and the newer one, block by block; nothing is written until Done. */
export function CompareNotes(props: {
  note: Note
  lang: string | undefined
  actions: TextActions
  onClose: () => void
}) {
  const { note, onClose } = props
  const compared = useLive('notes', 'compare', { noteId: note.id })
  const keepMine = useCommand('notes', 'keepMine')
  const takeNew = useCommand('notes', 'takeNew')
  const merge = useCommand('notes', 'merge')
  const [chosen, setChosen] = useState<ReadonlyMap<number, Take>>(new Map())
  const token = compared.value?.token
  // Choices were made about these two texts: of others nothing is known.
  useEffect(() => setChosen(new Map()), [token])
  const heading = useRef<HTMLHeadingElement | null>(null)
  useEffect(() => heading.current?.focus(), [])

  const blocks = compared.value?.blocks ?? []
  const open = blocks.filter(differs)
  const takeOf = (block: MergeBlock): Take => chosen.get(block.index) ?? block.suggested
  const end = (done: { ok: true } | { ok: false; error: { message: string } }, words: string): void => {
    if (!done.ok) {
      say(done.error.message, { tone: 'warn' })
      compared.again()
      return
    }
    say(words)
    onClose()
  }
  const finish = async (): Promise<void> => {
    if (token === undefined) return
    const choices = open.map((block) => ({ index: block.index, take: takeOf(block) }))
    end(
      await merge.run({ noteId: note.id, token, choices }),
      `${note.title} is written. Both texts are in its history.`,
    )
  }
  const keepAll = async (): Promise<void> =>
    end(await keepMine.run({ noteId: note.id }), 'Yours is kept. The newer text is gone from the folder.')
  const takeAll = async (): Promise<void> =>
    end(await takeNew.run({ noteId: note.id }), 'The newer version took its place. Yours is in history for 30 days.')

  const saved = compared.value?.mineSavedAtMs ?? null
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
          {compared.value && (
            <p>
              {plural(open.length, 'block')} {open.length === 1 ? 'differs' : 'differ'}, {blocks.length - open.length}{' '}
              {blocks.length - open.length === 1 ? 'is' : 'are'} the same. Nothing is written until Done, and both stay
              in history for 30 days.
            </p>
          )}
        </div>
        <Button variant="default" loading={keepMine.running} onClick={() => void keepAll()}>
          Keep all mine
        </Button>
        <Button variant="default" loading={takeNew.running} onClick={() => void takeAll()}>
          Take all new
        </Button>
        <Button
          leftSection={<IconCheck size={15} stroke={2} />}
          loading={merge.running}
          disabled={!compared.value}
          onClick={() => void finish()}
        >
          Done
        </Button>
      </header>
      {compared.failure && <FailureNote failure={compared.failure} onRetry={compared.again} />}
      <div className={css.heads}>
        <span className={css.pen}>
          <IconPencil size={14} stroke={1.8} aria-hidden="true" /> Yours{saved !== null && `, ${formatMoment(saved)}`}
        </span>
        <span />
        <span>New, {note.newerFileName}</span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className={css.blocks} aria-label="Both texts, block by block" tabIndex={0}>
        {!compared.value && !compared.failure && <Loading rows={4} label="Comparing both texts" />}
        {blocks.map((block) => (
          <CompareBlock
            key={block.index}
            block={block}
            take={takeOf(block)}
            number={open.indexOf(block) + 1}
            lang={props.lang}
            actions={props.actions}
            onTake={(take) => setChosen((before) => new Map(before).set(block.index, take))}
          />
        ))}
      </section>
    </section>
  )
}
