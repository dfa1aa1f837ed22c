import { describe, expect, it } from 'vitest'
import { readAddress } from './address.ts'
import { newEntry } from './private-entry.ts'
import { openPlaceholders, openSecretBook } from './secret-book.ts'
import { authorizationOf, displayUrl, secretsOfUrl, urlKey } from './url-secrets.ts'

const salt = Buffer.alloc(32, 7)

describe('which addresses are private', () => {
  it.each([
    'https://www.patreon.com/rss/show?auth=q7f3Zk9dPl2mN8sV4tXwQ1aB2cD3eF4g',
    'https://show.supportingcast.fm/content/eyJ0IjoicCIsImMiOiIxMjM0IiwidSI6IjU2NyJ9.rss',
    'https://feeds.example.com/f?access_token=abcd1234',
    'https://feeds.example.com/f?apiKey=abcd1234',
    'https://feeds.example.com/private/4f6a9d3e-0c1b-4d2e-8f7a-112233445566/rss',
    'https://access.acast.com/rss/0f9b2c7d-1a2b-4c3d-8e9f-aabbccddeeff',
    'https://api.substack.com/feed/podcast/12345/private/0f9b2c7d-1a2b-4c3d-8e9f-aabbccddeeff.rss',
    'https://example.com/feed/q7f3Zk9dPl2mN8sV4tXw.xml',
    'https://example.com/f;sig=deadbeef?signature=deadbeef',
  ])('%s', (url) => {
    expect(secretsOfUrl(url).length).toBeGreaterThan(0)
    const shown = displayUrl(url)
    expect(shown).toContain('•••')
    for (const secret of secretsOfUrl(url)) expect(shown).not.toContain(secret)
  })
  it.each([
    'https://feeds.megaphone.fm/HSW1234567890',
    'https://feeds.simplecast.com/54nAGcIl',
    'https://rss.art19.com/the-daily',
    'https://feeds.acast.com/public/shows/5ea0fbf2-2d47-4ba3-8d2e-f1f8d3d54f4c',
    'https://www.omnycontent.com/d/playlist/e73c998e-6e60-432f-8610-ae210140c5b1/A91018A4-EA4F-4130-BF55-AE270180C327/44710ECC-10BB-48D1-93C7-AE270180C33E/podcast.rss',
    'https://feeds.soundcloud.com/users/soundcloud:users:274966675/sounds.rss',
    'https://anchor.fm/s/1e4a0eac/podcast/rss',
    'https://feeds.buzzsprout.com/1538779.rss',
    'https://podcasts.files.bbci.co.uk/p02nq0gn.rss',
    'https://www.youtube.com/feeds/videos.xml?channel_id=UC1234567890abcdefghijkl',
    'https://example.com/?feed=podcast&format=xml&page=2',
    'https://www.ivoox.com/the-2024-show-about-everything-and-more_fg_f1123_filtro_1.xml',
    'https://feeds.npr.org/510289/podcast.xml',
  ])('public: %s', (url) => {
    expect(secretsOfUrl(url)).toEqual([])
    expect(displayUrl(url)).toBe(new URL(url).href)
  })
})

it('the key of a feed is the same for scheme, login, port, fragment and last slash; the salt makes it this profile’s', () => {
  const key = urlKey('https://show.example/feed', salt)
  for (const url of ['http://show.example/feed', 'https://a:b@show.example/feed', 'https://SHOW.example:443/feed/#x'])
    expect(urlKey(url, salt)).toBe(key)
  for (const url of ['https://show.example/feed?x=1', 'https://show.example/Feed', 'https://show.example:8443/feed'])
    expect(urlKey(url, salt)).not.toBe(key)
  expect(urlKey('https://show.example/feed', Buffer.alloc(32, 8))).not.toBe(key)
})

