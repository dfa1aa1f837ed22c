import { Button, Checkbox, Modal } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { formatBytes, plural } from '../../lib/format.ts'
import { useCommand } from '../../lib/live.ts'
import { FailureNote, Loading, say } from '../../ui/index.ts'
import css from './dialogs.module.css'

interface Bundle {
  readonly token: string
  readonly files: readonly { name: string; text: string; bytes: number }[]
}

/** Everything a bundle would hold, to be read and left out file by file; saved exactly as it was shown. */
export function BundleDialog({ onClose }: { onClose: () => void }) {
  const prepare = useCommand('logs', 'prepareBundle')
  const save = useCommand('logs', 'saveBundle')
  const [bundle, setBundle] = useState<Bundle | null>(null)
  const [shownName, setShownName] = useState<string | null>(null)
  const [leftOut, setLeftOut] = useState<ReadonlySet<string>>(new Set())
  const ask = useRef(prepare.run)
  ask.current = prepare.run
  const asked = useRef(false)
  const gather = async () => {
    const made = await ask.current({})
    if (!made.ok) return
    setBundle(made.value)
    setShownName(made.value.files[0]?.name ?? null)
  }
  useEffect(() => {
    if (asked.current) return
    asked.current = true
    void ask.current({}).then((made) => {
      if (!made.ok) return
      setBundle(made.value)
      setShownName(made.value.files[0]?.name ?? null)
    })
  }, [])
  const files = bundle?.files ?? []
  const shown = files.find((file) => file.name === shownName)
  const kept = files.filter((file) => !leftOut.has(file.name))
  const bytes = kept.reduce((sum, file) => sum + file.bytes, 0)
  const toggle = (name: string) =>
    setLeftOut((now) => new Set(now.has(name) ? [...now].filter((one) => one !== name) : [...now, name]))
  const run = async () => {
    if (!bundle) return
    const done = await save.run({ token: bundle.token, leaveOut: [...leftOut] })
    if (!done.ok || !done.value) return
    say(`Diagnostic bundle saved as ${done.value.fileName}, ${formatBytes(done.value.bytes)}. Nothing was sent.`)
    onClose()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title="Diagnostic bundle"
      size={860}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className={css.form}>
        <p className={css.words}>
          Read what it holds and take out what you want to keep to yourself. Inkwell sends it to nobody: you choose
          where the file goes.
        </p>
        {prepare.failure && (
          <FailureNote failure={prepare.failure} onRetry={() => void gather()} mendLabel="Try again" />
        )}
        {!bundle && !prepare.failure && <Loading rows={4} label="Gathering the files" />}
        {bundle && (
          <div className={css.bundle}>
            <ul className={css.files} aria-label="Files of the bundle">
              {files.map((file) => (
                <li key={file.name} data-out={leftOut.has(file.name) || undefined}>
                  <Checkbox
                    aria-label={`Include ${file.name}`}
                    checked={!leftOut.has(file.name)}
                    onChange={() => toggle(file.name)}
                  />
                  <button type="button" aria-pressed={file.name === shownName} onClick={() => setShownName(file.name)}>
                    {file.name} <small>{formatBytes(file.bytes)}</small>
                  </button>
                </li>
              ))}
            </ul>
            {shown && (
              // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
              <section className={css.text} tabIndex={0} aria-label={shown.name}>
                {shown.text}
              </section>
            )}
          </div>
        )}
        {save.failure && <FailureNote failure={save.failure} />}
        <footer className={css.foot}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button disabled={kept.length === 0} loading={save.running} onClick={() => void run()}>
            {bundle ? `Save ${plural(kept.length, 'file')}, ${formatBytes(bytes)}…` : 'Save…'}
          </Button>
        </footer>
      </div>
    </Modal>
  )
}
