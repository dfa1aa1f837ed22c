import { Button } from '@mantine/core'
import { IconCopy } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { failureOf, inkwell, unwrap } from '../../lib/inkwell.ts'
import { FailureNote, Mark, say } from '../../ui/index.ts'
import { Row } from './Row.tsx'
import css from './settings.module.css'

export function About() {
  const query = useQuery({ queryKey: ['app', 'info', {}], queryFn: async () => unwrap(await inkwell.app.info({})) })
  const info = query.data
  if (query.error) return <FailureNote failure={failureOf(query.error)} onRetry={() => void query.refetch()} />
  if (!info) return null
  const versions = `Inkwell ${info.version} · Electron ${info.electron} · Node ${info.node} · SQLite ${info.sqlite}`
  const copy = async () => {
    await navigator.clipboard.writeText(versions)
    say('Versions copied.')
  }
  return (
    <>
      <Row
        name={
          <span className={css.mark}>
            <Mark /> Inkwell {info.version}
          </span>
        }
        control={
          <Button
            variant="default"
            size="xs"
            leftSection={<IconCopy size={14} stroke={1.7} />}
            onClick={() => void copy()}
          >
            Copy versions
          </Button>
        }
      >
        Electron {info.electron}, Node {info.node}, SQLite {info.sqlite}.
      </Row>
      <Row name="Your library">
        <span className={css.path}>{info.profilePath}</span>
        <br />
        Feeds, transcripts, jobs and settings live here. Notes live in your notes folder.
      </Row>
      <Row name="Licences">
        Inkwell is free software under the MIT licence. Newsreader and Hanken Grotesk are under the SIL Open Font
        License, Commit Mono too; icons by Tabler, MIT.
      </Row>
    </>
  )
}
