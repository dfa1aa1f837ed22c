import { ActionIcon, Menu } from '@mantine/core'
import {
  IconArrowBackUp,
  IconCopy,
  IconDots,
  IconExternalLink,
  IconFolder,
  IconLock,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconRefresh,
  IconTrash,
} from '@tabler/icons-react'
import { useLocation } from 'wouter'
import type { Feed } from '#shared/contract/feeds.ts'
import type { FeedActions } from './use-feed-actions.ts'
import type { FeedDialogState } from './use-feed-dialog.ts'

const icon = { size: 15, stroke: 1.7 }

/** Everything that can be done to a feed. `inList` adds Open; elsewhere the feed is open already. */
export function FeedMenu(props: { feed: Feed; dialog: FeedDialogState; actions: FeedActions; inList?: boolean }) {
  const { feed, dialog, actions } = props
  const [, go] = useLocation()
  const remote = feed.kind === 'rss' || feed.kind === 'youtube'
  return (
    <Menu withInitialFocusPlaceholder={false} position="bottom-end" width={210} withinPortal>
      <Menu.Target>
        <ActionIcon
          aria-label={`More for ${feed.title}`}
          variant={props.inList ? 'subtle' : 'default'}
          size={props.inList ? 28 : 32}
        >
          <IconDots size={17} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {props.inList && (
          <>
            <Menu.Item leftSection={<IconExternalLink {...icon} />} onClick={() => go(`/feeds/${feed.id}`)}>
              Open
            </Menu.Item>
            {remote && (
              <Menu.Item leftSection={<IconRefresh {...icon} />} onClick={() => void actions.refreshOne(feed)}>
                Refresh
              </Menu.Item>
            )}
          </>
        )}
        <Menu.Item leftSection={<IconPencil {...icon} />} onClick={() => dialog.show('rename', feed)}>
          Rename…
        </Menu.Item>
        <Menu.Item leftSection={<IconFolder {...icon} />} onClick={() => dialog.show('category', feed)}>
          Category…
        </Menu.Item>
        {remote && (
          <Menu.Item
            leftSection={feed.paused ? <IconPlayerPlay {...icon} /> : <IconPlayerPause {...icon} />}
            onClick={() => void actions.setPaused(feed, !feed.paused)}
          >
            {feed.paused ? 'Resume' : 'Pause'}
          </Menu.Item>
        )}
        {remote && feed.isPrivate && (
          <Menu.Item leftSection={<IconLock {...icon} />} onClick={() => dialog.show('password', feed)}>
            Change password…
          </Menu.Item>
        )}
        {feed.urlDisplay && (
          <Menu.Item leftSection={<IconCopy {...icon} />} onClick={() => void actions.copyAddress(feed)}>
            Copy address
          </Menu.Item>
        )}
        {feed.canUndoMove && (
          <Menu.Item leftSection={<IconArrowBackUp {...icon} />} onClick={() => void actions.undoMove(feed)}>
            Undo the move
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item color="madder" leftSection={<IconTrash {...icon} />} onClick={() => dialog.show('remove', feed)}>
          Remove…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
