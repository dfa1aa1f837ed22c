import { Button, Checkbox, Modal, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Episode } from '#shared/contract/episodes.ts'
import type { Correction } from '#shared/contract/transcripts.ts'
import type { Failure } from '#shared/result.ts'
import { plural } from '../../lib/format.ts'
import { useCommand, useLive } from '../../lib/live.ts'
import { FailureNote, say } from '../../ui/index.ts'
import css from './transcript-dialogs.module.css'

/** What speech recognition keeps hearing wrong in a feed, and what was meant. */
export function CorrectionsDialog({ episode, onClose }: { episode: Episode; onClose: () => void }) {
  const corrections = useLive('transcripts', 'corrections', { feedId: episode.feedId })
  const add = useCommand('transcripts', 'addCorrection')
  const remove = useCommand('transcripts', 'removeCorrection')
  const [heard, setHeard] = useState('')
  const [meant, setMeant] = useState('')
  const [everywhere, setEverywhere] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const whole = heard.trim() !== '' && meant.trim() !== ''
  const preview = useLive('transcripts', 'previewCorrection', whole ? { episodeId: episode.id, heard, meant } : null)
  const save = async () => {
    const done = await add.run({ feedId: everywhere ? null : episode.feedId, heard, meant })
    if (!done.ok) return setFailure(done.error)
    setFailure(null)
    setHeard('')
    setMeant('')
    say(`“${done.value.heard}” is read as “${done.value.meant}” now.`, {
      undo: () => void remove.run({ id: done.value.id }),
    })
  }
  const drop = async ({ id, feedId, heard: was, meant: became }: Correction) => {
    const done = await remove.run({ id })
    if (!done.ok) return say(done.error.message, { tone: 'warn' })
    say(`“${was}” is read as it was heard again.`, { undo: () => void add.run({ feedId, heard: was, meant: became }) })
  }
  return (
    <Modal opened onClose={onClose} title="Words heard wrong" size={520} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (whole) void save()
        }}
      >
        <p className={css.words}>The transcript itself stays as it came; taking a correction back undoes it.</p>
        <div className={css.inline}>
          <TextInput
            className={css.grow!}
            label="Heard"
            data-autofocus
            maxLength={200}
            value={heard}
            onChange={(event) => setHeard(event.currentTarget.value)}
          />
          <TextInput
            className={css.grow!}
            label="Meant"
            maxLength={200}
            value={meant}
            onChange={(event) => setMeant(event.currentTarget.value)}
          />
        </div>
        <Checkbox
          label="In every feed"
          checked={everywhere}
          onChange={(event) => setEverywhere(event.currentTarget.checked)}
        />
        {whole && preview.value && (
          <p className={css.words} role="status">
            {preview.value.places === 0
              ? 'It is in no passage of this episode.'
              : `It changes ${plural(preview.value.places, 'passage')} of this episode, e.g. “${preview.value.samples[0]?.after.slice(0, 120)}”.`}
          </p>
        )}
        {failure && <FailureNote failure={failure} />}
        <footer className={css.foot}>
          <Button variant="default" onClick={onClose}>
            Done
          </Button>
          <Button type="submit" disabled={!whole} loading={add.running}>
            Add
          </Button>
        </footer>
      </form>
      {corrections.failure && <FailureNote failure={corrections.failure} onRetry={corrections.again} />}
      <ul className={css.rows} aria-label="Corrections">
        {corrections.value?.map((correction) => (
          <li key={correction.id} className={css.row}>
            <div className={css.inline}>
              <span className={css.grow}>
                {correction.heard} <span className="ik-dim">is read as</span> {correction.meant}
                {correction.feedId === null && <small className="ik-dim"> in every feed</small>}
              </span>
              <Button variant="default" size="xs" onClick={() => void drop(correction)}>
                Remove
              </Button>
            </div>
          </li>
        ))}
      </ul>
    </Modal>
  )
}
