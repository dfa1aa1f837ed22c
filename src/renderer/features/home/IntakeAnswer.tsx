import {
  IconAlertTriangle,
  IconArticle,
  IconBrandYoutube,
  IconFileImport,
  IconFileMusic,
  IconFileText,
  IconPlaylist,
  IconRss,
  IconWorld,
} from '@tabler/icons-react'
import { useEffect } from 'react'
import type { IntakeItem } from '#shared/contract/intake.ts'
import type { Failure } from '#shared/result.ts'
import { askToAddFeed } from '../../lib/add-feed-request.ts'
import { announce } from '../../lib/announce.ts'
import { Price } from '../../ui/Price.tsx'
import css from './intake.module.css'
import { useIntakeDraft } from './intake-draft.ts'
import { TemplateMenu } from './TemplateMenu.tsx'

const icons = {
  feed: IconRss,
  'web-page': IconWorld,
  opml: IconFileImport,
  transcript: IconFileText,
  media: IconFileMusic,
  article: IconArticle,
  text: IconArticle,
  video: IconBrandYoutube,
  playlist: IconPlaylist,
  unsupported: IconAlertTriangle,
} as const

/** The box's second line: per item what it is and what will happen, the sum, and what could not be taken. */
export function IntakeAnswer(props: {
  items: IntakeItem[] | null
  failure: Failure | null
  problems: readonly string[]
  looking: boolean
  onAddFeed: () => void
}) {
  const { items, failure, problems } = props
  const text = useIntakeDraft((draft) => draft.text)
  const spoken = items?.length === 1 ? items[0]!.sentence : items ? `${items.length} things. ${items[0]?.sentence}` : ''
  useEffect(() => {
    if (spoken) announce(spoken)
  }, [spoken])
  const trouble = shortened(failure ? [failure.message] : problems)
  useEffect(() => {
    if (trouble.length > 0) announce(trouble.join(' '), 'assertive')
  }, [trouble.join('\n')])
  const mayAddFeed = trouble.length > 0 && items?.every((item) => item.kind === 'feed' || item.kind === 'web-page')
  const lastForNotes = items?.findLastIndex((item) => item.action === 'make-notes')
  return (
    <div id="intake-answer">
      {props.looking && (
        <p className={css.answer}>
          <span>Looking at it…</span>
        </p>
      )}
      {items && items.length > 0 && (
        <ul className={css.answers}>
          {items.map((item, index) => (
            <Answer key={index} item={item} withChoice={index === lastForNotes} />
          ))}
        </ul>
      )}
      {trouble.map((words, index) => (
        <p key={`${index} ${words}`} className={css.trouble}>
          <IconAlertTriangle className={css.warnIcon} size={16} stroke={1.7} aria-hidden="true" />
          <span>{words}</span>
          {mayAddFeed && (
            <button
              type="button"
              className="ik-link"
              onClick={() => {
                askToAddFeed(text)
                props.onAddFeed()
              }}
            >
              Open in Add feed
            </button>
          )}
        </p>
      ))}
    </div>
  )
}

const mostProblems = 5
const shortened = (problems: readonly string[]): readonly string[] =>
  problems.length <= mostProblems
    ? problems
    : [...problems.slice(0, mostProblems - 1), `And ${problems.length - mostProblems + 1} more.`]

function Answer({ item, withChoice }: { item: IntakeItem; withChoice: boolean }) {
  const Icon = icons[item.kind]
  return (
    <li className={css.answer}>
      <Icon className={item.action === 'none' ? css.warnIcon : css.icon} size={17} stroke={1.6} aria-hidden="true" />
      <span>
        <b>{item.title}</b>
        <span className="ik-hidden">: </span> {item.sentence}
      </span>
      {withChoice && <TemplateMenu />}
      {item.action === 'make-notes' && <Price microUsd={item.costMicroUsd} reckoning={false} />}
    </li>
  )
}
