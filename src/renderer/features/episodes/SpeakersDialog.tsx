import { Autocomplete, Button, Modal } from '@mantine/core'
import { useState } from 'react'
import type { Speaker } from '#shared/contract/transcripts.ts'
import { formatClock, formatLength } from '../../lib/format.ts'
import { useCommand, useLive } from '../../lib/live.ts'
import { EmptyState, FailureNote, Loading, say } from '../../ui/index.ts'
import css from './transcript-dialogs.module.css'

/** Gives the voices of an episode their names. */
export function SpeakersDialog({ episodeId, onClose }: { episodeId: string; onClose: () => void }) {
  const speakers = useLive('transcripts', 'speakers', { episodeId })
  return (
    <Modal opened onClose={onClose} title="Who speaks" size={480} closeButtonProps={{ 'aria-label': 'Close' }}>
      {speakers.failure && <FailureNote failure={speakers.failure} onRetry={speakers.again} />}
      {speakers.loading && <Loading rows={2} label="Looking for voices" />}
      {speakers.value?.length === 0 && <EmptyState title="Nobody is told apart in this transcript." />}
      <ul className={css.rows}>
        {speakers.value?.map((speaker) => (
          <SpeakerRow key={`${speaker.label} ${speaker.name}`} episodeId={episodeId} speaker={speaker} />
        ))}
      </ul>
      <footer className={css.foot}>
        <Button onClick={onClose}>Done</Button>
      </footer>
    </Modal>
  )
}

function SpeakerRow({ episodeId, speaker }: { episodeId: string; speaker: Speaker }) {
  const nameSpeaker = useCommand('transcripts', 'nameSpeaker')
  const [name, setName] = useState(speaker.name ?? '')
  const wanted = name.trim() === '' || name.trim() === speaker.label ? null : name.trim()
  const give = async (given: string | null) => {
    const done = await nameSpeaker.run({ episodeId, label: speaker.label, name: given })
    if (!done.ok) return say(done.error.message, { tone: 'warn' })
    const before = speaker.name
    say(given ? `${speaker.label} is ${given}.` : `${speaker.label} has no other name now.`, {
      undo: () => void nameSpeaker.run({ episodeId, label: speaker.label, name: before }),
    })
  }
  const facts = [
    speaker.seconds > 0 ? formatLength(speaker.seconds) : null,
    speaker.firstSeconds === null ? null : `first at ${formatClock(speaker.firstSeconds)}`,
  ].filter((fact) => fact !== null)
  return (
    <li className={css.row}>
      <form
        className={css.inline}
        onSubmit={(event) => {
          event.preventDefault()
          void give(wanted)
        }}
      >
        <Autocomplete
          className={css.grow!}
          label={speaker.label}
          description={facts.join(', ')}
          placeholder="Name"
          maxLength={200}
          data={speaker.proposals}
          value={name}
          onChange={setName}
        />
        <Button type="submit" variant="default" loading={nameSpeaker.running} disabled={wanted === speaker.name}>
          {wanted === null && speaker.name !== null ? 'Take back' : 'Name'}
        </Button>
      </form>
    </li>
  )
}
