import { Button, Checkbox, Modal, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Provider } from '#shared/contract/models.ts'
import type { Failure } from '#shared/result.ts'
import { useCommand, useLive } from '../../lib/live.ts'
import { FailureNote, say } from '../../ui/index.ts'
import css from './models.module.css'

const idOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60)

/** A server of the user's that speaks the OpenAI API. */
export function ServerDialog({ server, onClose }: { server: Provider | null; onClose: () => void }) {
  const presets = useLive('models', 'presets', {}).value ?? []
  const save = useCommand('models', 'saveServer')
  const check = useCommand('models', 'check')
  const [title, setTitle] = useState(server?.title ?? '')
  const [baseUrl, setBaseUrl] = useState(server?.baseUrl ?? '')
  const [needsKey, setNeedsKey] = useState(server ? server.key !== 'not-needed' : false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const id = server?.id ?? idOf(title)
  const choose = (presetId: string | null) => {
    const preset = presets.find((one) => one.id === presetId)
    if (!preset) return
    setTitle(preset.title)
    setBaseUrl(preset.baseUrl)
    setNeedsKey(preset.needsKey)
  }
  const keep = async () => {
    const done = await save.run({ id, title: title.trim(), baseUrl: baseUrl.trim(), needsKey })
    if (!done.ok) return setFailure(done.error)
    say(server ? `${title} is changed.` : `${title} is added.`)
    onClose()
    if (!needsKey) void check.run({ id })
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={server ? `Change ${server.title}` : 'Add a server'}
      size={480}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault()
          void keep()
        }}
      >
        {!server && (
          <Select
            label="Known servers"
            placeholder="Choose one, or fill in the fields below"
            data={presets.map((preset) => ({ value: preset.id, label: preset.title }))}
            onChange={choose}
          />
        )}
        <TextInput
          label="Name"
          data-autofocus
          maxLength={100}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <TextInput
          label="Address"
          description="It usually ends in /v1. Plain http is for this computer and your own network only."
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          placeholder="http://127.0.0.1:11434/v1"
          maxLength={2_000}
          value={baseUrl}
          onChange={(event) => setBaseUrl(event.currentTarget.value)}
        />
        <Checkbox
          label="It asks for a key"
          checked={needsKey}
          onChange={(event) => setNeedsKey(event.currentTarget.checked)}
        />
        {failure && <FailureNote failure={failure} />}
        <footer className={css.foot}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.running} disabled={id === '' || baseUrl.trim() === ''}>
            {server ? 'Save' : 'Add'}
          </Button>
        </footer>
      </form>
    </Modal>
  )
}
