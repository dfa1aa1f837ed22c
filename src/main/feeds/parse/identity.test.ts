import { describe, expect, it } from 'vitest'
import { quirkFeed } from './fixtures/parse.ts'
import { guidKey, identityKeys, mediaKey } from './identity.ts'

const keys = (name: string, index = 0) =>
  new Map(identityKeys(quirkFeed(name).items[index]!).map(({ kind, key }) => [kind, key]))

describe('what an episode is known by', () => {
  it('quirk 23: the guid changes, the file says that it is the same', () => {
    const [before, after] = [keys('23-guid-changes-before'), keys('23-guid-changes-after')]
    expect(before.get('guid')).not.toBe(after.get('guid'))
    expect(before.get('media')).toBe(after.get('media'))
  })
  it('quirk 24: the file changes, the guid says that it is the same', () => {
    const [before, after] = [keys('24-media-changes-before'), keys('24-media-changes-after')]
    expect(before.get('guid')).toBe(after.get('guid'))
    expect(before.get('media')).not.toBe(after.get('media'))
  })
  it('quirk 25: tokens rotate in file and guid', () =>
    expect(keys('25-token-rotates-before')).toEqual(keys('25-token-rotates-after')))
  it('quirk 26: blanks and case of a guid do not count', () =>
    expect(keys('26-guid-spaces-and-case').get('guid')).toBe(guidKey('ep-one')))
  it('quirk 27: the public copy of a member episode is known by title, day and duration', () => {
    const [member, open] = [keys('27-member-copy'), keys('27-public-copy')]
    expect(member.get('title-date-duration')).toBe(open.get('title-date-duration'))
    expect(member.get('title-date-duration')).toBeDefined()
    expect(member.get('media')).not.toBe(open.get('media'))
  })
  it('quirk 28: two episodes of one title and day are not known by these', () => {
    const [first, second] = [keys('28-same-title-and-date', 0), keys('28-same-title-and-date', 1)]
    expect(first.has('title-date-duration') || second.has('title-date-duration')).toBe(false)
    expect(first.get('guid')).not.toBe(second.get('guid'))
  })
  it('quirk 69: the same title on other days still helps', () =>
    expect(new Set([0, 1, 2].map((index) => keys('69-same-title', index).get('title-date-duration'))).size).toBe(3))
  it('comes surest first', () =>
    expect([...keys('01-date-without-seconds').keys()]).toEqual(['guid', 'media', 'title-date-duration']))
})

describe('addresses of files', () => {
  const plain = 'host.example.com/shows/TIDE1.mp3'
  it.each([
    'https://host.example.com/shows/TIDE1.mp3',
    'http://host.example.com/shows/TIDE1.mp3',
    'https://HOST.example.com:443/shows/TIDE1.mp3?token=a&utm_source=rss&X-Amz-Signature=1',
    'https://www.podtrac.com/pts/redirect.mp3/host.example.com/shows/TIDE1.mp3',
    'https://pdst.fm/e/chrt.fm/track/ABC/host.example.com/shows/TIDE1.mp3?updated=123',
    'https://op3.dev/e/https://host.example.com/shows/TIDE1.mp3',
    'https://op3.dev/e,pg=1234/https%3A%2F%2Fhost.example.com%2Fshows%2FTIDE1.mp3',
    'https://media.blubrry.com/tide/host.example.com/shows/TIDE1.mp3',
    'https://dts.podtrac.com/redirect.mp3/mgln.ai/e/1/prfx.byspotify.com/e/www.host.example.com/shows/TIDE1.mp3',
  ])('quirk 18: %s', (url) => expect(mediaKey(url)).toBe(plain))

  it('keeps what tells files apart', () => {
    expect(mediaKey('https://x.example/play?id=1')).not.toBe(mediaKey('https://x.example/play?id=2'))
    expect(mediaKey('https://x.example/play?b=2&a=1&sig=x')).toBe(mediaKey('https://x.example/play?a=1&b=2'))
    expect(mediaKey('https://x.example/A.mp3')).not.toBe(mediaKey('https://x.example/a.mp3'))
    expect(mediaKey('https://x.example/2014.05.02/show.mp3')).toBe('x.example/2014.05.02/show.mp3')
    expect(mediaKey('https://www.youtube.com/watch?v=abcdefghijk')).not.toBe(
      mediaKey('https://www.youtube.com/watch?v=lmnopqrstuv'),
    )
    expect(mediaKey('not an address')).toBe('not an address')
    expect(mediaKey('https://x.example/%E0%A4%A')).toBe('x.example/%E0%A4%A')
  })
})
