import type { Root } from 'hast'
import remarkGfm from 'remark-gfm'
import remarkParse from 'remark-parse'
import { unified } from 'unified'
import { blocksOf } from './blocks.ts'
import { isElement, textOf } from './tree.ts'

/** Above this nobody compares passage by passage, and reading both once more would be felt. */
const longestCompared = 60_000

interface MarkdownNode {
  readonly type: string
  readonly value?: string
  readonly children?: readonly MarkdownNode[]
}
const wordsOf = (node: MarkdownNode): string => node.value ?? node.children?.map(wordsOf).join('') ?? ''
const normal = (text: string): string => text.replace(/\s+/g, ' ').trim()

/** The passages of a note (paragraphs, headings, quotations, items of lists) as words; null of one that is too long. */
export function passagesOf(markdown: string): ReadonlySet<string> | null {
  if (markdown.length > longestCompared) return null
  const reader = unified().use(remarkParse).use(remarkGfm, { singleTilde: false })
  const passages = new Set<string>()
  for (const block of blocksOf(markdown)) {
    if (block.plain) return null
    const tree: MarkdownNode = reader.parse(block.text)
    for (const child of tree.children ?? [])
      for (const passage of child.type === 'list' ? (child.children ?? []) : [child]) {
        const words = normal(wordsOf(passage))
        if (words !== '') passages.add(words)
      }
  }
  return passages
}

/** How many passages of one note the other does not have. */
export const countOnlyIn = (passages: ReadonlySet<string>, other: ReadonlySet<string>): number =>
  [...passages].filter((passage) => !other.has(passage)).length

/** Marks the passages that are not among `known`; before anything is set otherwise than it was written. */
export const markChanged = (known: ReadonlySet<string>) => (tree: Root) => {
  for (const child of tree.children) {
    if (child.type !== 'element') continue
    const passages = child.tagName === 'ul' || child.tagName === 'ol' ? child.children : [child]
    for (const passage of passages) {
      if (!isElement(passage)) continue
      const words = normal(textOf(passage))
      if (words !== '' && !known.has(words)) passage.properties.dataChanged = true
    }
  }
}
