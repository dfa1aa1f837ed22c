import { Button, Checkbox, Modal } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Feed } from '#shared/contract/feeds.ts'
import type { Failure } from '#shared/result.ts'
import { useCommand } from '../../lib/live.ts'
import { FailureNote, say } from '../../ui/index.ts'
import { credentialsOf, emptyForm, hostOf } from './add-feed-model.ts'
import { CredentialFields } from './CredentialFields.tsx'
import css from './feeds.module.css'

/** Gives a followed feed its name and password, or token, and says how it answered. */
export function CredentialsDialog({ feed, onClose }: { feed: Feed; onClose: () => void }) {
  const setCredentials = useCommand('feeds', 'setCredentials')
  const [form, setForm] = useState(emptyForm())
  const [failure, setFailure] = useState<Failure | null>(null)
  const [offerSession, setOfferSession] = useState(false)
  const credentials = credentialsOf(form)

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!credentials) return
    const done = await setCredentials.run({
      feedId: feed.id,
      credentials,
      ...(form.sessionOnly ? { secretStorage: 'session' as const } : {}),
    })
    if (!done.ok) {
      setFailure(done.error)
      if (done.error.code === 'keychain-unavailable') setOfferSession(true)
      return
    }
    say(`${done.value.title}: ${done.value.state.message}`)
    onClose()
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={`Password for ${feed.title}`}
      size={560}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit} className={css.form}>
        <p className={css.words}>
          {feed.state.kind === 'needs-password'
            ? (feed.state.detail ?? feed.state.message)
            : 'The stored one is replaced.'}
        </p>
        {failure && <FailureNote failure={failure} />}
        <CredentialFields
          values={form}
          onChange={(change) => setForm((now) => ({ ...now, ...change }))}
          host={feed.urlDisplay ? hostOf(feed.urlDisplay) : null}
        />
        {offerSession && (
          <Checkbox
            label="Keep it for this session only; it is asked for again at the next start"
            checked={form.sessionOnly}
            onChange={(event) => setForm((now) => ({ ...now, sessionOnly: event.target.checked }))}
          />
        )}
        <footer className={css.foot}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={!credentials} loading={setCredentials.running}>
            {failure ? 'Try again' : 'Save and check'}
          </Button>
        </footer>
      </form>
    </Modal>
  )
}
