import { Button, PasswordInput, Radio } from '@mantine/core'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { RestorePlan } from '#shared/contract/backup.ts'
import { useCommand, useLive } from '../../lib/live.ts'
import { FailureNote, Loading, State } from '../../ui/index.ts'
import { contentsOf, factsOf } from './backup-words.ts'
import css from './dialogs.module.css'
import { dateAndTime } from './health-words.ts'
import type { RestoreSource } from './RestoreDialog.tsx'

/** A backup of the folder or a file; asks for the passphrase only when one is needed. */
export function ChooseBackup(props: {
  start: string | null
  onBusy: (busy: boolean) => void
  onPlanned: (source: RestoreSource, plan: RestorePlan) => void
  onClose: () => void
}) {
  const list = useLive('backup', 'list', {})
  const chooseFile = useCommand('backup', 'chooseFile')
  const plan = useCommand('backup', 'planRestore')
  const [picked, setPicked] = useState(props.start)
  const [file, setFile] = useState<{ token: string; name: string } | null>(null)
  const [passphrase, setPassphrase] = useState('')
  const [locked, setLocked] = useState(false)
  const field = useRef<HTMLInputElement | null>(null)
  const backups = list.value ?? []
  // The newest that can be trusted, until another one is chosen.
  const value = picked ?? (file ? 'file' : (backups.find((one) => one.problem === null)?.fileName ?? null))
  useEffect(() => {
    if (locked) field.current?.focus()
  }, [locked])

  const change = (next: string) => {
    setPicked(next)
    setLocked(false)
    setPassphrase('')
  }
  const browse = async () => {
    const chosen = await chooseFile.run({})
    if (!chosen.ok || !chosen.value) return
    setFile(chosen.value)
    change('file')
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (value === null) return
    const source = {
      ...(value === 'file' && file ? { token: file.token } : { fileName: value }),
      ...(passphrase === '' ? {} : { passphrase }),
    }
    props.onBusy(true)
    const planned = await plan.run(source)
    props.onBusy(false)
    if (planned.ok) return props.onPlanned(source, planned.value)
    if (['needs-passphrase', 'wrong-passphrase'].includes(planned.error.code)) setLocked(true)
    field.current?.focus()
  }
  return (
    <form onSubmit={submit} className={css.form}>
      <p className={css.words}>You see what it holds before anything changes.</p>
      {list.failure && <FailureNote failure={list.failure} onRetry={list.again} />}
      {list.loading && <Loading rows={3} label="Reading the backups" />}
      {list.value?.length === 0 && !file && (
        <p className={css.words}>There is no backup in the folder of backups. One from elsewhere can be chosen.</p>
      )}
      {(backups.length > 0 || file) && (
        <Radio.Group value={value} onChange={change} aria-label="Backup">
          <div className={css.choices}>
            {file && <Radio value="file" size="xs" label={file.name} description="The file you chose" />}
            {backups.map((one) => (
              <Radio
                key={one.fileName}
                value={one.fileName}
                size="xs"
                label={
                  <>
                    {dateAndTime(one.madeAtMs)} <small>{factsOf(one)}</small>
                  </>
                }
                description={one.problem === null ? contentsOf(one) : <State kind="bad">{one.problem}</State>}
              />
            ))}
          </div>
        </Radio.Group>
      )}
      {locked && (
        <PasswordInput
          ref={field}
          label="Passphrase of this backup"
          autoComplete="off"
          visibilityToggleButtonProps={{ 'aria-label': 'Show what is typed' }}
          value={passphrase}
          onChange={(event) => setPassphrase(event.currentTarget.value)}
        />
      )}
      {plan.failure && (
        <FailureNote
          failure={plan.failure}
          tone={['needs-passphrase', 'cancelled'].includes(plan.failure.code) ? 'warn' : 'bad'}
        />
      )}
      {chooseFile.failure && <FailureNote failure={chooseFile.failure} />}
      <footer className={css.foot}>
        <Button variant="subtle" loading={chooseFile.running} onClick={() => void browse()}>
          Choose a file…
        </Button>
        <span className={css.grow} />
        <Button variant="default" onClick={props.onClose}>
          Cancel
        </Button>
        <Button
          type="submit"
          data-autofocus
          loading={plan.running}
          disabled={value === null || (locked && passphrase === '')}
        >
          Look into it
        </Button>
      </footer>
    </form>
  )
}
