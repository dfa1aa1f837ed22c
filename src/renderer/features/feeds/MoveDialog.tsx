import { Button, Modal } from '@mantine/core'
import { useState } from 'react'
import type { Feed } from '#shared/contract/feeds.ts'
import type { Failure } from '#shared/result.ts'
import { useCommand } from '../../lib/live.ts'
import { FailureNote, say } from '../../ui/index.ts'
import css from './feeds.module.css'

const reasons: Record<NonNullable<Feed['proposedMove']>['reason'], string> = {
  'permanent-redirect': 'Its server says that it has moved for good.',
  'new-feed-url': 'The feed itself names a new address.',
  'redirect-to-other-host': 'Its server sends us to another host.',
}

/** Shows a move with its evidence; nothing changes until one of both buttons. */
export function MoveDialog({ feed, onClose }: { feed: Feed; onClose: () => void }) {
  const accept = useCommand('feeds', 'acceptMove')
  const dismiss = useCommand('feeds', 'dismissMove')
  const undo = useCommand('feeds', 'undoMove')
  const [failure, setFailure] = useState<Failure | null>(null)
  const move = feed.proposedMove
  if (!move) return null
  const same = move.matchingEpisodes === move.knownEpisodes && move.knownEpisodes > 0

  const stay = async () => {
    const done = await dismiss.run({ feedId: feed.id })
    if (!done.ok) return setFailure(done.error)
    say(`${feed.title} stays at its old address.`)
    onClose()
  }
  const follow = async () => {
    const done = await accept.run({ feedId: feed.id })
    if (!done.ok) return setFailure(done.error)
    say(`${feed.title} is read from its new address.`, { undo: () => void undo.run({ feedId: feed.id }) })
    onClose()
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={`Has ${feed.title} moved?`}
      size={560}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <p className={css.words}>{reasons[move.reason]} Nothing has changed yet.</p>
      <dl className={css.facts}>
        <dt>Now read from</dt>
        <dd>
          <code>{feed.urlDisplay}</code>
        </dd>
        <dt>Says it lives at</dt>
        <dd>
          <code>{move.urlDisplay}</code>
        </dd>
        <dt>Same show?</dt>
        <dd>
          {move.matchingEpisodes} of {move.knownEpisodes} known episodes are there.
          {same ? '' : ' Look at the address before you follow it.'}
        </dd>
        <dt>What is kept</dt>
        <dd>All episodes and notes. The move can be undone for 30 days.</dd>
        {feed.isPrivate && (
          <>
            <dt>Its password</dt>
            <dd>Goes to the new host only after you follow the move and enter it there.</dd>
          </>
        )}
      </dl>
      {failure && <FailureNote failure={failure} />}
      <footer className={css.foot}>
        <Button variant="default" loading={dismiss.running} onClick={stay}>
          Stay at the old address
        </Button>
        <Button loading={accept.running} onClick={follow} data-autofocus={same || undefined}>
          Follow the move
        </Button>
      </footer>
    </Modal>
  )
}
