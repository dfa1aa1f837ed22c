import type { Element, ElementContent, Root } from 'hast'
import { safeLink } from './safe-links.ts'
import { element, type Parent, text, walk } from './tree.ts'

const imageWords = (image: Element): string => {
  const alt = typeof image.properties.alt === 'string' ? image.properties.alt.trim() : ''
  return alt === '' ? 'Image' : `Image: ${alt.slice(0, 300)}`
}

/** A remote image would tell its server who reads: it becomes a link to it, or words inside another link. */
function asLink(image: Element, insideLink: boolean): ElementContent {
  const words = text(imageWords(image))
  const link = safeLink(image.properties.src)
  return link && !insideLink ? element('a', [words], { href: link.url }) : words
}

/** Last step before drawing: nothing left that loads, and no field that only looks usable. Throws TooDeep. */
export const harmless = () => (tree: Root) => {
  walk(tree, (node: Parent, ancestors) => {
    const insideLink = [...ancestors, node].some((one) => one.type === 'element' && one.tagName === 'a')
    node.children = node.children.flatMap((child) => {
      if (child.type !== 'element') return child
      if (child.tagName === 'img') return [asLink(child, insideLink), text(' ')]
      if (child.tagName === 'input') return text(child.properties.checked ? '☑' : '☐')
      return child
    }) as typeof node.children
  })
}
