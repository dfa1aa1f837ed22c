import { canaries } from './canaries.ts'
import { feedOf, type HostileHouse, type Route, type Served, talk } from './hostile-house.ts'

export interface PrivateFeed {
  readonly name: string
  /** As a person pastes it. */
  readonly url: string
  readonly credentials?: { type: 'basic'; username: string; password: string } | { type: 'bearer'; token: string }
}

const basicOf = (password: string): string => `Basic ${Buffer.from(`ana:${password}`).toString('base64')}`

/**
 * Five private feeds, each with its secret in another place. Their publisher repeats the secret wherever it can: in the
 * addresses of recordings, transcripts, chapters and pictures, in guids, titles and show notes, in headers and errors.
 */
export function servePrivateFeeds(routes: Record<string, Route>, at: (path: string) => string): PrivateFeed[] {
  const host = at('').slice('http://'.length)
  const serve = (path: string, secret: string, query: string, authorization?: string): void => {
    const guard =
      (body: string, type: string): Route =>
      (request): Served => {
        const inAddress = authorization !== undefined || request.url!.includes(secret)
        if (!inAddress || (authorization !== undefined && request.headers.authorization !== authorization))
          return { status: 401, headers: { 'www-authenticate': `Basic realm="${secret}"` }, body: `wrong: ${secret}` }
        return { body, headers: { 'content-type': type, etag: `"${secret}"`, 'set-cookie': `auth=${secret}` } }
      }
    const item = canaries.item
    const folder = path.slice(0, path.lastIndexOf('/'))
    const part = (name: string): string =>
      at(`${folder}/${name}?${query}${query === '' ? '' : '&'}token=${item}`).replaceAll('&', '&amp;')
    for (const [name, body, type] of [
      ['words.vtt', `${talk}\nNOTE ${secret}\n`, 'text/vtt'],
      ['chapters.json', '{"version":"1.2.0","chapters":[{"startTime":0,"title":"One"}]}', 'application/json'],
      ['picture.png', '\x89PNG\r\n\x1a\n', 'image/png'],
    ] as const)
      routes[`${folder}/${name}`] = guard(body, type)
    routes[`${folder}/broken.vtt`] = { status: 500, body: `no: ${secret} ${item}` }
    const inside = (words: string) =>
      `<link>${part('page')}</link><description>Yours: ${secret}, ${part('page')}</description><enclosure url="${part('a.mp3')}" type="audio/mpeg" length="1"/><itunes:image href="${part('picture.png')}"/><podcast:transcript url="${part(words)}" type="text/vtt"/><podcast:chapters url="${part('chapters.json')}" type="application/json+chapters"/>`
    routes[path] = guard(
      feedOf(
        [
          { guid: `${part('guid')}-${secret}`, title: `Read for ${secret}`, inside: inside('words.vtt') },
          { guid: `second-${secret}`, title: `Broken for ${secret}`, inside: inside('broken.vtt') },
        ],
        {
          title: `Show of ${path.split('/')[1]}`,
          channel: `<link>${part('home')}</link><itunes:author>${secret}</itunes:author><description>${secret}</description><itunes:image href="${part('picture.png')}"/>`,
        },
      ),
      'application/rss+xml',
    )
  }
  serve('/userinfo/feed.xml', canaries.userinfo, '', basicOf(canaries.userinfo))
  serve('/query/feed.xml', canaries.query, `auth=${canaries.query}`)
  serve(`/path/${canaries.path}/feed.xml`, canaries.path, '')
  serve('/basic/feed.xml', canaries.basic, '', basicOf(canaries.basic))
  serve('/bearer/feed.xml', canaries.bearer, '', `Bearer ${canaries.bearer}`)
  return [
    { name: 'userinfo', url: `http://ana:${canaries.userinfo}@${host}/userinfo/feed.xml` },
    { name: 'query', url: at(`/query/feed.xml?auth=${canaries.query}`) },
    { name: 'path', url: at(`/path/${canaries.path}/feed.xml`) },
    {
      name: 'basic',
      url: at('/basic/feed.xml'),
      credentials: { type: 'basic', username: 'ana', password: canaries.basic },
    },
    { name: 'bearer', url: at('/bearer/feed.xml'), credentials: { type: 'bearer', token: canaries.bearer } },
  ]
}

export const followPrivately = async (home: HostileHouse, { url, credentials }: PrivateFeed): Promise<string> => {
  const { feed } = await home.ask<{ feed: { id: string } }>('feeds.add', {
    url,
    secretStorage: 'session',
    allowLocalNetwork: true,
    ...(credentials ? { credentials } : {}),
  })
  return feed.id
}
