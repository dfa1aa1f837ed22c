type Attributes = ReadonlyMap<string, string>
interface Form {
  readonly name: string
  readonly attributes: Attributes
  /** Address of a picture to be named besides, where the parser behind looks for one. */
  readonly picture?: string | undefined
}

const address = /^\s*(?:<url>\s*)?(?:<!\[CDATA\[\s*)?(?:href=["']?)?(https?:\/\/[^\s<>"'\]]+)/i
/** Among other elements of the picture, none of which is longer than a line or two. */
const addressInside =
  /^\s*(?:<(?!\/?image\b)[^<>]{0,99}>[^<>]{0,300}){0,12}?<url>\s*(?:<!\[CDATA\[\s*)?(https?:[^\s<\]]+)/i

const withoutPrefix = (attributes: Attributes, prefix: RegExp): Map<string, string> =>
  new Map([...attributes].map(([key, value]) => [key.replace(prefix, ''), value]))

/**
 * Elements that the parser behind knows under another name or with other attributes: those of RSS 1.0 modules, one
 * whose prefix was forgotten, and what feeds have made of links and pictures.
 * @param inside the beginning of what follows the tag
 */
export function usualForm(name: string, given: Attributes, kind: 'rss' | 'atom', inside: () => string): Form {
  const attributes = kind === 'atom' && given.size > 0 ? withoutPrefix(given, /^atom:/) : given
  const same = { name, attributes }
  switch (name) {
    case 'content:encoded':
      return kind === 'atom' ? { name: 'content', attributes: new Map([['type', 'html']]) } : same
    case 'encoded':
      return { name: 'content:encoded', attributes }
    case 'enc:enclosure': {
      const plain = withoutPrefix(attributes, /^(?:rdf|enc):/)
      return { name: 'enclosure', attributes: plain.set('url', plain.get('resource') ?? plain.get('url') ?? '') }
    }
    case 'itunes:image':
    case 'googleplay:image': {
      if (attributes.has('href')) return same
      const href = attributes.get('url') ?? address.exec(inside())?.[1]
      return href === undefined ? same : { name, attributes: new Map(attributes).set('href', href) }
    }
    case 'image': {
      const beginning = inside()
      const picture =
        attributes.get('href') ??
        attributes.get('url') ??
        (address.exec(beginning) ?? addressInside.exec(beginning))?.[1]
      return { ...same, picture }
    }
    case 'itunes:link':
      return attributes.get('rel') === 'image' ? { ...same, picture: attributes.get('href') } : same
    case 'link': {
      // As in Atom, in a feed that is none.
      if (kind === 'atom' || !attributes.has('href') || /^\s*[^\s<]/.test(inside())) return same
      return { name: 'atom:link', attributes: new Map([['rel', 'alternate'], ...attributes]) }
    }
    default:
      return same
  }
}
