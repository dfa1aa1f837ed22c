import { inkwell } from './inkwell.ts'

/** Tells main of a defect in the page; main logs it and gives the reference to show. Never throws. */
export async function reportDefect(error: unknown, where = ''): Promise<{ reference: string | null; report: string }> {
  const message = (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, 2_000)
  const stack = `${error instanceof Error ? (error.stack ?? '') : ''}\n${where}`.trim().slice(0, 20_000)
  try {
    const answer = await inkwell.app.reportDefect({ message, stack })
    const reference = answer.ok ? answer.value.reference : null
    return { reference, report: [reference && `Inkwell ${reference}`, message, stack].filter(Boolean).join('\n') }
  } catch {
    return { reference: null, report: `${message}\n${stack}` }
  }
}

/** Errors that no view catches; `tell` shows the reference. Chromium's own complaint about ResizeObserver is none. */
export function listenForDefects(tell: (words: string, report: string) => void): () => void {
  const onDefect = (error: unknown) =>
    void reportDefect(error).then(({ reference, report }) =>
      tell(`Something in Inkwell broke.${reference ? ` Tell us reference ${reference}.` : ''}`, report),
    )
  const onError = (event: ErrorEvent) => {
    if (!event.message.startsWith('ResizeObserver loop')) onDefect(event.error ?? event.message)
  }
  const onRejection = (event: PromiseRejectionEvent) => onDefect(event.reason)
  window.addEventListener('error', onError)
  window.addEventListener('unhandledrejection', onRejection)
  return () => {
    window.removeEventListener('error', onError)
    window.removeEventListener('unhandledrejection', onRejection)
  }
}
