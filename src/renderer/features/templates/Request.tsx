import type { TemplatePreview } from '#shared/contract/templates.ts'
import css from './templates.module.css'

/** Word for word what a model is sent. */
export function Request({ preview, isFresh }: { preview: TemplatePreview; isFresh: boolean }) {
  const { system, user, requests } = preview
  return (
    <div className={css.request} data-stale={!isFresh || undefined}>
      {system !== '' && (
        <>
          <h3>Instructions</h3>
          <pre dir="auto">{system}</pre>
        </>
      )}
      <h3>{requests > 1 ? `Question, the first of ${requests}` : 'Question'}</h3>
      <pre dir="auto">{user}</pre>
    </div>
  )
}
