import { describe, expect, it } from 'vitest'
import { discoverFeeds } from './discover.ts'
import { describeNotAFeed, readPage } from './pages.ts'

const base = 'https://tide.example/shows/page.html'
const urls = (html: string, at: string | null = base) => discoverFeeds(html, at).map(({ url }) => url)

describe('feeds that a page names', () => {
  it('reads links in their order, relative to the page or its base, each once, comments last', () => {
    const html = `<html><head><base href="/root/">
      <link rel="alternate" type="application/rss+xml" title="Comments" href="comments/feed">
      <LINK REL="Alternate feed" TYPE="application/atom+xml; charset=utf-8" TITLE="High &amp; low" HREF="a.xml">
      <link rel=alternate type=application/rss+xml href=//cdn.example/b.xml>
      <link rel="alternate" type="application/rss+xml" href="a.xml">
      <link rel="alternate" hreflang="de" href="/de"><link rel="stylesheet" type="application/rss+xml" href="/x">
      <link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/1">
      <link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">`
    expect(discoverFeeds(html, base)).toEqual([
      { url: 'https://tide.example/root/a.xml', title: 'High & low' },
      { url: 'https://cdn.example/b.xml', title: null },
      { url: 'https://tide.example/root/comments/feed', title: 'Comments' },
    ])
  })
  it('falls back to links that look like feeds', () => {
    const html = `<a href="/feed/">RSS</a> <a href="/about">About</a> <a href="itpc://tide.example/pod.xml">iTunes</a>
      <a href="https://feeds.example/show.rss?x=1"><b>Sub</b>scribe</a> <a href="feed:https://tide.example/f">F</a>`
    expect(discoverFeeds(html, base)).toEqual([
      { url: 'https://tide.example/feed/', title: 'RSS' },
      { url: 'https://tide.example/pod.xml', title: 'iTunes' },
      { url: 'https://feeds.example/show.rss?x=1', title: 'Subscribe' },
      { url: 'https://tide.example/f', title: 'F' },
    ])
  })
  it('finds the feed of a YouTube channel', () => {
    const feed = 'https://www.youtube.com/feeds/videos.xml?channel_id=UCabcdefghijklmnopqrstuv'
    expect(
      urls(
        `<link rel="alternate" type="application/rss+xml" title="RSS" href="${feed}">`,
        'https://www.youtube.com/@tide',
      ),
    ).toEqual([feed])
  })
  it('finds nothing in nothing, and at most 20', () => {
    expect(urls('')).toEqual([])
    expect(urls('<a href="/feed">x', null)).toEqual([])
    expect(
      urls(
        Array.from({ length: 50 }, (_, index) => `<link rel=alternate type=application/rss+xml href=/${index}>`).join(
          '',
        ),
      ),
    ).toHaveLength(20)
  })
})

describe('pages that come instead of a feed', () => {
  const kind = (html: string) => readPage(html, base).kind
  it('are told apart', () => {
    expect(kind('<html><title>Log in</title>')).toBe('login')
    expect(kind('<html><body><form><input TYPE=PASSWORD>')).toBe('login')
    expect(kind('<html><title>Attention Required! | Cloudflare</title>')).toBe('challenge')
    expect(kind('<html><script src="/_Incapsula_Resource?x"></script>')).toBe('challenge')
    expect(
      kind('<html><title>Blog</title><link rel=alternate type=application/rss+xml href=/f><div class="g-recaptcha">'),
    ).toBe('web-page')
    expect(kind('<html><title>Login to the sea, a podcast</title><a href="/feed/">RSS</a>')).toBe('web-page')
    expect(kind('<opml version="1.0"></opml>')).toBe('opml')
    expect(kind('hello')).toBe('other')
  })
  it('are named in whole sentences that say what to do', () => {
    const link = { url: 'https://tide.example/f', title: null }
    const words = [
      ...(['login', 'challenge', 'opml', 'recording', 'file', 'other', 'web-page'] as const).map((each) =>
        describeNotAFeed({ kind: each, candidates: [] }),
      ),
      describeNotAFeed({ kind: 'web-page', candidates: [link] }),
      describeNotAFeed({ kind: 'web-page', candidates: [link, link] }),
    ]
    expect(new Set(words).size).toBe(words.length)
    for (const each of words) expect(each).toMatch(/^[A-Z].*\.$/)
  })
})
