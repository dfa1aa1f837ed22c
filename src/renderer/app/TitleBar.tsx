import { ActionIcon, Tooltip } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { Fragment } from 'react'
import { Link } from 'wouter'
import { useCrumbStore } from '../lib/crumbs.ts'
import { useShortcut } from '../lib/shortcuts.ts'
import { useHistory } from '../lib/use-history.ts'
import css from './shell.module.css'

export function TitleBar() {
  const { canGoBack, canGoForward, back, forward } = useHistory()
  const crumbs = useCrumbStore((store) => store.crumbs)
  useShortcut('alt+ArrowLeft', 'Back', back)
  useShortcut('alt+ArrowRight', 'Forward', forward)
  return (
    <header className={css.top}>
      <Tooltip label="Back">
        <ActionIcon aria-label="Back" onClick={back} data-disabled={!canGoBack || undefined} aria-disabled={!canGoBack}>
          <IconChevronLeft size={17} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Forward">
        <ActionIcon
          aria-label="Forward"
          onClick={forward}
          data-disabled={!canGoForward || undefined}
          aria-disabled={!canGoForward}
        >
          <IconChevronRight size={17} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
      <nav className={css.crumbs} aria-label="Path">
        {crumbs.map((crumb, index) =>
          index === crumbs.length - 1 ? (
            <b key={index} aria-current="page" lang={crumb.lang}>
              <bdi>{crumb.label}</bdi>
            </b>
          ) : (
            <Fragment key={index}>
              {crumb.to ? (
                <Link href={crumb.to} lang={crumb.lang}>
                  <bdi>{crumb.label}</bdi>
                </Link>
              ) : (
                <span lang={crumb.lang}>
                  <bdi>{crumb.label}</bdi>
                </span>
              )}
              <span aria-hidden="true">/</span>
            </Fragment>
          ),
        )}
      </nav>
    </header>
  )
}
