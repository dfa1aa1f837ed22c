import { IconFileUpload } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import { offerFiles, offerText } from '../features/home/intake-draft.ts'
import { isField, useShortcut } from '../lib/shortcuts.ts'
import { say } from '../ui/say.tsx'
import css from './shell.module.css'

const carries = (data: DataTransfer | null): boolean =>
  data !== null && ['Files', 'text/uri-list', 'text/plain'].some((type) => data.types.includes(type))

/** Files and links dropped anywhere in the window, or pasted outside a field, go to Home's paste box. */
export function DropLayer() {
  const [over, setOver] = useState(false)
  const [, navigate] = useLocation()
  useShortcut('mod+v', 'Paste into the box on Home', null)
  useEffect(() => {
    const take = async (data: DataTransfer) => {
      // Read at once: the browser empties it when this event is over.
      const files = [...data.files]
      const text = (data.getData('text/uri-list') || data.getData('text/plain')).trim()
      if (files.length > 0) {
        const offered = await offerFiles(files)
        if (!offered.ok) say(offered.error.message, { tone: 'warn' })
      } else if (text) offerText(text)
      else return
      navigate('/')
    }
    const onDrag = (event: DragEvent) => {
      if (!carries(event.dataTransfer)) return
      event.preventDefault()
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy'
      setOver(true)
    }
    const onLeave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false)
    }
    const onDrop = (event: DragEvent) => {
      setOver(false)
      if (!carries(event.dataTransfer)) return
      event.preventDefault()
      void take(event.dataTransfer!)
    }
    const onPaste = (event: ClipboardEvent) => {
      if (event.defaultPrevented || isField(event.target) || document.querySelector('[role=dialog]')) return
      if (!event.clipboardData) return
      event.preventDefault()
      void take(event.clipboardData)
    }
    window.addEventListener('dragenter', onDrag)
    window.addEventListener('dragover', onDrag)
    window.addEventListener('dragleave', onLeave)
    window.addEventListener('drop', onDrop)
    document.addEventListener('paste', onPaste)
    return () => {
      window.removeEventListener('dragenter', onDrag)
      window.removeEventListener('dragover', onDrag)
      window.removeEventListener('dragleave', onLeave)
      window.removeEventListener('drop', onDrop)
      document.removeEventListener('paste', onPaste)
    }
  }, [navigate])
  if (!over) return null
  return (
    <div className={css.drop} aria-hidden="true">
      <p>
        <IconFileUpload size={22} stroke={1.5} />
        Drop it here. Inkwell says what it is before it does anything.
      </p>
    </div>
  )
}
