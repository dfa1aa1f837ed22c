import { ActionIcon, Button, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import type { SpeechModel } from '#shared/contract/speech.ts'
import type { Result } from '#shared/result.ts'
import { formatBytes, plural } from '../../lib/format.ts'
import { inkwell } from '../../lib/inkwell.ts'
import { useCommand } from '../../lib/live.ts'
import { Bar, State, say } from '../../ui/index.ts'
import css from './models.module.css'

/** A speech model: how large, how fast here, and what can be done with it now. */
export function SpeechModelRow({ model }: { model: SpeechModel }) {
  const live = useDownload(model)
  const download = useCommand('speech', 'download')
  const pause = useCommand('speech', 'pause')
  const remove = useCommand('speech', 'remove')
  const verify = useCommand('speech', 'verify')
  const importModel = useCommand('speech', 'importModel')
  const setDefault = useCommand('speech', 'setDefault')
  const probe = useCommand('speech', 'probe')
  const { id, title, state } = model
  const told = async (run: Promise<Result<unknown>>, words?: string) => {
    const done = await run
    if (!done.ok) say(done.error.message, { tone: 'warn' })
    else if (words) say(words)
  }
  const isVoice = model.family !== 'diarisation'
  const here = state === 'ready' || state === 'damaged'
  return (
    <li className={css.model}>
      <div className={css.name}>
        <b>{title}</b>
        <small>{isVoice ? languagesOf(model.languages) : 'Tells speakers apart'}</small>
      </div>
      <div className={css.state}>
        {state === 'downloading' ? (
          <>
            <Bar fraction={live.fraction} label={`Download of ${title}`} text={live.words} />
            <small className="ik-dim">{live.words}</small>
          </>
        ) : (
          <State kind={state === 'ready' ? 'ok' : state === 'damaged' ? 'bad' : state === 'paused' ? 'pause' : 'wait'}>
            {model.words}
          </State>
        )}
        <small className="ik-dim">
          {formatBytes(model.bytes)}
          {isVoice && model.realTimeFactor !== null && `, ${speedOf(model)}`}
          {model.isDefault && ', used unless you choose another'}
        </small>
      </div>
      <div className={css.acts}>
        {state === 'downloading' ? (
          <Button variant="default" size="xs" onClick={() => void told(pause.run({ id }))}>
            Pause<span className="ik-hidden"> the download of {title}</span>
          </Button>
        ) : (
          !here && (
            <Button variant="default" size="xs" onClick={() => void told(download.run({ id }))}>
              {state === 'paused' ? 'Go on' : 'Download'}
              <span className="ik-hidden"> {title}</span>
            </Button>
          )
        )}
        <Menu withInitialFocusPlaceholder={false} position="bottom-end">
          <Menu.Target>
            <ActionIcon aria-label={`More for ${title}`} loading={probe.running || verify.running}>
              <IconDots size={16} stroke={1.6} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {state === 'ready' && isVoice && !model.isDefault && (
              <Menu.Item onClick={() => void told(setDefault.run({ id }), `${title} is used from now on.`)}>
                Use this one
              </Menu.Item>
            )}
            {state === 'ready' && isVoice && (
              <Menu.Item onClick={() => void told(probe.run({ id }), `The speed of ${title} is measured.`)}>
                Measure its speed (20 s)
              </Menu.Item>
            )}
            {here && (
              <Menu.Item onClick={() => void told(verify.run({ id }), `${title} was read again, every byte.`)}>
                Check every byte
              </Menu.Item>
            )}
            <Menu.Item onClick={() => void told(importModel.run({ id }))}>Import from a file…</Menu.Item>
            {(here || state === 'paused') && (
              <Menu.Item onClick={() => void told(remove.run({ id }), `${title} is removed. It can be had again.`)}>
                Remove
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      </div>
    </li>
  )
}

const languagesOf = (languages: readonly string[]): string =>
  languages.length > 4 ? plural(languages.length, 'language') : languages.join(', ')

const speedOf = ({ realTimeFactor, speedIsMeasured }: SpeechModel): string => {
  const times = 1 / (realTimeFactor ?? 1)
  return `${speedIsMeasured ? '' : 'about '}${times.toFixed(times < 10 ? 1 : 0)}× real time here`
}

/** The bar moves with the events; the list itself is read again only when a state changes. */
function useDownload(model: SpeechModel): { fraction: number; words: string } {
  const [live, setLive] = useState<{ fraction: number; words: string } | null>(null)
  useEffect(
    () =>
      inkwell.on('speech.progress', (progress) => {
        if (progress.id === model.id) setLive(progress)
      }),
    [model.id],
  )
  return live ?? model
}
