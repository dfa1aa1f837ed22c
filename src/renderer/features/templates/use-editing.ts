import { useEffect, useRef } from 'react'
import { useLocation } from 'wouter'
import type { Failure } from '#shared/result.ts'
import { useCommand } from '../../lib/live.ts'
import { say } from '../../ui/index.ts'
import { setDraft, useDrafts } from './use-drafts.ts'
import type { WorkbenchProps } from './Workbench.tsx'

export interface Editing {
  readonly yaml: string
  readonly isChanged: boolean
  readonly isSaving: boolean
  /** Why it could not be saved; null once the text has changed. */
  readonly failure: Failure | null
  readonly change: (yaml: string) => void
  readonly save: () => Promise<void>
  /** Puts back what is on disk. */
  readonly discard: () => void
}

/** The text of a template while it is worked on: what is typed is kept until it is saved or put back. */
export function useEditing(props: WorkbenchProps, onRefused: (message: string) => void): Editing {
  const { page, saved, isCopy, template } = props
  const draft = useDrafts(({ byPage }) => byPage[page])
  const save = useCommand('templates', 'save')
  const remove = useCommand('templates', 'remove')
  const [, navigate] = useLocation()
  const yaml = draft ?? saved
  const isChanged = isCopy || yaml !== saved
  const refusedText = useRef<string | null>(null)

  // Main's own text wins silently only where nothing else was typed.
  useEffect(() => {
    if (draft !== undefined && draft === saved) setDraft(page, null)
  }, [draft, saved, page])

  const unsaved = useRef(false)
  unsaved.current = draft !== undefined && draft !== saved
  useEffect(
    () => () => {
      if (!unsaved.current) return
      say('The template is not saved yet. What you typed is kept.', {
        key: `draft-${page}`,
        action: { label: 'Go back to it', run: () => navigate(`/templates/${page}`) },
      })
    },
    [page, navigate],
  )

  return {
    yaml,
    isChanged,
    isSaving: save.running,
    failure: refusedText.current === yaml ? save.failure : null,
    change: (next) => setDraft(page, next === saved ? null : next),
    discard: () => setDraft(page, null),
    save: async () => {
      if (save.running || !isChanged) return
      const done = await save.run({ yaml })
      if (!done.ok) {
        refusedText.current = yaml
        onRefused(done.error.message)
        return
      }
      unsaved.current = false
      setDraft(page, null)
      const isNew = isCopy || done.value.name !== template.name
      say(`${done.value.title} is saved.`, {
        undo: () =>
          void (isNew ? remove.run({ name: done.value.name }) : save.run({ yaml: saved })).then((back) => {
            if (back.ok) setDraft(page, yaml)
            say(back.ok ? 'It is as it was. What you typed is kept, unsaved.' : back.error.message)
            if (back.ok && isNew) navigate(`/templates/${page}`)
          }),
      })
      if (isNew) navigate(`/templates/${done.value.name}`, { replace: true })
    },
  }
}
