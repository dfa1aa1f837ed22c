import { useEffect, useRef, useState } from 'react'
import type { IntakeItem } from '#shared/contract/intake.ts'
import type { Failure, Result } from '#shared/result.ts'
import { useCommand } from '../../lib/live.ts'
import { useVault } from '../../lib/use-vault.ts'
import { clearIntake, isEmptyDraft, useIntakeDraft } from './intake-draft.ts'

export interface Accepted {
  feedIds: string[]
  episodeIds: string[]
  jobIds: string[]
  problems: string[]
}

/** Looking at an address asks its server: a typed one is looked at when the typing rests, a pasted one at once. */
const typingRestsMs = 700

/** What lies in the box, what main says it is, and taking it. */
export function useAcceptIntake(onDone: (accepted: Accepted, items: IntakeItem[]) => void) {
  const { text, passage, files, templates, problems } = useIntakeDraft()
  const vault = useVault()
  const inspect = useCommand('intake', 'inspect')
  const acceptCommand = useCommand('intake', 'accept')
  const ask = useRef(inspect.run)
  ask.current = inspect.run

  // The answer is kept with what it answers: a line never speaks of something else than the box holds.
  const subject = JSON.stringify([text.trim(), passage?.length, files.map((file) => file.token)])
  const [answer, setAnswer] = useState<{ subject: string; result: Result<IntakeItem[]> } | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [wanted, setWanted] = useState(false)

  const isEmpty = isEmptyDraft({ text, passage, files })
  const input = {
    ...(passage !== null ? { text: passage } : text.trim() ? { text: text.trim() } : {}),
    ...(files.length > 0 ? { tokens: files.map((file) => file.token) } : {}),
  }
  const textBefore = useRef('')
  const latestInput = useRef(input)
  latestInput.current = input

  useEffect(() => {
    setFailure(null)
    if (isEmpty) {
      textBefore.current = ''
      setAnswer(null)
      return
    }
    useIntakeDraft.setState({ problems: [] })
    const isTyped = Math.abs(text.length - textBefore.current.length) === 1
    textBefore.current = text
    let current = true
    const timer = setTimeout(
      async () => {
        const result = await ask.current(latestInput.current)
        if (current) setAnswer({ subject, result })
      },
      isTyped ? typingRestsMs : 0,
    )
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [subject, isEmpty, text])

  const known = answer?.subject === subject ? answer.result : null
  const items = known?.ok ? known.value : null

  const accept = async () => {
    if (isEmpty || acceptCommand.running) return
    if (!known) {
      setWanted(true) // Enter pressed before main has answered
      return
    }
    if (!items?.some((item) => item.action !== 'none')) return
    if (items.some((item) => item.action === 'make-notes')) {
      const ready = await vault.ready()
      if (!ready.ok) {
        setFailure(ready.error)
        return
      }
    }
    const result = await acceptCommand.run({ ...input, ...(templates ? { templates: [...templates] } : {}) })
    if (!result.ok) {
      setFailure(result.error)
      return
    }
    const { feedIds, episodeIds } = result.value
    const cameOfIt = feedIds.length + episodeIds.length > 0 || items.some((item) => item.action === 'import-opml')
    // Nothing typed is thrown away while nothing came of it.
    if (cameOfIt || result.value.problems.length === 0) clearIntake()
    useIntakeDraft.setState({ problems: result.value.problems })
    onDone(result.value, items)
  }

  const latestAccept = useRef(accept)
  latestAccept.current = accept
  useEffect(() => {
    if (!wanted || !known) return
    setWanted(false)
    // What costs something waits for a second yes, after its price was shown.
    if (known.ok && known.value.every((item) => item.costMicroUsd === 0)) void latestAccept.current()
  }, [wanted, known])

  return {
    items,
    failure: failure ?? (known && !known.ok ? known.error : null),
    problems,
    looking: !isEmpty && !known,
    running: acceptCommand.running,
    accept,
  }
}
