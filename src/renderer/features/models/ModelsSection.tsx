import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useLive } from '../../lib/live.ts'
import { FailureNote, Loading, Money, State } from '../../ui/index.ts'
import { Assignments } from './Assignments.tsx'
import css from './models.module.css'
import { ProviderRow } from './ProviderRow.tsx'
import { ServerDialog } from './ServerDialog.tsx'
import { SpeechModels } from './SpeechModels.tsx'

/** Who makes notes, questions and transcripts, with which key, for how much. */
export function ModelsSection() {
  const providers = useLive('models', 'providers', {})
  const [adding, setAdding] = useState(false)
  return (
    <>
      <p className={css.sub}>Keys go into this computer’s keychain and cannot be read back, not even by this window.</p>
      {providers.failure && <FailureNote failure={providers.failure} onRetry={providers.again} />}
      {providers.loading && <Loading rows={3} label="Loading the providers" />}
      <ul className={css.providers} aria-label="Providers">
        {providers.value?.map((provider) => (
          <ProviderRow key={provider.id} provider={provider} />
        ))}
        <li className={css.provider}>
          <div className={css.name}>
            <b>Offline</b>
            <small>Built in</small>
          </div>
          <State kind="ok">Ready. No key, no network</State>
          <Money microUsd={0} />
        </li>
      </ul>
      <button type="button" className={`ik-link ${css.add}`} onClick={() => setAdding(true)}>
        <IconPlus size={15} aria-hidden="true" />
        Add a server that speaks the OpenAI API
      </button>
      {adding && <ServerDialog server={null} onClose={() => setAdding(false)} />}
      <Assignments />
      <SpeechModels />
    </>
  )
}
