import type { SpokenSegment } from './protocol.ts'
import type { Word } from './words.ts'

const longestSeconds = 20
const longestWords = 60
const pauseSeconds = 1.2
const endsSentence = /[.!?…。！？]["'”’»)\]]*$/u
/** Not the end of a sentence. */
const shortForm = /^(?:mr|mrs|ms|dr|prof|st|no|vs|etc|e\.g|i\.e|z\.b|u\.s|[\p{L}])\.$/iu

/** Words to segments: a sentence each, cut at long pauses and before it gets too long to be read beside its time. */
export function toSegments(words: readonly Word[]): SpokenSegment[] {
  const segments: SpokenSegment[] = []
  let open: Word[] = []
  const close = (): void => {
    if (open.length === 0) return
    const text = open.map(({ text, spaced }, index) => (spaced && index > 0 ? ` ${text}` : text)).join('')
    const [first, last] = [open[0]!, open.at(-1)!]
    segments.push({
      startSeconds: round(first.startSeconds),
      endSeconds: round(Math.max(last.endSeconds, first.startSeconds)),
      text,
    })
    open = []
  }
  for (const word of words) {
    const first = open[0]
    const last = open.at(-1)
    if (
      first &&
      last &&
      (word.startSeconds - last.endSeconds > pauseSeconds ||
        word.endSeconds - first.startSeconds > longestSeconds ||
        open.length >= longestWords)
    )
      close()
    open.push(word)
    if (endsSentence.test(word.text) && !shortForm.test(word.text)) close()
  }
  close()
  return segments
}

const round = (seconds: number): number => Math.round(seconds * 100) / 100
