import { useMemo } from 'react'
import { plainPieces } from './markup/plain-pieces.ts'
import css from './reading.module.css'
import { useDrawnCount } from './use-drawn-count.ts'

/** Looking for a place to break such a run costs more than all else. */
const unbroken = /\S{300}/

/** Words as they are, piece by piece: out of sight they cost no layout, and a long text never holds the window. */
export function PlainText({ text, lang }: { text: string; lang?: string | undefined }) {
  const pieces = useMemo(() => plainPieces(text), [text])
  const drawn = useDrawnCount(pieces.length)
  return (
    <div className={css.plain} lang={lang} dir="auto">
      {pieces.slice(0, drawn).map((piece, index) => (
        <pre key={index} className={unbroken.test(piece) ? css.unbroken : undefined}>
          {piece}
        </pre>
      ))}
    </div>
  )
}
