/** Namespace addresses as found, without scheme, `www.`, case and final slash; '' is the feed's own vocabulary. */
const prefixByUri: Record<string, string> = {
  'itunes.com/dtds/podcast-1.0.dtd': 'itunes',
  'podcastindex.org/namespace/1.0': 'podcast',
  'github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md': 'podcast',
  'w3.org/2005/atom': 'atom',
  'purl.org/atom/ns#': 'atom',
  'purl.org/rss/1.0/modules/content': 'content',
  'purl.org/dc/elements/1.1': 'dc',
  'purl.org/dc/terms': 'dcterms',
  'search.yahoo.com/mrss': 'media',
  'rssboard.org/media-rss': 'media',
  'podlove.org/simple-chapters': 'psc',
  'youtube.com/xml/schemas/2015': 'yt',
  'google.com/schemas/play-podcasts/1.0': 'googleplay',
  'google.com/schemas/play-podcasts/1.0/play-podcasts.xsd': 'googleplay',
  'w3.org/1999/02/22-rdf-syntax-ns#': 'rdf',
  'purl.oclc.org/net/rss_2.0/enc#': 'enc',
  'purl.org/rss/1.0': '',
  'channel.netscape.com/rdf/simple/0.9': '',
  'my.netscape.com/rdf/simple/0.9': '',
  'backend.userland.com/rss2': '',
  'blogs.law.harvard.edu/tech/rss': '',
}

const canonicalPrefix = (uri: string): string | undefined => {
  const plain = uri
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/^www\./, '')
    .replace(/\/+$/, '')
  return Object.hasOwn(prefixByUri, plain) ? prefixByUri[plain] : undefined
}

/** What a feed is built of keeps its name, whatever default namespace it declares; prefixed names have their own. */
const frame = /:|^(?:rss|channel|item|feed|entry)$/i

export interface Namespaces {
  /** Learns from `xmlns:…` attributes. */
  declare(attributes: ReadonlyMap<string, string>): void
  /**
   * The name under the prefix everybody uses, lower case: `a10:Link` → `atom:link`.
   * @param attributes of the element itself, which may declare a namespace for itself alone
   */
  canonical(name: string, attributes?: ReadonlyMap<string, string>): string
}

/** @param own prefix of the root's vocabulary, which is written without one: `atom` in an Atom feed */
export function createNamespaces(own: 'atom' | ''): Namespaces {
  const prefixes = new Map<string, string>()
  const names = new Map<string, string>()
  const join = (prefix: string, local: string): string =>
    prefix === '' || prefix === own ? local : `${prefix}:${local}`
  return {
    declare: (attributes) => {
      for (const [name, value] of attributes) {
        if (!name.startsWith('xmlns:')) continue
        const prefix = canonicalPrefix(value)
        if (prefix === undefined || prefixes.get(name.slice(6)) === prefix) continue
        prefixes.set(name.slice(6), prefix)
        names.clear()
      }
    },
    canonical: (name, attributes) => {
      const itself = attributes?.get('xmlns')
      const prefix = itself === undefined || frame.test(name) ? undefined : canonicalPrefix(itself)
      if (prefix) return join(prefix, name.toLowerCase())
      let known = names.get(name)
      if (known === undefined) {
        const lower = name.toLowerCase()
        const colon = lower.indexOf(':')
        const given = lower.slice(0, colon)
        known = colon <= 0 ? lower : join(prefixes.get(given) ?? given, lower.slice(colon + 1))
        if (names.size < 2_000) names.set(name, known)
      }
      return known
    },
  }
}
