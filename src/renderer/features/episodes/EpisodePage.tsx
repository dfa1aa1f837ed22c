import { ActionIcon } from '@mantine/core'
import { IconLayoutSidebarRight } from '@tabler/icons-react'
import { useMemo, useRef, useState } from 'react'
import type { Episode } from '#shared/contract/episodes.ts'
import type { Note } from '#shared/contract/notes.ts'
import type { RungId } from '#shared/contract/transcripts.ts'
import { useCommand, useLive } from '../../lib/live.ts'
import { useShortcut } from '../../lib/shortcuts.ts'
import { useEstimate } from '../../lib/use-estimate.ts'
import { EmptyState, SectionHead, say } from '../../ui/index.ts'
import { CompareNotes } from './CompareNotes.tsx'
import { EpisodeHead } from './EpisodeHead.tsx'
import css from './episode.module.css'
import { jobToShow, readableSeconds } from './episode-model.ts'
import { JobStrip } from './JobStrip.tsx'
import type { TextActions } from './markup/TextLink.tsx'
import { NotePane } from './NotePane.tsx'
import { NoteTabs, panelId, showNotesTab, tabId } from './NoteTabs.tsx'
import { ShowNotes } from './ShowNotes.tsx'
import { TranscriptPanel } from './TranscriptPanel.tsx'
import { useOpenExternal } from './use-open-external.ts'
import { useQuoteSteps } from './use-quote-steps.ts'
import { useStartNotes } from './use-start-notes.ts'
import { useTranscriptPlace } from './use-transcript-place.ts'
import { WithoutNotes } from './WithoutNotes.tsx'

export function EpisodePage({ episode, notes }: { episode: Episode; notes: readonly Note[] }) {
  const transcript = useLive('transcripts', 'get', { episodeId: episode.id })
  const jobs = useLive('jobs', 'list', {})
  const reveal = useCommand('notes', 'reveal')
  const startNotes = useStartNotes()
  const place = useTranscriptPlace()
  const openLink = useOpenExternal()
  const [templates, setTemplates] = useState<readonly string[] | null>(null)
  const [rung, setRung] = useState<RungId | null>(null)
  const [tab, setTab] = useState<string | null>(null)
  const [comparing, setComparing] = useState<string | null>(null)
  const reader = useRef<HTMLDivElement | null>(null)

  const job = jobToShow(jobs.value ?? [], episode)
  const busy = episode.activeJobId !== null || job?.state === 'running' || job?.state === 'queued'
  const note = notes.find((one) => one.id === tab) ?? (tab === showNotesTab ? null : (notes[0] ?? null))
  const current = note?.id ?? showNotesTab
  const compared = notes.find((one) => one.id === comparing && one.newerFileName !== null)
  const lang = episode.language ?? undefined
  const timed = transcript.value?.hasTimes ?? false
  const { goTo } = place
  const actions: TextActions = useMemo(() => ({ openLink, goTo: timed ? goTo : null }), [openLink, goTo, timed])
  useShortcut('t', 'Transcript', () => place.setOpen(!place.open), { group: 'Episode' })
  useShortcut('mod+f', 'Search the transcript', place.search, { group: 'Episode' })
  useQuoteSteps(reader)

  const priced = useEstimate(busy ? [] : [episode.id], templates, rung)
  const making = {
    busy,
    starting: startNotes.running,
    templates,
    onTemplates: setTemplates,
    priced,
    onMakeNotes: () =>
      void startNotes.start([episode.id], templates, { rung, approvedMicroUsd: priced.approvedMicroUsd }),
  }
  const showFile = async () => {
    const done = await reveal.run({ episodeId: episode.id, ...(note ? { noteId: note.id } : {}) })
    if (!done.ok) say(done.error.message, { tone: 'warn' })
  }
  const showNotes = episode.descriptionHtml ? (
    <ShowNotes html={episode.descriptionHtml} lang={lang} actions={actions} />
  ) : null

  if (compared) return <CompareNotes note={compared} lang={lang} actions={actions} onClose={() => setComparing(null)} />
  return (
    <div className={css.page} data-transcript={place.open || undefined}>
      <div className={css.reader}>
        <EpisodeHead episode={episode} hasNotes={notes.length > 0} {...making} />
        <div className={css.tabLine}>
          {notes.length > 0 ? (
            <NoteTabs notes={notes} hasShowNotes={showNotes !== null} current={current} onChoose={setTab} />
          ) : (
            <h2>Notes</h2>
          )}
          <ActionIcon
            aria-label={place.open ? 'Hide transcript' : 'Show transcript'}
            aria-expanded={place.open}
            title={place.open ? 'Hide transcript (T)' : 'Show transcript (T)'}
            onClick={() => place.setOpen(!place.open)}
          >
            <IconLayoutSidebarRight size={17} stroke={1.6} />
          </ActionIcon>
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
        <div ref={reader} className={css.scroll} tabIndex={0} {...panelProps(notes.length > 0, current)}>
          {job && <JobStrip job={job} />}
          {notes.length === 0 && <WithoutNotes episode={episode} rung={rung} onRung={setRung} {...making} />}
          {notes.length === 0 && showNotes && (
            <div className={css.showNotesHead}>
              <SectionHead title="Show notes" />
            </div>
          )}
          {note ? (
            <NotePane
              note={note}
              lang={lang}
              totalSeconds={readableSeconds(episode, transcript.value ?? null)}
              actions={actions}
              onCompare={() => setComparing(note.id)}
              onShowFile={() => void showFile()}
            />
          ) : (
            (showNotes ?? (notes.length === 0 && <EmptyState title="The show says nothing about this episode." />))
          )}
        </div>
      </div>
      {place.open && (
        <TranscriptPanel
          episode={episode}
          transcript={transcript.value ?? null}
          asked={place.asked}
          searchAsked={place.searchAsked}
          onClose={() => place.setOpen(false)}
        />
      )}
    </div>
  )
}

const panelProps = (isTab: boolean, current: string) =>
  isTab
    ? { role: 'tabpanel', id: panelId, 'aria-labelledby': tabId(current) }
    : { role: 'region', 'aria-label': 'About this episode' }
