import { Button, Modal } from '@mantine/core'
import type { SweepPreview } from '#shared/contract/retention.ts'
import { formatBytes, plural } from '../../lib/format.ts'
import { useCommand, useLive } from '../../lib/live.ts'
import { FailureNote, Loading, say } from '../../ui/index.ts'
import css from './dialogs.module.css'

/** What a sweep would remove and spare; nothing goes before the button. */
export function SweepDialog({ first, onClose }: { first: boolean; onClose: () => void }) {
  const preview = useLive('retention', 'preview', {})
  const sweep = useCommand('retention', 'sweep')
  const value = preview.value
  const run = async () => {
    if (!value) return
    const done = await sweep.run({ token: value.token })
    if (!done.ok) return
    const { items, bytes } = done.value
    say(
      items === 0
        ? 'Sweeps run every day from now on.'
        : `Swept ${plural(items, 'item')}, ${formatBytes(bytes)} freed.`,
    )
    onClose()
  }
  const nothing = value?.items === 0
  return (
    <Modal opened onClose={onClose} title="Preview of a sweep" size={600} closeButtonProps={{ 'aria-label': 'Close' }}>
      <div className={css.form}>
        {preview.failure && <FailureNote failure={preview.failure} onRetry={preview.again} />}
        {preview.loading && <Loading rows={4} label="Looking at what is older than its limit" />}
        {value && (
          <p className={css.words}>
            {nothing
              ? 'Nothing is over its limit.'
              : `${plural(value.items, 'item is', 'items are')} over the limit, ${formatBytes(value.bytes)}, and would be removed.`}
            {first && ' Once you agree, sweeps run every day by themselves.'}
          </p>
        )}
        {value && <Kinds kinds={value.kinds} />}
        {sweep.failure && (
          <FailureNote failure={sweep.failure} tone="warn" onRetry={preview.again} mendLabel="Preview again" />
        )}
        <footer className={css.foot}>
          <Button variant="default" onClick={onClose} data-autofocus>
            {nothing && !first ? 'Done' : 'Keep everything'}
          </Button>
          {value && (!nothing || first) && (
            <Button color={nothing ? 'ink' : 'madder'} loading={sweep.running} onClick={() => void run()}>
              {nothing ? 'Sweep every day' : `Sweep ${plural(value.items, 'item')}, ${formatBytes(value.bytes)}`}
            </Button>
          )}
        </footer>
      </div>
    </Modal>
  )
}

function Kinds({ kinds }: { kinds: SweepPreview['kinds'] }) {
  const told = kinds.filter((kind) => kind.items > 0 || kind.spared !== null)
  if (told.length === 0) return null
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={css.kinds} tabIndex={0} aria-label="What would be removed">
      {told.map((kind) => (
        <div key={kind.kind}>
          <h3>
            {kind.title}
            <small>{kind.items === 0 ? 'none' : `${plural(kind.items, 'item')}, ${formatBytes(kind.bytes)}`}</small>
          </h3>
          <ul>
            {kind.examples.map((example, index) => (
              <li key={index}>{example}</li>
            ))}
          </ul>
          {kind.items > kind.examples.length && <small>and {kind.items - kind.examples.length} more</small>}
          {kind.spared && <p className="ik-dim">Kept all the same: {kind.spared}</p>}
        </div>
      ))}
    </section>
  )
}
