import { Button } from '@mantine/core'
import { useCommand, useLive } from '../../lib/live.ts'
import { State, say } from '../../ui/index.ts'
import { Row } from './Row.tsx'
import type { SectionProps } from './SettingsView.tsx'
import css from './settings.module.css'

export function NotesFolder({ settings }: SectionProps) {
  const choose = useCommand('settings', 'chooseVault')
  const useSuggested = useCommand('settings', 'useSuggestedVault')
  const again = useLive('settings', 'get', {}).again
  const take = async (command: typeof choose | typeof useSuggested) => {
    const taken = await command.run({})
    if (!taken.ok) say(taken.error.message, { tone: 'warn' })
    else if (taken.value) say(`Notes go to ${taken.value.vaultPath}.`)
  }
  const chosen = settings.vaultPath
  return (
    <>
      <p className={css.sub}>
        Notes are plain Markdown files in a folder of yours: an Obsidian vault, or any other. Inkwell never overwrites a
        note you have edited, and touches no file it did not write.
      </p>
      <Row
        name={chosen ? <span className={css.path}>{chosen}</span> : 'No folder is chosen yet'}
        control={
          <Button variant={chosen ? 'default' : 'filled'} loading={choose.running} onClick={() => void take(choose)}>
            {chosen ? 'Choose another folder' : 'Choose a folder'}
          </Button>
        }
      >
        <VaultState state={settings.vaultState} />
        {(settings.vaultState === 'missing' || settings.vaultState === 'read-only') && (
          <button type="button" className="ik-link" onClick={again}>
            Look again
          </button>
        )}
      </Row>
      {chosen !== settings.suggestedVaultPath && (
        <Row
          name={<span className={css.path}>{settings.suggestedVaultPath}</span>}
          control={
            <Button variant="default" loading={useSuggested.running} onClick={() => void take(useSuggested)}>
              Use this folder
            </Button>
          }
        >
          {chosen ? 'The folder Inkwell suggests.' : 'The folder Inkwell suggests. It is made when you use it.'}
        </Row>
      )}
      <p className={css.foot}>Notes already written stay in the folder they are in when you choose another one.</p>
    </>
  )
}

function VaultState({ state }: { state: SectionProps['settings']['vaultState'] }) {
  if (state === 'ready') return <State kind="ok">It is there, and notes can be written.</State>
  if (state === 'not-chosen') return <>Until you choose, the first notes go to the folder below.</>
  if (state === 'missing')
    return (
      <State kind="warn">
        It is not there. Nothing is lost: jobs that need it stop, keep what they have, and go on when it is back.
      </State>
    )
  return (
    <State kind="warn">
      Inkwell may not write there. Allow it in the file manager, or choose another folder; jobs keep what they have.
    </State>
  )
}
