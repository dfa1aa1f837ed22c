import { type CSSProperties, type Ref, useCallback, useMemo, useRef, useState } from 'react'
import css from './templates.module.css'

/** Plain YAML with its lines numbered; the line with the cursor is washed. */
export function SourceField(props: {
  ref: Ref<HTMLTextAreaElement>
  yaml: string
  readOnly: boolean
  invalid: boolean
  onChange: (yaml: string) => void
}) {
  const { yaml } = props
  const paper = useRef<HTMLDivElement | null>(null)
  const [line, setLine] = useState(1)
  const numbers = useMemo(() => Array.from(yaml.split('\n'), (_, index) => index + 1).join('\n'), [yaml])
  // Set past React: a number that lags behind its line while scrolling cannot be read.
  const follow = useCallback((field: HTMLTextAreaElement) => {
    paper.current?.style.setProperty('--scrolled', `${-field.scrollTop}px`)
  }, [])
  const find = (field: HTMLTextAreaElement) => setLine(field.value.slice(0, field.selectionStart).split('\n').length)
  return (
    <div className={css.code} ref={paper}>
      <div className={css.gutter} aria-hidden="true">
        <pre>{numbers}</pre>
        <i style={{ '--line': line - 1 } as CSSProperties} />
      </div>
      <textarea
        ref={props.ref}
        aria-label="Template as YAML"
        aria-describedby="template-remarks"
        aria-invalid={props.invalid}
        readOnly={props.readOnly}
        value={yaml}
        wrap="off"
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        onChange={(event) => props.onChange(event.currentTarget.value)}
        onScroll={(event) => follow(event.currentTarget)}
        onSelect={(event) => find(event.currentTarget)}
      />
    </div>
  )
}
