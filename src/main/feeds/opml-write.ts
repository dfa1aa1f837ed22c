import { generateOpml } from 'feedsmith'

export interface OpmlFeed {
  readonly title: string
  /** Whole; the caller decides about private ones. */
  readonly url: string
  readonly siteUrl: string | null
  readonly category: string | null
}

/** OPML 2.0, folders for categories. Read back it gives the same list, which may be empty. */
export function writeOpml(feeds: readonly OpmlFeed[], nowMs: number): string {
  // The generator takes no list without outlines.
  if (feeds.length === 0)
    return `<?xml version="1.0" encoding="utf-8"?>
<opml version="2.0">
  <head>
    <title>Inkwell feeds</title>
    <dateCreated>${new Date(nowMs).toUTCString()}</dateCreated>
  </head>
  <body/>
</opml>
`
  const outline = ({ title, url, siteUrl }: OpmlFeed) => ({
    type: 'rss',
    text: title,
    title,
    xmlUrl: url,
    ...(siteUrl === null ? {} : { htmlUrl: siteUrl }),
  })
  const categories = [...new Set(feeds.flatMap(({ category }) => (category === null ? [] : [category])))].sort()
  const text = generateOpml({
    head: { title: 'Inkwell feeds', dateCreated: new Date(nowMs) },
    body: {
      outlines: [
        ...feeds.filter(({ category }) => category === null).map(outline),
        ...categories.map((category) => ({
          text: category,
          title: category,
          outlines: feeds.filter((feed) => feed.category === category).map(outline),
        })),
      ],
    },
  })
  return text.endsWith('\n') ? text : `${text}\n`
}
