import { Button, Switch } from '@mantine/core'
import { formatBytes } from '../../lib/format.ts'
import { useCommand, useLive } from '../../lib/live.ts'
import { FailureNote, Loading, SectionHead, State, say } from '../../ui/index.ts'
import css from './models.module.css'
import { SpeechModelRow } from './SpeechModelRow.tsx'

/** Speech recognition on this computer: what it needs, and the models there are. */
export function SpeechModels() {
  const speech = useLive('speech', 'state', {})
  const setDiarisation = useCommand('speech', 'setDiarisation')
  const chooseFolder = useCommand('speech', 'chooseFolder')
  const chooseDecoder = useCommand('speech', 'chooseDecoder')
  const state = speech.value
  const told = async (run: Promise<{ ok: true } | { ok: false; error: { message: string } }>) => {
    const done = await run
    if (!done.ok) say(done.error.message, { tone: 'warn' })
  }
  return (
    <section aria-labelledby="speech-models">
      <SectionHead
        id="speech-models"
        title="Speech models on this computer"
        aside={
          state && (
            <small>
              {state.folderDisplay}, {formatBytes(state.freeBytes)} free{' '}
              <button type="button" className="ik-link" onClick={() => void told(chooseFolder.run({}))}>
                Change folder
              </button>
            </small>
          )
        }
      />
      {speech.failure && <FailureNote failure={speech.failure} onRetry={speech.again} />}
      {speech.loading && <Loading rows={3} label="Loading the speech models" />}
      {state && (
        <>
          <div className={css.decoder}>
            <State kind={state.decoder.state === 'found' ? 'ok' : 'warn'}>
              {state.decoder.words}
              {state.decoder.pathDisplay !== null && <span className="ik-dim"> {state.decoder.pathDisplay}</span>}
            </State>
            <Button variant="default" size="xs" onClick={() => void told(chooseDecoder.run({}))}>
              Choose ffmpeg
            </Button>
          </div>
          <ul className={css.speech} aria-label="Speech models">
            {state.models.map((model) => (
              <SpeechModelRow key={model.id} model={model} />
            ))}
          </ul>
          <Switch
            className={css.switch!}
            label="Tell speakers apart"
            description="Needs the model for it above. Takes longer; a transcript is never lost by it."
            checked={state.diarisation}
            onChange={(event) => void told(setDiarisation.run({ on: event.currentTarget.checked }))}
          />
        </>
      )}
    </section>
  )
}
