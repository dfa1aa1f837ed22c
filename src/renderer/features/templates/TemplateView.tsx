import { Link, useParams } from 'wouter'
import { useCrumbs } from '../../lib/crumbs.ts'
import { useLive } from '../../lib/live.ts'
import { EmptyState, FailureNote, Loading, Page, PageHead } from '../../ui/index.ts'
import { copyName, renamed } from './template-copy.ts'
import { Workbench } from './Workbench.tsx'

/** `/templates/:name`, and `/templates/:name/copy` for a new one that starts as a copy of it. */
export function TemplateView() {
  const params = useParams<{ name: string; copy?: string }>()
  const name = params.name
  const isCopy = params.copy === 'copy'
  const list = useLive('templates', 'list', {})
  const source = useLive('templates', 'source', { name })
  const template = list.value?.find((one) => one.name === name)
  const title = template?.title ?? name
  useCrumbs([{ label: 'Templates', to: '/settings/templates' }, { label: isCopy ? `Copy of ${title}` : title }])
  const failure = source.failure ?? list.failure
  if (template && source.value) {
    const page = isCopy ? `${name}/copy` : name
    const copy = isCopy
      ? copyName(
          name,
          list.value!.map((one) => one.name),
        )
      : name
    return (
      <Workbench
        key={page}
        page={page}
        template={template}
        templates={list.value!}
        name={copy}
        isCopy={isCopy}
        saved={isCopy ? renamed(source.value.yaml, copy) : source.value.yaml}
      />
    )
  }
  return (
    <Page>
      <PageHead title={title} />
      {failure ? (
        <FailureNote failure={failure} onRetry={source.again}>
          <Link href="/settings/templates" className="ik-link">
            All templates
          </Link>
        </FailureNote>
      ) : list.value && !template ? (
        <EmptyState
          title="There is no such template."
          action={
            <Link href="/settings/templates" className="ik-link">
              All templates
            </Link>
          }
        >
          It was removed or has another name now.
        </EmptyState>
      ) : (
        <Loading rows={6} label="Loading the template" />
      )}
    </Page>
  )
}
