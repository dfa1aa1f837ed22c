import { IconAlertTriangle, IconCircleX } from '@tabler/icons-react'
import type { TemplatePreview } from '#shared/contract/templates.ts'
import type { Failure } from '#shared/result.ts'
import { lineIn } from './template-copy.ts'
import css from './templates.module.css'

/** What is wrong with the text, or may surprise, each with its line to go to. */
export function Remarks(props: {
  refused: Failure | null
  warnings: TemplatePreview['warnings']
  onGoTo: (line: number) => void
}) {
  const { refused, warnings, onGoTo } = props
  const line = refused && lineIn(refused.message)
  return (
    <div id="template-remarks" className={css.remarks} role="status">
      {refused && (
        <p data-tone="bad">
          <IconCircleX size={15} stroke={1.7} aria-hidden="true" />
          <span>{refused.message}</span>
          {line !== null && (
            <button type="button" className="ik-link" onClick={() => onGoTo(line)}>
              Go to line {line}
            </button>
          )}
        </p>
      )}
      {warnings.map((warning) => (
        <p key={`${warning.line} ${warning.message}`} data-tone="warn">
          <IconAlertTriangle size={15} stroke={1.7} aria-hidden="true" />
          <button type="button" className={css.line} onClick={() => onGoTo(warning.line)}>
            Line {warning.line}
          </button>
          <span>{warning.message}</span>
        </p>
      ))}
    </div>
  )
}
