import { Button, Checkbox, Modal, TextInput } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import type { Feed } from '#shared/contract/feeds.ts'
import type { Failure } from '#shared/result.ts'
import { plural } from '../../lib/format.ts'
import { say } from '../../ui/index.ts'
import {
  type AddFeedForm,
  type Candidate,
  emptyForm,
  hostOf,
  type Mends,
  mendsAfter,
  noMends,
  requestOf,
  splitMessage,
  wantsToken,
} from './add-feed-model.ts'
import { CredentialFields } from './CredentialFields.tsx'
import css from './feeds.module.css'
import { useAddFeed } from './use-add-feed.ts'

/** One field that takes anything; a failure stays here with what mends it, and nothing typed is lost. */
export function AddFeedDialog(props: { title?: string; intro?: string; initialUrl?: string; onClose: () => void }) {
  const add = useAddFeed()
  const [, go] = useLocation()
  const [form, setForm] = useState<AddFeedForm>(() => emptyForm(props.initialUrl))
  const [mends, setMends] = useState<Mends>(noMends)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [followed, setFollowed] = useState<Feed | null>(null)
  const urlField = useRef<HTMLInputElement | null>(null)
  const credentialField = useRef<HTMLInputElement | null>(null)
  const localField = useRef<HTMLInputElement | null>(null)
  const sessionField = useRef<HTMLInputElement | null>(null)
  const change = (values: Partial<AddFeedForm>) => setForm((now) => ({ ...now, ...values }))

  // The dialog goes on at the field that mends the failure.
  useEffect(() => {
    if (!failure) return
    const asked = mendsAfter(noMends, failure)
    if (asked.candidates.length > 0) return
    const field = asked.credentials
      ? credentialField
      : asked.localNetwork
        ? localField
        : asked.sessionOnly
          ? sessionField
          : urlField
    field.current?.focus()
  }, [failure])

  const open = (feed: Feed) => {
    props.onClose()
    go(`/feeds/${feed.id}`)
  }
  const ask = async (asked: AddFeedForm, known: Mends) => {
    setFollowed(null)
    const done = await add.run(requestOf(asked, known))
    if (!done.ok) {
      setMends(mendsAfter(known, done.error))
      if (!known.credentials && wantsToken(done.error)) change({ useToken: true })
      return setFailure(done.error)
    }
    setFailure(null)
    const { feed } = done.value
    if (done.value.alreadyFollowed) return setFollowed(feed)
    props.onClose()
    say(`${feed.title} added, ${plural(feed.episodeCount, 'episode')}.`, {
      action: { label: 'Open', run: () => go(`/feeds/${feed.id}`) },
    })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (form.url.trim() !== '') void ask(form, mends)
  }
  const choose = (candidate: Candidate) => {
    const chosen = { ...form, url: candidate.url }
    setForm(chosen)
    void ask(chosen, { ...mends, candidates: [] })
  }

  return (
    <Modal
      opened
      onClose={props.onClose}
      title={props.title ?? 'Add a feed'}
      size={560}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit} className={css.form}>
        {props.intro && <p className={css.words}>{props.intro}</p>}
        <TextInput
          label="Feed, show page or YouTube channel"
          description="A private address is kept in this computer’s keychain, never in the database."
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          ref={urlField}
          data-autofocus
          autoComplete="off"
          spellCheck={false}
          maxLength={4096}
          value={form.url}
          onChange={(event) => {
            change({ url: event.currentTarget.value })
            setFollowed(null)
            setMends(noMends)
            setFailure(null)
          }}
        />
        {failure && <Why failure={failure} tone={mends.candidates.length > 0 ? 'warn' : 'bad'} />}
        {mends.candidates.length > 0 && (
          <Candidates candidates={mends.candidates} onChoose={choose} disabled={add.running} />
        )}
        {mends.credentials && (
          <CredentialFields values={form} onChange={change} host={hostOf(form.url)} fieldRef={credentialField} />
        )}
        {mends.localNetwork && (
          <Checkbox
            ref={localField}
            label="Allow this address on the local network"
            description="Only for a server of your own. Feeds from elsewhere may not lead here."
            checked={form.allowLocalNetwork}
            onChange={(event) => change({ allowLocalNetwork: event.target.checked })}
          />
        )}
        {mends.sessionOnly && (
          <Checkbox
            ref={sessionField}
            label="Keep it for this session only"
            description="No keychain was found on this computer. The password is asked for again at the next start."
            checked={form.sessionOnly}
            onChange={(event) => change({ sessionOnly: event.target.checked })}
          />
        )}
        {followed && (
          <p className={css.already} role="status">
            You already follow <b>{followed.title}</b>.
          </p>
        )}
        <footer className={css.foot}>
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          {followed ? (
            <Button onClick={() => open(followed)}>Open it</Button>
          ) : (
            <Button type="submit" loading={add.running} disabled={form.url.trim() === ''}>
              {failure ? 'Try again' : 'Add feed'}
            </Button>
          )}
        </footer>
      </form>
    </Modal>
  )
}

/** What the address answered: in words first, then what to do. */
function Why({ failure, tone }: { failure: Failure; tone: 'bad' | 'warn' }) {
  const { lead, rest } = splitMessage(failure.message)
  return (
    <div className={css.why} data-tone={tone} role="alert">
      <IconAlertTriangle size={17} stroke={1.7} aria-hidden="true" />
      <div>
        <b>{lead}</b>
        {rest && <p>{rest}</p>}
      </div>
    </div>
  )
}

function Candidates(props: {
  candidates: readonly Candidate[]
  onChoose: (candidate: Candidate) => void
  disabled: boolean
}) {
  return (
    <div>
      <p className={css.label} id="feed-candidates">
        Feeds found on this page
      </p>
      <ul className={css.candidates} aria-labelledby="feed-candidates">
        {props.candidates.map((candidate) => (
          <li key={candidate.url}>
            <span>
              <b>{candidate.title ?? hostOf(candidate.url) ?? 'Feed'}</b>
              <small>{candidate.url}</small>
            </span>
            <Button
              variant="default"
              size="xs"
              disabled={props.disabled}
              aria-label={`Follow ${candidate.title ?? candidate.url}`}
              onClick={() => props.onChoose(candidate)}
            >
              Follow
            </Button>
          </li>
        ))}
      </ul>
    </div>
  )
}
