import type { Segment } from '#shared/contract/transcripts.ts'

/** Where words of a transcript stand. */
export interface Found {
  readonly startSeconds: number | null
  readonly speaker: string | null
}
export interface TranscriptIndex {
  /** Whether the words stand there in this order; `…` stands for words that were left out. Null when they do not. */
  find(quote: string): Found | null
}

/** Between two halves of a quotation with `…` in it. Characters of the normal form. */
const mostLeftOut = 1_500

/**
 * The transcript in a form in which only words count: case, marks, white space and the many forms of a letter make no
 * difference. Each letter of scripts without spaces is a word.
 */
export function indexTranscript(segments: readonly Segment[]): TranscriptIndex {
  const starts: number[] = []
  let all = ' '
  const pieces: string[] = [all]
  let length = 1
  for (const { text } of segments) {
    starts.push(length)
    const words = normalWords(text)
    if (words.length === 0) continue
    const piece = `${words.join(' ')} `
    pieces.push(piece)
    length += piece.length
  }
  all = pieces.join('')
  const segmentAt = (at: number): Segment | undefined => {
    let [low, high] = [0, starts.length - 1]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if (starts[middle]! <= at) low = middle
      else high = middle - 1
    }
    return segments[low]
  }
  return {
    find(quote) {
      const fragments = quote
        .split(/\.{3,}|…|\[[^\]]{0,3}\]/)
        .map((fragment) => normalWords(fragment).join(' '))
        .filter((fragment) => fragment !== '')
      const [first, ...more] = fragments
      // Single words around an ellipsis stand somewhere in every talk.
      if (first === undefined || fragments.length > 5 || (more.length > 0 && fragments.some((one) => !/ \S/.test(one))))
        return null
      for (let from = 0; ; ) {
        const at = all.indexOf(` ${first} `, from)
        if (at < 0) return null
        if (restFollows(all, at + first.length + 1, more)) {
          const segment = segmentAt(at + 1)
          return { startSeconds: segment?.startSeconds ?? null, speaker: segment?.speaker ?? null }
        }
        from = at + 1
      }
    },
  }
}

function restFollows(all: string, end: number, fragments: readonly string[]): boolean {
  let from = end
  for (const fragment of fragments) {
    const window = all.slice(from, from + mostLeftOut + fragment.length)
    const at = window.indexOf(` ${fragment} `)
    if (at < 0) return false
    from += at + fragment.length + 1
  }
  return true
}

export function normalWords(text: string): string[] {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      // "don’t", "don't" and "dont" are said alike.
      .replace(/(?<=\p{L})['’‘ʼ`](?=\p{L})/gu, '')
      .replace(/\p{Cf}|\p{M}(?<=[\u0300-\u036f])/gu, '')
      .replace(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu, ' $& ')
      .match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
  )
}
