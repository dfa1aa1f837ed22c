import type { Element, ElementContent, Root, RootContent } from 'hast'

export type Parent = Root | Element
export type Child = RootContent | ElementContent

/** Deeper than any text is meant to be; drawing it would only exhaust the stack. */
export const deepestNesting = 48

export class TooDeep extends Error {}

/** Visits parents before children, with the way down to each. Throws TooDeep. */
export function walk(parent: Parent, visit: (node: Parent, ancestors: readonly Parent[]) => void): void {
  const step = (node: Parent, ancestors: readonly Parent[]): void => {
    if (ancestors.length > deepestNesting) throw new TooDeep()
    visit(node, ancestors)
    const below = [...ancestors, node]
    for (const child of node.children) if (child.type === 'element') step(child, below)
  }
  step(parent, [])
}

export const isElement = (node: Child | undefined, tagName?: string): node is Element =>
  node?.type === 'element' && (tagName === undefined || node.tagName === tagName)

export const textOf = (node: Child): string => {
  if (node.type === 'text') return node.value
  return node.type === 'element' ? node.children.map(textOf).join('') : ''
}

export const isBlank = (node: Child): boolean => node.type === 'text' && node.value.trim() === ''

export const element = (
  tagName: string,
  children: ElementContent[],
  properties: Element['properties'] = {},
): Element => ({
  type: 'element',
  tagName,
  properties,
  children,
})

export const text = (value: string): { type: 'text'; value: string } => ({ type: 'text', value })
