import { Button, Modal } from '@mantine/core'
import type { TranscriptVersion } from '#shared/contract/transcripts.ts'
import { formatDate, plural } from '../../lib/format.ts'
import { useCommand, useLive } from '../../lib/live.ts'
import { EmptyState, FailureNote, Loading, say } from '../../ui/index.ts'
import { sources } from './episode-model.ts'
import css from './transcript-dialogs.module.css'

/** Transcripts that gave way to another, or were poorer than the one in use. */
export function VersionsDialog({ episodeId, onClose }: { episodeId: string; onClose: () => void }) {
  const versions = useLive('transcripts', 'versions', { episodeId })
  const use = useCommand('transcripts', 'useVersion')
  const take = async ({ id }: TranscriptVersion) => {
    const done = await use.run({ episodeId, versionId: id })
    if (!done.ok) return say(done.error.message, { tone: 'warn' })
    say('This transcript is in use now. The other one is kept here.')
  }
  return (
    <Modal opened onClose={onClose} title="Other transcripts" size={520} closeButtonProps={{ 'aria-label': 'Close' }}>
      {versions.failure && <FailureNote failure={versions.failure} onRetry={versions.again} />}
      {versions.loading && <Loading rows={2} />}
      {versions.value?.length === 0 && (
        <EmptyState title="Only the one in use.">When another is made, the one before it is kept here.</EmptyState>
      )}
      <ul className={css.rows}>
        {versions.value?.map((version) => (
          <li key={version.id} className={css.row}>
            <div className={css.inline}>
              <span className={css.grow}>
                {sources[version.source]} {version.model !== null && <span className="ik-dim">{version.model}. </span>}
                <small className="ik-dim">
                  {formatDate(version.storedAtMs)}, {plural(version.wordCount, 'word')}
                  {version.hasTimes ? '' : ', without times'}
                  {version.hasSpeakers ? '' : ', without speakers'}
                </small>
              </span>
              <Button variant="default" size="xs" loading={use.running} onClick={() => void take(version)}>
                Use this one
              </Button>
            </div>
          </li>
        ))}
      </ul>
    </Modal>
  )
}
