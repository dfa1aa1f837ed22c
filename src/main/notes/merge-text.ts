import type { MergeBlock } from '#shared/contract/notes.ts'
import { readMapping } from './frontmatter.ts'
import { alignBlocks, type Pair } from './merge-align.ts'
import { type Block, type Blocks, joinBlocks, splitBlocks } from './merge-blocks.ts'

export type Take = 'mine' | 'both' | 'new'
export interface Comparison {
  readonly blocks: readonly MergeBlock[]
  /** The merged text. `takes` by the index of each block that differs; what is left out stays as the user has it. */
  merge(takes: ReadonlyMap<number, Take>): string
}

/**
 * Compares the user's text with a newer one. Where each line of the user's ends with CR LF the newer one is read so too.
 * Properties (frontmatter) are not asked about: those that the user changed, added or took away stay so, the rest is as
 * in the newer text. When every block is taken from one side the text is that side's, byte for byte.
 */
export function compareTexts(mineText: string, newerText: string, baseText: string | null): Comparison {
  const asMine = /\r\n/.test(mineText) && !/[^\r]\n|^\n|\r(?!\n)/.test(mineText) ? withCrLf : (text: string) => text
  const mine = splitBlocks(mineText)
  const newer = splitBlocks(asMine(newerText))
  const base = baseText === null ? null : splitBlocks(asMine(baseText))
  const pairs = alignBlocks(mine.blocks, newer.blocks, base?.blocks ?? null)
  const blocks = pairs.map(
    ({ kind, mine, newer, suggested }, index): MergeBlock => ({
      index,
      section: (mine ?? newer)!.section,
      kind,
      mine: mine?.text ?? null,
      newer: newer?.text ?? null,
      suggested,
    }),
  )
  return {
    blocks,
    merge(takes) {
      const asked = blocks.filter(({ kind }) => kind !== 'same').map(({ index }) => takes.get(index) ?? 'mine')
      if (asked.length > 0 && asked.every((take) => take === 'mine')) return mineText
      if (asked.length > 0 && asked.every((take) => take === 'new')) return joinBlocks(newer)
      const chosen = pairs.flatMap((pair, index) => blocksOf(pair, takes.get(index) ?? 'mine'))
      const frontmatter = mergeFrontmatter(mine, newer, base)
      return joinBlocks({ frontmatter, blocks: spaced(chosen, [mine, newer], lineEndOf(mineText)), tail: mine.tail })
    },
  }
}

const withCrLf = (text: string): string => text.replace(/\r?\n/g, '\r\n')
const lineEndOf = (text: string): string => /\r\n|\r|\n/.exec(text)?.[0] ?? '\n'

function blocksOf({ kind, mine, newer }: Pair, take: Take): Block[] {
  const sides = kind === 'same' || take === 'mine' ? [mine] : take === 'new' ? [newer] : [mine, newer]
  return sides.filter((block) => block !== null)
}

/** Two blocks that did not stand together in their own text need a blank line between, so that they stay two. */
function spaced(blocks: readonly Block[], texts: readonly Blocks[], lineEnd: string): Block[] {
  const before = new Map(
    texts.flatMap(({ blocks }) => blocks.map((block, at) => [block, blocks[at - 1]?.text] as const)),
  )
  return blocks.map((block, index) => {
    const apart = index === 0 || /(?:\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)/.test(block.gap)
    return apart || before.get(block) === blocks[index - 1]!.text ? block : { ...block, gap: lineEnd + lineEnd }
  })
}

interface Entry {
  readonly key: string
  readonly text: string
}
/** Lines of a block of properties by their top-level key; null for what is written in another way. */
function entriesOf(frontmatter: string): { open: string; entries: Entry[]; close: string } | null {
  const all = frontmatter.match(/[^\r\n]*(?:\r\n|\r|\n|$)/g)?.filter((line) => line !== '') ?? []
  const [open, close] = [all[0], all.at(-1)]
  if (open === undefined || close === undefined || all.length < 2) return null
  const entries: { key: string; text: string }[] = []
  for (const line of all.slice(1, -1)) {
    const key = /^([^\s#:"'[{&*!|>%@`-][^:]*):(?:[ \t]|\r|\n|$)/.exec(line)?.[1]
    if (key !== undefined) entries.push({ key, text: line })
    else if (entries.length > 0 && /^(?:[ \t]|-|#|\r?\n)/.test(line)) entries.at(-1)!.text += line
    else return null
  }
  return { open, entries, close }
}

function mergeFrontmatter(mine: Blocks, newer: Blocks, base: Blocks | null): string {
  const [own, come, before] = [mine, newer, base].map((blocks) => entriesOf(blocks?.frontmatter ?? ''))
  if (!own || !come || !before) return mine.frontmatter
  const textOf = (entries: readonly Entry[], key: string) => entries.find((entry) => entry.key === key)?.text
  const untouched = (key: string): boolean => textOf(own.entries, key) === textOf(before.entries, key)
  const kept = own.entries.flatMap(({ key, text }) => (untouched(key) ? (textOf(come.entries, key) ?? []) : text))
  const added = come.entries.filter(({ key }) => textOf(own.entries, key) === undefined && untouched(key))
  const merged = own.open + [...kept, ...added.map(({ text }) => text)].join('') + own.close
  const inner = /^[^\n]*\n([\s\S]*?)(?:---|\.\.\.)[ \t]*\r?\n?$/.exec(merged)?.[1]
  return inner !== undefined && readMapping(inner) !== null ? merged : mine.frontmatter
}
