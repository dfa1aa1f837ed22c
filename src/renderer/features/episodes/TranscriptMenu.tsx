import { ActionIcon, Menu } from '@mantine/core'
import { IconCopy, IconDots } from '@tabler/icons-react'
import { useState } from 'react'
import type { Episode } from '#shared/contract/episodes.ts'
import type { TranscriptFile } from '#shared/contract/transcripts.ts'
import { inkwell } from '../../lib/inkwell.ts'
import { useCommand } from '../../lib/live.ts'
import { say } from '../../ui/index.ts'
import { CorrectionsDialog } from './CorrectionsDialog.tsx'
import { SpeakersDialog } from './SpeakersDialog.tsx'
import { VersionsDialog } from './VersionsDialog.tsx'

const files: readonly { readonly format: TranscriptFile; readonly words: string }[] = [
  { format: 'txt', words: 'Text' },
  { format: 'md', words: 'Markdown' },
  { format: 'srt', words: 'SRT captions' },
  { format: 'vtt', words: 'WebVTT captions' },
  { format: 'json', words: 'Podcasting 2.0 JSON' },
  { format: 'csv', words: 'Table (CSV)' },
]

/** What can be done with a transcript as a whole. */
export function TranscriptMenu(props: {
  episode: Episode
  hasSpeakers: boolean
  onCopy: (withTimes: boolean) => void
}) {
  const { episode } = props
  const [dialog, setDialog] = useState<'speakers' | 'corrections' | 'versions' | null>(null)
  const save = useCommand('transcripts', 'export')
  const saveAs = async (format: TranscriptFile) => {
    const done = await save.run({ episodeId: episode.id, format })
    if (!done.ok) return say(done.error.message, { tone: 'warn' })
    if (done.value) say(`Transcript saved as ${done.value.fileName}.`)
  }
  const copyAs = async (format: TranscriptFile, words: string) => {
    const read = await inkwell.transcripts.text({ episodeId: episode.id, format })
    if (!read.ok) return say(read.error.message, { tone: 'warn' })
    await navigator.clipboard.writeText(read.value.text)
    say(`Transcript copied as ${words}.`)
  }
  const close = () => setDialog(null)
  return (
    <>
      <Menu withInitialFocusPlaceholder={false} position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label="Copy the transcript">
            <IconCopy size={16} stroke={1.6} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => props.onCopy(false)}>Copy all</Menu.Item>
          <Menu.Item onClick={() => props.onCopy(true)}>Copy with times and speakers</Menu.Item>
          <Menu.Item onClick={() => void copyAs('md', 'Markdown')}>Copy as Markdown</Menu.Item>
          <Menu.Item onClick={() => void copyAs('srt', 'SRT captions')}>Copy as SRT captions</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Menu withInitialFocusPlaceholder={false} position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label="More for the transcript">
            <IconDots size={16} stroke={1.6} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Save as</Menu.Label>
          {files.map(({ format, words }) => (
            <Menu.Item key={format} onClick={() => void saveAs(format)}>
              {words}
            </Menu.Item>
          ))}
          <Menu.Divider />
          {props.hasSpeakers && <Menu.Item onClick={() => setDialog('speakers')}>Who speaks…</Menu.Item>}
          <Menu.Item onClick={() => setDialog('corrections')}>Words heard wrong…</Menu.Item>
          <Menu.Item onClick={() => setDialog('versions')}>Other transcripts…</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {dialog === 'speakers' && <SpeakersDialog episodeId={episode.id} onClose={close} />}
      {dialog === 'corrections' && <CorrectionsDialog episode={episode} onClose={close} />}
      {dialog === 'versions' && <VersionsDialog episodeId={episode.id} onClose={close} />}
    </>
  )
}
