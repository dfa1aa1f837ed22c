import { SegmentedControl } from '@mantine/core'
import { useEffect, useState } from 'react'
import { Link } from 'wouter'
import { EmptyState, FailureNote, Loading } from '../../ui/index.ts'
import { Answer } from './Answer.tsx'
import { Request } from './Request.tsx'
import { RunFoot } from './RunFoot.tsx'
import { TriedWith } from './TriedWith.tsx'
import css from './templates.module.css'
import type { TemplateChoice } from './use-model-choice.ts'
import type { PreviewState } from './use-preview.ts'
import { useTestRun } from './use-test-run.ts'
import { useTriedEpisode } from './use-tried-episode.ts'

/** The exact request, which costs nothing to look at; and the answer, once it was asked for and paid. */
export function Preview(props: { yaml: string; preview: PreviewState; model: TemplateChoice; title: string }) {
  const { preview, model } = props
  const { rows, episodeId } = useTriedEpisode()
  const run = useTestRun(props.yaml, episodeId, props.title)
  const [shown, setShown] = useState<'request' | 'answer'>('request')
  useEffect(() => {
    if (run.answer || run.failure) setShown('answer')
  }, [run.answer, run.failure])
  const failure = preview.failure?.code === 'invalid-template' ? null : preview.failure
  const answered = run.answer !== null || run.failure !== null
  return (
    <aside className={css.preview} aria-label="Preview">
      <header className={css.head}>
        <h2>Preview</h2>
        <span className={css.zero}>$0.00</span>
        {answered && (
          <SegmentedControl
            size="xs"
            aria-label="What is shown"
            value={shown}
            onChange={(value) => setShown(value as typeof shown)}
            data={[
              { value: 'request', label: 'Request' },
              { value: 'answer', label: 'Answer' },
            ]}
          />
        )}
      </header>
      {rows?.length === 0 && (
        <EmptyState
          title="No episode has its words here yet."
          action={
            <Link href="/feeds" className="ik-link">
              Go to Feeds
            </Link>
          }
        >
          Make notes of one, and templates can be tried on it.
        </EmptyState>
      )}
      {rows && episodeId !== null && <TriedWith rows={rows} episodeId={episodeId} model={model} />}
      {episodeId !== null && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard has to reach it
        <section className={css.previewText} aria-label={shown === 'answer' ? 'Answer' : 'Request'} tabIndex={0}>
          {shown === 'answer' && answered ? (
            <>
              {run.failure && <FailureNote failure={run.failure} tone="warn" />}
              {run.answer && <Answer run={run.answer} episodeId={episodeId} isOld={run.isOld} />}
            </>
          ) : failure ? (
            <FailureNote failure={failure} onRetry={preview.again} />
          ) : preview.value ? (
            <Request preview={preview.value} isFresh={preview.isFresh} />
          ) : preview.failure ? (
            <p className="ik-dim">The request appears once the text can be read.</p>
          ) : (
            <Loading rows={5} label="Making the request" />
          )}
        </section>
      )}
      {preview.value && <RunFoot preview={preview.value} canRun={preview.failure === null} run={run} />}
    </aside>
  )
}
