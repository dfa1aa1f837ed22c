import { ActionIcon, Menu } from '@mantine/core'
import { IconDots, IconFolderOpen } from '@tabler/icons-react'
import type { Episode } from '#shared/contract/episodes.ts'
import { formatDate, formatLength } from '../../lib/format.ts'
import { useCommand } from '../../lib/live.ts'
import type { Priced } from '../../lib/use-estimate.ts'
import { useFocusHeading } from '../../lib/use-focus-heading.ts'
import { Cover, say } from '../../ui/index.ts'
import css from './episode.module.css'
import { personsLine } from './episode-model.ts'
import { MakeAgainMenu } from './TemplateMenu.tsx'

/** Title, who, when, how long; and what can be done with the episode as a whole. */
export function EpisodeHead(props: {
  episode: Episode
  hasNotes: boolean
  busy: boolean
  starting: boolean
  templates: readonly string[] | null
  onTemplates: (names: string[]) => void
  priced: Priced
  onMakeNotes: () => void
}) {
  const { episode } = props
  const heading = useFocusHeading()
  const reveal = useCommand('notes', 'reveal')
  const openLink = useCommand('episodes', 'openLink')
  const setSeen = useCommand('episodes', 'setSeen')
  const lang = episode.language ?? undefined
  const facts = [
    personsLine(episode.persons) || episode.feedTitle,
    episode.publishedAtMs === null ? null : formatDate(episode.publishedAtMs),
    episode.durationSeconds === null ? null : formatLength(episode.durationSeconds),
    episode.inFeed ? null : 'Left the feed, kept here',
  ].filter((fact) => fact !== null)
  const sayWhy = (done: { ok: true } | { ok: false; error: { message: string } }) => {
    if (!done.ok) say(done.error.message, { tone: 'warn' })
  }
  const markNew = async () => {
    const done = await setSeen.run({ episodeIds: [episode.id], seen: false })
    if (done.ok) say('Marked as new.')
    else sayWhy(done)
  }
  return (
    <header className={css.head}>
      <Cover title={episode.feedTitle} artworkPath={episode.artworkPath} size={72} className={css.cover!} />
      <div>
        <h1 ref={heading} tabIndex={-1} className="ik-title" lang={lang} dir="auto" title={episode.title}>
          {episode.title}
        </h1>
        <p>
          {facts.map((fact) => (
            <bdi key={fact}>{fact}</bdi>
          ))}
        </p>
      </div>
      <div className={css.headActions}>
        {props.hasNotes && (
          <>
            <MakeAgainMenu
              chosen={props.templates}
              onChange={props.onTemplates}
              disabled={props.busy || props.starting}
              priced={props.priced}
              onMakeNotes={props.onMakeNotes}
            />
            <ActionIcon
              variant="default"
              size={32}
              aria-label="Show files"
              title="Show files"
              onClick={() => void reveal.run({ episodeId: episode.id }).then(sayWhy)}
            >
              <IconFolderOpen size={16} stroke={1.6} />
            </ActionIcon>
          </>
        )}
        <Menu withInitialFocusPlaceholder={false} position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="default" size={32} aria-label="More">
              <IconDots size={16} stroke={1.6} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {(episode.link ?? episode.mediaUrlDisplay) && (
              <Menu.Item onClick={() => void openLink.run({ episodeId: episode.id }).then(sayWhy)}>
                Open in the browser
              </Menu.Item>
            )}
            <Menu.Item onClick={() => void markNew()}>Mark as new</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
    </header>
  )
}
