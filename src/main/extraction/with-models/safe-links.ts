import remarkParse from 'remark-parse'
import { unified } from 'unified'
import { neutralise } from '../../notes/neutralise.ts'

/** Addresses that the material itself holds. */
export interface KnownAddresses {
  readonly hosts: ReadonlySet<string>
  /** Whole, without the fragment. */
  readonly addresses: ReadonlySet<string>
}

const bare = /\b(?:https?|ftp):\/\/[^\s<>"'`)\]}]+|(?<![\w/.-])www\.[^\s<>"'`)\]}]+/gi
const named = /(?<![\w@.-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}(?![\w-])/gi

/** @param texts of the transcript and the show notes, HTML or not */
export function addressesIn(texts: readonly string[]): KnownAddresses {
  const hosts = new Set<string>()
  const addresses = new Set<string>()
  for (const text of texts) {
    for (const [address] of text.replaceAll('&amp;', '&').matchAll(bare)) {
      const url = urlOf(address.replace(/[.,;:!?]+$/, ''))
      if (!url) continue
      hosts.add(plainHost(url))
      addresses.add(plainAddress(url))
    }
    for (const [host] of text.matchAll(named)) hosts.add(host.toLowerCase().replace(/^www\./, ''))
  }
  return { hosts, addresses }
}

/**
 * A link stays a link only where the material names its host and, when it carries a query, the whole address: what an
 * instruction hidden in a transcript wants sent somewhere is then words on the page. Images never stay.
 */
export function plainLinks(markdown: string, known: KnownAddresses): string {
  // First as the vault gets it: no images, no HTML, no wikilinks, nothing that readers see differently.
  let text = neutralise(markdown)
  for (let pass = 0; pass < 3; pass++) {
    const cuts = foreignLinks(text, known)
    if (cuts.length === 0) break
    for (const { start, end, instead } of cuts.toSorted((a, b) => b.start - a.start))
      text = text.slice(0, start) + instead + text.slice(end)
  }
  text = text.replace(bare, (address, at: number) => {
    const before = text.slice(Math.max(0, at - 2), at)
    // In a link that was looked at, or shown as code already.
    if (before.endsWith('](') || before.endsWith('<') || before.endsWith('`') || allowed(address, known)) return address
    return `\`${address.replaceAll('`', '')}\``
  })
  return neutralise(text)
}

interface Node {
  readonly type: string
  readonly url?: string
  readonly children?: readonly Node[]
  readonly value?: string
  readonly position?: { readonly start: { offset?: number }; readonly end: { offset?: number } }
}

function foreignLinks(text: string, known: KnownAddresses): { start: number; end: number; instead: string }[] {
  const cuts: { start: number; end: number; instead: string }[] = []
  const look = (node: Node): void => {
    const [start, end] = [node.position?.start.offset, node.position?.end.offset]
    const isLink = ['link', 'image', 'definition'].includes(node.type)
    if (isLink && start !== undefined && end !== undefined && !allowed(node.url ?? '', known)) {
      const inside = node.children
        ?.map((child) => text.slice(child.position?.start.offset ?? 0, child.position?.end.offset ?? 0))
        .join('')
      const address = (node.url ?? '').replace(/[`\s]/g, '').slice(0, 300)
      const words = inside === undefined || inside.includes(address) ? '' : `${inside} `
      cuts.push({ start, end, instead: address === '' ? words.trim() : `${words}\`${address}\`` })
    } else for (const child of node.children ?? []) look(child)
  }
  look(unified().use(remarkParse).parse(text) as Node)
  return cuts
}

function allowed(address: string, known: KnownAddresses): boolean {
  if (/^#t=\d/.test(address)) return true
  const url = urlOf(address)
  if (!url || !known.hosts.has(plainHost(url))) return false
  return (url.search === '' && url.hash === '') || known.addresses.has(plainAddress(url))
}

function urlOf(address: string): URL | null {
  const whole = /^www\./i.test(address) ? `http://${address}` : address
  if (!/^https?:\/\//i.test(whole) || !URL.canParse(whole)) return null
  const url = new URL(whole)
  return url.username === '' && url.password === '' ? url : null
}
const plainHost = (url: URL): string => url.hostname.toLowerCase().replace(/^www\./, '')
const plainAddress = (url: URL): string => `${plainHost(url)}${url.pathname.replace(/\/$/, '')}${url.search}${url.hash}`
