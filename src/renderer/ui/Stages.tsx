import type { JobStage } from '#shared/contract/jobs.ts'
import css from './ui.module.css'

export const stageNames: Record<JobStage, string> = {
  source: 'Source',
  transcript: 'Transcript',
  extraction: 'Extraction',
  notes: 'Notes',
}
const order = Object.keys(stageNames) as JobStage[]

/** How far a job is over its stages, 0 to 1. */
export const overallFraction = (stage: JobStage, fraction: number): number =>
  (order.indexOf(stage) + fraction) / order.length

/** The four stages of a job as one ruled line. `words` is what a screen reader hears as its value. */
export function Stages(props: {
  stage: JobStage
  fraction: number
  words: string
  /** Names the bar: the episode's title. */
  title: string
  labels?: boolean
  failed?: boolean
}) {
  const at = order.indexOf(props.stage)
  return (
    <div
      className={css.stages}
      data-failed={props.failed || undefined}
      role="progressbar"
      aria-label={`Progress of ${props.title}`}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(overallFraction(props.stage, props.fraction) * 100)}
      aria-valuetext={`${stageNames[props.stage]}, stage ${at + 1} of 4. ${props.words}`}
    >
      {order.map((stage, index) => (
        <span key={stage} data-at={index < at ? 'done' : index === at ? 'now' : undefined}>
          <i className={css.track}>
            <i
              className={css.fill}
              style={{ width: `${index < at ? 100 : index === at ? props.fraction * 100 : 0}%` }}
            />
          </i>
          {props.labels && <em>{stageNames[stage]}</em>}
        </span>
      ))}
    </div>
  )
}