it('passwords go out as UTF-8, NFC', () => {
  const header = authorizationOf({ type: 'basic', username: 'ü', password: 'e\u0301:/%&' })
  expect(Buffer.from(header!.slice(6), 'base64').toString()).toBe('ü:é:/%&')
  expect(authorizationOf({ type: 'bearer', token: 't' })).toBe('Bearer t')
  expect(authorizationOf(null)).toBeUndefined()
})

describe('addresses', () => {
  it.each([
    ['example.com', 'https://example.com/', 'http://example.com/'],
    ['  <https://example.com/a b>  ', 'https://example.com/a%20b', null],
    ['feed:https://example.com/f', 'https://example.com/f', null],
    ['feed://example.com/f', 'https://example.com/f', 'http://example.com/f'],
    ['localhost:8080/f', 'https://localhost:8080/f', 'http://localhost:8080/f'],
    ['[::1]:8080/f', 'https://[::1]:8080/f', 'http://[::1]:8080/f'],
    ['http://BÜCHER.example/f#x', 'http://xn--bcher-kva.example/f', null],
    ['itpc://example.com/f?x=1', 'https://example.com/f?x=1', 'http://example.com/f?x=1'],
  ])('%s', (text, url, fallbackUrl) => {
    expect(readAddress(text)).toMatchObject({ ok: true, value: { kind: 'web', url, fallbackUrl, userInfo: null } })
  })
  it('a login is taken apart, decoded', () => {
    expect(readAddress('https://ana%40x:p%2Fw%25@example.com/f')).toMatchObject({
      ok: true,
      value: { url: 'https://example.com/f', userInfo: { username: 'ana@x', password: 'p/w%' } },
    })
  })
})

describe('the book of secrets', () => {
  it('hides what stands beside a known secret in one value', () => {
    const book = openSecretBook(newEntry('https://show.example/f?auth=q7f3Zk9dPl2mN8sV4tXw', null))
    const hidden = book.hideInText(
      'https://show.example/g?token=another-q7f3Zk9dPl2mN8sV4tXw&auth=q7f3Zk9dPl2mN8sV4tXw',
    )
    expect(hidden).toMatch(/^https:\/\/show\.example\/g\?token=\{secret:\?\}&auth=\{secret:\d+\}$/)
  })

  const entry = newEntry('https://show.example/f?auth=q7f3Zk9dPl2mN8sV4tXw', {
    type: 'basic',
    username: 'ana',
    password: 'pw',
  })

  it('hides and opens, byte for byte', () => {
    for (const url of [
      'https://show.example/1.mp3?auth=q7f3Zk9dPl2mN8sV4tXw&x=%20',
      'https://ana:pw@show.example/pw/1.mp3?p=pw',
      'https://cdn.example/1.mp3?sig=a+b%2Fc%3D&expires=5',
      'https://cdn.example/plain.mp3?x=1#t=5',
    ]) {
      const book = openSecretBook(entry)
      const hidden = book.hideInUrl(url)
      for (const secret of ['q7f3Zk9dPl2mN8sV4tXw', 'ana:pw', '/pw/', 'a+b%2Fc%3D'])
        expect(hidden).not.toContain(secret)
      expect(openPlaceholders(hidden, book.entry())).toBe(url)
    }
  })
  it('a short password that is a word stays in the words, not in the addresses', () => {
    const book = openSecretBook({ ...entry, credentials: { type: 'basic', username: 'a', password: 'summer' } })
    expect(book.hideInText('A summer of tides')).toBe('A summer of tides')
    expect(book.hideInUrl('https://show.example/x?pass=summer')).not.toContain('summer')
  })
  it('an entry that was lost opens nothing of the next one', () => {
    const before = openSecretBook(entry)
    const hidden = before.hideInUrl('https://show.example/1.mp3?token=abcdefgh12345678')
    const after = openSecretBook(newEntry(entry.url, null))
    after.hideInUrl('https://show.example/2.mp3?token=zzzzzzzz12345678')
    expect(openPlaceholders(hidden, after.entry())).toBeNull()
  })
})
