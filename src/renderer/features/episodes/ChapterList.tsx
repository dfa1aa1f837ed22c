import { IconChevronDown } from '@tabler/icons-react'
import { useId, useState } from 'react'
import type { Chapter } from '#shared/contract/episodes.ts'
import { formatClock, plural } from '../../lib/format.ts'
import css from './transcript.module.css'

/** The episode's chapters; with a timed transcript each goes to its place there. */
export function ChapterList(props: { chapters: readonly Chapter[]; goTo: ((chapter: Chapter) => void) | null }) {
  const [open, setOpen] = useState(false)
  const id = useId()
  const { chapters, goTo } = props
  return (
    <div className={css.chapters}>
      <button
        type="button"
        className="ik-link"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen((now) => !now)}
      >
        {plural(chapters.length, 'chapter')}
        <IconChevronDown size={13} aria-hidden="true" data-open={open || undefined} />
      </button>
      <ol id={id} hidden={!open}>
        {chapters.map((chapter) => (
          <li key={`${chapter.startSeconds} ${chapter.title}`}>
            {goTo ? (
              <button type="button" onClick={() => goTo(chapter)}>
                <span>{formatClock(chapter.startSeconds)}</span>
                <span dir="auto">{chapter.title}</span>
              </button>
            ) : (
              <div>
                <span>{formatClock(chapter.startSeconds)}</span>
                <span dir="auto">{chapter.title}</span>
              </div>
            )}
          </li>
        ))}
      </ol>
    </div>
  )
}
