import { Autocomplete, Button, Modal, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Feed } from '#shared/contract/feeds.ts'
import type { Failure } from '#shared/result.ts'
import { useCommand, useLive } from '../../lib/live.ts'
import { FailureNote, say } from '../../ui/index.ts'
import { categoriesOf } from './feed-groups.ts'
import css from './feeds.module.css'

/** The user's own name for a feed; empty goes back to the feed's. */
export function RenameDialog({ feed, onClose }: { feed: Feed; onClose: () => void }) {
  const rename = useCommand('feeds', 'rename')
  const [title, setTitle] = useState(feed.title)
  const [failure, setFailure] = useState<Failure | null>(null)
  const save = async (event: FormEvent) => {
    event.preventDefault()
    const own = title.trim()
    const done = await rename.run({ feedId: feed.id, title: own === '' || own === feed.ownTitle ? null : own })
    if (!done.ok) return setFailure(done.error)
    say(`Renamed to ${done.value.title}.`)
    onClose()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Rename ${feed.title}`}
      size={440}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={save} className={css.form}>
        <TextInput
          label="Your name for it"
          description={`It calls itself “${feed.ownTitle}”. Leave this empty to use that. Folders of notes keep their names.`}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          data-autofocus
          maxLength={500}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        {failure && <FailureNote failure={failure} />}
        <DialogFoot onClose={onClose} running={rename.running} verb="Rename" />
      </form>
    </Modal>
  )
}

export function CategoryDialog({ feed, onClose }: { feed: Feed; onClose: () => void }) {
  const setCategory = useCommand('feeds', 'setCategory')
  const feeds = useLive('feeds', 'list', {})
  const [category, setText] = useState(feed.category ?? '')
  const [failure, setFailure] = useState<Failure | null>(null)
  const save = async (event: FormEvent) => {
    event.preventDefault()
    const done = await setCategory.run({ feedId: feed.id, category: category.trim() || null })
    if (!done.ok) return setFailure(done.error)
    say(done.value.category ? `${feed.title} is in ${done.value.category}.` : `${feed.title} is in no category.`)
    onClose()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Category of ${feed.title}`}
      size={440}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={save} className={css.form}>
        <Autocomplete
          label="Category"
          description="Choose one you have, or type a new one. Empty: none."
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          data-autofocus
          maxLength={200}
          data={categoriesOf(feeds.value ?? [])}
          value={category}
          onChange={setText}
        />
        {failure && <FailureNote failure={failure} />}
        <DialogFoot onClose={onClose} running={setCategory.running} verb="Save" />
      </form>
    </Modal>
  )
}

const DialogFoot = (props: { onClose: () => void; running: boolean; verb: string }) => (
  <footer className={css.foot}>
    <Button variant="default" onClick={props.onClose}>
      Cancel
    </Button>
    <Button type="submit" loading={props.running}>
      {props.verb}
    </Button>
  </footer>
)
