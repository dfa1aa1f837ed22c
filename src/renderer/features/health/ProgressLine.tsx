import { Bar } from '../../ui/index.ts'
import css from './health.module.css'
import type { Progress } from './use-progress.ts'

/** Words, a bar, and the way to stop it. */
export function ProgressLine(props: { progress: Progress; label: string; stop?: { label: string; run: () => void } }) {
  const { progress, label, stop } = props
  return (
    <div className={css.progress}>
      <p>
        <span>{progress.words}</span>
        {stop && (
          <button type="button" className="ik-link" onClick={stop.run}>
            {stop.label}
          </button>
        )}
      </p>
      <Bar fraction={progress.fraction} label={label} text={progress.words} />
    </div>
  )
}
