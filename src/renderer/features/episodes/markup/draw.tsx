import type { Element, Root } from 'hast'
import { toJsxRuntime } from 'hast-util-to-jsx-runtime'
import { type ComponentProps, Fragment, type ReactNode } from 'react'
import { jsx, jsxs } from 'react/jsx-runtime'
import Markdown, { type Components } from 'react-markdown'
import rehypeParse from 'rehype-parse'
import rehypeSanitize from 'rehype-sanitize'
import remarkGfm from 'remark-gfm'
import { unified } from 'unified'
import css from '../reading.module.css'
import { markWords } from './differences.ts'
import { harmless } from './harmless.ts'
import { textOnly } from './schema.ts'
import { setNote } from './set-note.ts'
import { type TextActions, TextLink } from './TextLink.tsx'

/** The tags a text is drawn with; the schema and `harmless` leave no others, and this is asked again at the end. */
const drawn = (tree: Root | Element, allowed: ReadonlySet<string>): boolean =>
  tree.children.every((child) => child.type !== 'element' || (allowed.has(child.tagName) && drawn(child, allowed)))
const allowedTags = new Set([
  ...(textOnly.tagNames ?? []).filter((tag) => tag !== 'img' && tag !== 'input'),
  'footer',
  'ins',
])

const componentsFor = (actions: TextActions): Components => ({
  a: ({ node, children }: ComponentProps<'a'> & { node?: Element | undefined }) => (
    <TextLink href={node?.properties.href} margin={node?.properties.dataMargin === true} actions={actions}>
      {children}
    </TextLink>
  ),
  table: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <div className={css.table} tabIndex={0}>
      <table>{children}</table>
    </div>
  ),
})

/**
 * One block of a note, or null when it cannot be drawn (nested too deep).
 * @param other a text beside it: the words that it does not have are marked; null marks none
 */
export function drawMarkdown(markdown: string, actions: TextActions, other: string | null = null): ReactNode | null {
  try {
    return Markdown({
      children: markdown,
      remarkPlugins: [[remarkGfm, { singleTilde: false }]],
      rehypePlugins: [
        [rehypeSanitize, textOnly],
        ...(other === null ? [] : [[markWords, other] as [typeof markWords, string]]),
        harmless,
        setNote,
      ],
      allowedElements: [...allowedTags],
      unwrapDisallowed: true,
      components: componentsFor(actions),
    })
  } catch {
    return null
  }
}

/** parse5 is quick, but a few hundred thousand tags are no text. */
const longestHtml = 200_000
const mostTags = 4_000

/** Show notes, or null when they cannot be drawn (too long, nested too deep). */
export function drawHtml(html: string, actions: TextActions): ReactNode | null {
  if (html.length > longestHtml || (html.match(/</g)?.length ?? 0) > mostTags) return null
  try {
    const tree = unified()
      .use(rehypeSanitize, textOnly)
      .use(harmless)
      .runSync(unified().use(rehypeParse, { fragment: true }).parse(html)) as Root
    if (!drawn(tree, allowedTags)) return null
    return toJsxRuntime(tree, {
      Fragment,
      jsx,
      jsxs,
      passNode: true,
      ignoreInvalidStyle: true,
      components: componentsFor(actions),
    })
  } catch {
    return null
  }
}

/** Markup taken out, for what is shown as plain text. Linear in any input. */
export const withoutTags = (html: string): string =>
  html
    .replace(/<(?:br|\/p|\/li|\/div)\b[^<>]*>/gi, '\n')
    .replace(/<[^<>]*>/g, '')
    .replace(/&nbsp;/g, ' ')
    .replace(/&amp;/g, '&')
