import { useVirtualizer } from '@tanstack/react-virtual'
import { memo, type RefObject, useEffect, useRef } from 'react'
import { Time } from '../../ui/index.ts'
import { type Hit, piecesOf } from './search-hits.ts'
import css from './transcript.module.css'
import type { TranscriptLine } from './transcript-lines.ts'

/** Up to here all lines are in the page (out of sight they cost no layout), so that any stretch can be selected. */
const mostAtOnce = 1_500

export interface Target {
  readonly line: number
  /** A new number for each press, so that the same line is shown again. */
  readonly turn: number
}
interface LinesProps {
  lines: readonly TranscriptLine[]
  hits: readonly Hit[]
  currentHit: number
  currentLine: number
  target: Target | null
  region: RefObject<HTMLElement | null>
}

export const TranscriptLines = (props: LinesProps) =>
  props.lines.length > mostAtOnce ? <VirtualLines {...props} /> : <AllLines {...props} />

function AllLines(props: LinesProps) {
  const { lines, target } = props
  const list = useRef<HTMLDivElement | null>(null)
  useEffect(() => {
    if (!target) return
    const show = () => list.current?.children[target.line]?.scrollIntoView({ block: 'center' })
    show()
    // Lines out of sight have a guessed height until they are reached: the second time is exact.
    const frame = requestAnimationFrame(show)
    return () => cancelAnimationFrame(frame)
  }, [target])
  const byLine = hitsByLine(props.hits)
  return (
    <div ref={list}>
      {lines.map((line, index) => (
        <div key={index} className={css.offscreen}>
          <Line line={line} {...lineProps(props, byLine, index)} />
        </div>
      ))}
    </div>
  )
}

function VirtualLines(props: LinesProps) {
  const { lines, target, region } = props
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => region.current,
    estimateSize: () => 76,
    overscan: 12,
  })
  useEffect(() => {
    if (target) virtual.scrollToIndex(target.line, { align: 'center' })
  }, [target, virtual])
  const byLine = hitsByLine(props.hits)
  return (
    <div className={css.virtual} style={{ height: virtual.getTotalSize() }}>
      {virtual.getVirtualItems().map((item) => (
        <div
          key={item.key}
          ref={virtual.measureElement}
          data-index={item.index}
          style={{ transform: `translateY(${item.start}px)` }}
        >
          <Line line={lines[item.index]!} {...lineProps(props, byLine, item.index)} />
        </div>
      ))}
    </div>
  )
}

type HitsByLine = ReadonlyMap<number, { first: number; hits: Hit[] }>
function hitsByLine(hits: readonly Hit[]): HitsByLine {
  const byLine = new Map<number, { first: number; hits: Hit[] }>()
  for (const [index, hit] of hits.entries()) {
    const entry = byLine.get(hit.line)
    if (entry) entry.hits.push(hit)
    else byLine.set(hit.line, { first: index, hits: [hit] })
  }
  return byLine
}
const noHits: Hit[] = []
function lineProps(props: LinesProps, byLine: HitsByLine, index: number) {
  const entry = byLine.get(index)
  const { currentHit } = props
  const holdsCurrent = entry && currentHit >= entry.first && currentHit < entry.first + entry.hits.length
  return {
    hits: entry?.hits ?? noHits,
    firstHit: entry?.first ?? 0,
    currentHit: holdsCurrent ? currentHit : -1,
    current: props.currentLine === index,
  }
}

const Line = memo(function Line(props: {
  line: TranscriptLine
  hits: readonly Hit[]
  firstHit: number
  currentHit: number
  current: boolean
}) {
  const { line } = props
  return (
    <>
      {line.chapter && <h3 className={css.chapter}>{line.chapter.title}</h3>}
      <div className={css.line} data-same={!line.showSpeaker || undefined} data-current={props.current || undefined}>
        {line.startSeconds === null ? <span /> : <Time seconds={line.startSeconds} plain current={props.current} />}
        <p dir="auto">
          {line.showSpeaker && <b className={css.speaker}>{line.speaker} </b>}
          {props.hits.length === 0
            ? line.text
            : piecesOf(line.text, props.hits, props.firstHit).map((piece, index) =>
                piece.hit === null ? (
                  piece.text
                ) : (
                  <mark key={index} data-current={piece.hit === props.currentHit || undefined}>
                    {piece.text}
                  </mark>
                ),
              )}
        </p>
      </div>
    </>
  )
})
