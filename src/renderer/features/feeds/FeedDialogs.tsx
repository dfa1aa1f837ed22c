import { formatCount, plural } from '../../lib/format.ts'
import { ConfirmDialog } from '../../ui/index.ts'
import { AddFeedDialog } from './AddFeedDialog.tsx'
import { CredentialsDialog } from './CredentialsDialog.tsx'
import { MoveDialog } from './MoveDialog.tsx'
import { CategoryDialog, RenameDialog } from './NameDialog.tsx'
import type { FeedActions } from './use-feed-actions.ts'
import type { FeedDialogState } from './use-feed-dialog.ts'

/** The dialog about a feed that is open, if any. `onRemoved` leaves the feed's own page. */
export function FeedDialogs(props: { dialog: FeedDialogState; actions: FeedActions; onRemoved?: () => void }) {
  const { dialog, actions } = props
  if (!dialog.open) return null
  const { kind, feed } = dialog.open
  if (kind === 'password') return <CredentialsDialog feed={feed} onClose={dialog.close} />
  if (kind === 'move') return <MoveDialog feed={feed} onClose={dialog.close} />
  if (kind === 'rename') return <RenameDialog feed={feed} onClose={dialog.close} />
  if (kind === 'category') return <CategoryDialog feed={feed} onClose={dialog.close} />
  if (kind === 'find')
    return (
      <AddFeedDialog
        title={`Find the feed of ${feed.title}`}
        intro={`What is found is followed beside ${feed.title}, which keeps its ${plural(feed.episodeCount, 'episode')} and your notes. Remove the old one when you like.`}
        initialUrl={feed.siteUrl ?? feed.urlDisplay ?? ''}
        onClose={dialog.close}
      />
    )
  const episodes =
    feed.episodeCount === 1 ? 'Its 1 episode leaves' : `Its ${formatCount(feed.episodeCount)} episodes leave`
  const notes =
    feed.notedCount === 0
      ? 'There are no notes of it.'
      : `Your notes of ${plural(feed.notedCount, 'episode')} stay in the notes folder.`
  const remove = async () => {
    if (!(await actions.remove(feed))) return
    dialog.close()
    props.onRemoved?.()
  }
  return (
    <ConfirmDialog
      opened
      question={`Remove ${feed.title}?`}
      verb="Remove feed"
      danger
      running={actions.removing}
      onConfirm={() => void remove()}
      onClose={dialog.close}
    >
      {episodes} the list. {notes}
    </ConfirmDialog>
  )
}
