import { ActionIcon } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { Chapter, Episode } from '#shared/contract/episodes.ts'
import type { Transcript } from '#shared/contract/transcripts.ts'
import { announce } from '../../lib/announce.ts'
import { formatClock } from '../../lib/format.ts'
import { EmptyState, say } from '../../ui/index.ts'
import { ChapterList } from './ChapterList.tsx'
import { availabilityWords, transcriptSource } from './episode-model.ts'
import { type Target, TranscriptLines } from './TranscriptLines.tsx'
import { TranscriptMenu } from './TranscriptMenu.tsx'
import { TranscriptSearch } from './TranscriptSearch.tsx'
import css from './transcript.module.css'
import { lineAt, linesOf, transcriptAsText } from './transcript-lines.ts'
import { useTranscriptSearch } from './use-transcript-search.ts'

/** A second somebody asked to see; `turn` tells two presses apart. */
export interface AskedTime {
  readonly seconds: number
  readonly turn: number
}

/** The words of the episode beside its notes. */
export function TranscriptPanel(props: {
  episode: Episode
  transcript: Transcript | null
  asked: AskedTime | null
  /** A new number for each Ctrl F. */
  searchAsked: number
  onClose: () => void
}) {
  const { episode, transcript, asked } = props
  const lines = useMemo(
    () => (transcript ? linesOf(transcript.segments, episode.chapters) : []),
    [transcript, episode.chapters],
  )
  const [target, setTarget] = useState<Target | null>(null)
  const [currentLine, setCurrentLine] = useState(-1)
  const region = useRef<HTMLElement | null>(null)
  const field = useRef<HTMLInputElement | null>(null)
  const show = (line: number) => {
    setCurrentLine(line)
    setTarget((now) => ({ line, turn: (now?.turn ?? 0) + 1 }))
  }
  const search = useTranscriptSearch(lines, show)

  useEffect(() => {
    if (!asked) return
    const line = lineAt(lines, asked.seconds)
    if (line < 0) return
    setCurrentLine(line)
    setTarget((now) => ({ line, turn: (now?.turn ?? 0) + 1 }))
    announce(`Transcript at ${formatClock(asked.seconds)}`)
  }, [asked, lines])
  useEffect(() => {
    if (props.searchAsked > 0) field.current?.select()
  }, [props.searchAsked])

  const goToChapter = (chapter: Chapter) => {
    const line = lines.findIndex((one) => one.chapter === chapter)
    show(line < 0 ? lineAt(lines, chapter.startSeconds) : line)
    announce(`Transcript at ${chapter.title}`)
  }
  const copy = async (withTimes: boolean) => {
    await navigator.clipboard.writeText(transcriptAsText(lines, withTimes, formatClock))
    say(withTimes ? 'Transcript copied with times and speakers.' : 'Transcript copied.')
  }
  const timed = transcript?.hasTimes ?? false
  return (
    <aside className={css.panel} aria-label="Transcript">
      <header className={css.head}>
        <h2>Transcript</h2>
        {lines.length > 0 && (
          <TranscriptMenu
            episode={episode}
            hasSpeakers={transcript?.hasSpeakers ?? false}
            onCopy={(withTimes) => void copy(withTimes)}
          />
        )}
        <ActionIcon className={css.close!} aria-label="Hide transcript" onClick={props.onClose}>
          <IconX size={16} stroke={1.6} />
        </ActionIcon>
      </header>
      {lines.length > 0 && <TranscriptSearch search={search} field={field} />}
      {episode.chapters.length > 0 && <ChapterList chapters={episode.chapters} goTo={timed ? goToChapter : null} />}
      {transcript && lines.length > 0 ? (
        <>
          <section
            ref={region}
            className={css.lines}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
            tabIndex={0}
            aria-label="Words"
            lang={transcript.language ?? episode.language ?? undefined}
          >
            <TranscriptLines
              lines={lines}
              hits={search.hits}
              currentHit={search.current}
              currentLine={currentLine}
              target={target}
              region={region}
            />
          </section>
          <p className={css.source}>{[transcriptSource(transcript), ...transcript.warnings].join(' ')}</p>
        </>
      ) : (
        <div className={css.empty}>
          <NoTranscript episode={episode} stored={transcript !== null} />
        </div>
      )}
    </aside>
  )
}

function NoTranscript({ episode, stored }: { episode: Episode; stored: boolean }) {
  if (stored) return <EmptyState title="The transcript is empty." />
  if (episode.transcript === 'none')
    return (
      <EmptyState title="No transcript.">
        None comes with this episode. One can be made from the recording when its notes are made.
      </EmptyState>
    )
  return (
    <EmptyState title="Not read yet.">
      It appears here once notes are made {availabilityWords[episode.transcript]}.
    </EmptyState>
  )
}
