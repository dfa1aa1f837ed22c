import { useCallback } from 'react'
import { inkwell } from '../../lib/inkwell.ts'
import { say } from '../../ui/index.ts'

/** Opens an address in the browser; main checks it again. */
export function useOpenExternal(): (url: string) => void {
  return useCallback((url: string) => {
    void inkwell.app.openExternal({ url }).then((done) => {
      if (!done.ok) say(done.error.message, { tone: 'warn' })
    })
  }, [])
}
