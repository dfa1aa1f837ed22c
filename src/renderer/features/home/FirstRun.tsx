import { Button } from '@mantine/core'
import { IconFileMusic, IconRss } from '@tabler/icons-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { Failure } from '#shared/result.ts'
import { askToAddFeed } from '../../lib/add-feed-request.ts'
import { useCommand } from '../../lib/live.ts'
import { useVault } from '../../lib/use-vault.ts'
import { FailureNote, Money, Page, say, VaultLine } from '../../ui/index.ts'
import css from './first-run.module.css'
import { opmlWords } from './opml-words.ts'
import { PasteBox } from './PasteBox.tsx'
import { Well } from './Well.tsx'

/** Before there is anything: what to do first. */
export function FirstRun() {
  const [, navigate] = useLocation()
  const vault = useVault()
  const trySample = useCommand('intake', 'trySample')
  const importOpml = useCommand('feeds', 'importOpml')
  const [failure, setFailure] = useState<Failure | null>(null)

  const sample = async () => {
    setFailure(null)
    const ready = await vault.ready()
    if (!ready.ok) return setFailure(ready.error)
    const made = await trySample.run({})
    if (!made.ok) return setFailure(made.error)
    say('Notes of the sample episode are being made.', { key: `notes-${made.value.episodeId}` })
    navigate(`/episodes/${made.value.episodeId}`)
  }
  const opml = async () => {
    setFailure(null)
    const report = await importOpml.run({})
    if (!report.ok) return setFailure(report.error)
    if (!report.value) return
    say(opmlWords(report.value), { tone: report.value.failed > 0 ? 'warn' : 'plain' })
    if (report.value.added > 0) navigate('/feeds')
  }
  return (
    <Page className={css.first}>
      <Well />
      <h1 className="ik-display">What have you been listening to?</h1>
      <p className={css.lede}>
        Paste a link, drop a recording, or bring your feeds. Inkwell says what it will do before it starts, and writes
        the notes into a folder that is yours.
      </p>
      <PasteBox className={css.firstBox} />
      {failure && <FailureNote failure={failure} />}
      <div className={css.ways}>
        <article>
          <IconFileMusic className={css.icon} size={20} stroke={1.5} aria-hidden="true" />
          <h2>Try the sample episode</h2>
          <p>
            Three voices on lighthouse keepers’ logs, about twenty-five minutes. It comes with Inkwell and works
            offline, without a key.
          </p>
          <Button loading={trySample.running} onClick={sample} rightSection={<Money microUsd={0} />}>
            Make its notes
          </Button>
        </article>
        <article>
          <IconRss className={css.icon} size={20} stroke={1.5} aria-hidden="true" />
          <h2>Bring your feeds</h2>
          <p>An OPML file from any podcast app, or one address at a time. Private feeds too.</p>
          <div className={css.wayActs}>
            <Button variant="default" loading={importOpml.running} onClick={opml}>
              Import OPML
            </Button>
            <Button
              variant="default"
              onClick={() => {
                askToAddFeed()
                navigate('/feeds')
              }}
            >
              Add a feed
            </Button>
          </div>
        </article>
      </div>
      <VaultLine always />
    </Page>
  )
}
