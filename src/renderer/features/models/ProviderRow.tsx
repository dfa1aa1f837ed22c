import { ActionIcon, Button, Menu, PasswordInput } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useState } from 'react'
import type { Provider } from '#shared/contract/models.ts'
import type { Failure } from '#shared/result.ts'
import { formatMoment, plural } from '../../lib/format.ts'
import { useCommand, useLive } from '../../lib/live.ts'
import { FailureNote, State, say } from '../../ui/index.ts'
import css from './models.module.css'
import { ServerDialog } from './ServerDialog.tsx'

/** A provider: whether it can be used, its key, and what mends it. One that fails is open. */
export function ProviderRow({ provider }: { provider: Provider }) {
  const { id, title, problem, builtIn } = provider
  const models = useLive('models', 'list', { providerId: id }).value ?? []
  const settings = useLive('settings', 'get', {}).value
  const [entering, setEntering] = useState(false)
  const [editing, setEditing] = useState(false)
  const check = useCommand('models', 'check')
  const removeKey = useCommand('models', 'removeKey')
  const removeServer = useCommand('models', 'removeServer')
  const undoRemove = useCommand('models', 'undoRemoveServer')
  const needsKey = provider.key !== 'not-needed'
  const isOpen = entering || problem?.code === 'key-refused'
  const warn = (failure: Failure) => say(failure.message, { tone: 'warn' })
  const look = async () => {
    const done = await check.run({ id })
    if (!done.ok) return warn(done.error)
    if (done.value.problem === null) say(`${title} answers.`)
  }
  const forgetKey = async () => {
    const done = await removeKey.run({ id })
    if (done.ok) say(`The key for ${title} is removed.`)
    else warn(done.error)
  }
  const remove = async () => {
    const done = await removeServer.run({ id })
    if (!done.ok) return warn(done.error)
    say(`${title} is removed.${needsKey ? ' Its key is gone.' : ''}`, { undo: () => void undoRemove.run({ id }) })
  }
  return (
    <li className={css.provider}>
      <div className={css.name}>
        <b>{title}</b>
        <small>{builtIn ? (provider.kind === 'claude' ? 'Anthropic' : 'Google') : hostOf(provider.baseUrl)}</small>
      </div>
      <div className={css.state}>
        <ProviderState provider={provider} models={models.length} />
        {isOpen && (
          <KeyForm provider={provider} mayKeep={settings?.keychain === 'available'} onDone={() => setEntering(false)} />
        )}
      </div>
      <div className={css.acts}>
        {needsKey && !isOpen && (
          <Button variant="default" size="xs" onClick={() => setEntering(true)}>
            {provider.key === 'missing' ? 'Enter a key' : 'Replace key'}
            <span className="ik-hidden"> for {title}</span>
          </Button>
        )}
        <Menu withInitialFocusPlaceholder={false} position="bottom-end">
          <Menu.Target>
            <ActionIcon aria-label={`More for ${title}`}>
              <IconDots size={16} stroke={1.6} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item disabled={needsKey && provider.key === 'missing'} onClick={() => void look()}>
              Look again
            </Menu.Item>
            {!builtIn && <Menu.Item onClick={() => setEditing(true)}>Change address…</Menu.Item>}
            {needsKey && provider.key !== 'missing' && (
              <Menu.Item onClick={() => void forgetKey()}>Remove its key</Menu.Item>
            )}
            {!builtIn && <Menu.Item onClick={() => void remove()}>Remove</Menu.Item>}
          </Menu.Dropdown>
        </Menu>
      </div>
      {editing && <ServerDialog server={provider} onClose={() => setEditing(false)} />}
    </li>
  )
}

function ProviderState({ provider, models }: { provider: Provider; models: number }) {
  const { key, problem, checkedAtMs } = provider
  if (problem) return <State kind="bad">{problem.message}</State>
  if (key === 'missing') return <State kind="wait">No key yet</State>
  const tried = checkedAtMs === null ? ', not tried yet' : `, tried ${formatMoment(checkedAtMs)}`
  const offered = models > 0 ? ` ${plural(models, 'model')}.` : ''
  if (key === 'not-needed')
    return <State kind={checkedAtMs === null ? 'wait' : 'ok'}>{`Needs no key${tried}.${offered}`}</State>
  const where = key === 'session' ? 'Key for this session only' : 'Key in the keychain'
  return <State kind="ok">{`${where}${tried}.${offered}`}</State>
}

function KeyForm(props: { provider: Provider; mayKeep: boolean; onDone: () => void }) {
  const { provider } = props
  const setKey = useCommand('models', 'setKey')
  const [key, setText] = useState('')
  const [failure, setFailure] = useState<Failure | null>(null)
  const keep = async (keepAnyway: boolean) => {
    const done = await setKey.run({
      id: provider.id,
      key: key.trim(),
      where: props.mayKeep ? 'keychain' : 'session',
      ...(keepAnyway ? { keepAnyway } : {}),
    })
    if (!done.ok) return setFailure(done.error)
    setText('')
    setFailure(null)
    say(`The key for ${provider.title} is kept${props.mayKeep ? ' in the keychain' : ' for this session'}.`)
    props.onDone()
  }
  return (
    <form
      className={css.key}
      onSubmit={(event) => {
        event.preventDefault()
        if (key.trim() !== '') void keep(false)
      }}
    >
      {!props.mayKeep && <p className={css.note}>No keychain was found: the key is kept until Inkwell is closed.</p>}
      <div className={css.keyLine}>
        <PasswordInput
          className={css.keyField!}
          aria-label={`Key for ${provider.title}`}
          placeholder={provider.key === 'missing' ? 'Paste a key' : 'Paste a new key'}
          data-autofocus
          autoComplete="off"
          size="xs"
          maxLength={5_000}
          value={key}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" size="xs" loading={setKey.running} disabled={key.trim() === ''}>
          Try this key
        </Button>
        <Button variant="subtle" size="xs" onClick={props.onDone}>
          Leave it
        </Button>
      </div>
      {failure && (
        <FailureNote failure={failure}>
          {key.trim() !== '' && (
            <Button variant="default" size="xs" onClick={() => void keep(true)}>
              Keep it anyway
            </Button>
          )}
        </FailureNote>
      )}
    </form>
  )
}

const hostOf = (baseUrl: string | null): string => {
  try {
    return new URL(baseUrl ?? '').host
  } catch {
    return 'Your server'
  }
}
