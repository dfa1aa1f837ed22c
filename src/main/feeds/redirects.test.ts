import { describe, expect, it } from 'vitest'
import { judgeRedirects } from './redirects.ts'
import { nextAfterFailure, nextAfterSuccess, readRetryAfter } from './schedule.ts'

const asked = 'http://show.example/feed?x=1'
const judge = (url: string, ...statuses: number[]) =>
  judgeRedirects(asked, { url, hops: statuses.map((status) => ({ status, url: asked })) })

describe('what redirects mean', () => {
  it.each([
    ['none', asked, []],
    ['none', `${asked}#part`, [301]],
    ['https-upgrade', 'https://show.example/feed?x=1', [301]],
    ['https-upgrade', 'https://show.example/feed?x=1', [308, 301]],
    ['temporary', 'https://show.example/feed?x=1', [302]],
    ['permanent', 'https://show.example/feed?x=2', [301]],
    ['permanent', 'https://show.example/feed/?x=1', [301]],
    ['permanent', 'https://www.show.example/feed?x=1', [301]],
    ['temporary', 'https://other.example/feed', [301, 307]],
    ['temporary', 'https://other.example/feed', [303]],
  ])('%s: %s after %j', (kind, url, statuses) => {
    expect(judge(url, ...statuses).kind).toBe(kind)
  })
  it('says whether the host is another one', () => {
    expect(judge('https://show.example/a', 301)).toMatchObject({ otherHost: false })
    expect(judge('https://other.example/a', 301)).toMatchObject({ otherHost: true })
    expect(
      judgeRedirects('https://show.example/a', { url: 'http://show.example/a', hops: [{ status: 301, url: 'x' }] }),
    ).toMatchObject({ kind: 'permanent' })
  })
})

describe('when to ask again', () => {
  const hour = 3_600_000
  const response = (cacheControl: string) => ({
    status: 200,
    headers: { 'cache-control': cacheControl },
    body: Buffer.alloc(0),
    url: asked,
    hops: [],
  })

  it.each([
    [null, 'max-age=0', 1],
    [5, 'no-store', 1],
    [300, '', 5],
    [60, 's-maxage=999999, max-age=7200', 2],
    [100_000, '', 24],
  ])('ttl %s, cache-control %j: %i h', (ttl, cacheControl, hours) => {
    expect(nextAfterSuccess(0, ttl, response(cacheControl))).toBe(hours * hour)
  })
  it('Retry-After in seconds, as a date, as nonsense', () => {
    expect(readRetryAfter('120', 0)).toBe(120_000)
    expect(readRetryAfter('Thu, 01 Jan 1970 00:01:00 GMT', 0)).toBe(60_000)
    expect(readRetryAfter('Thu, 01 Jan 1970 00:01:00 GMT', 90_000)).toBe(0)
    expect(readRetryAfter('soon', 0)).toBeUndefined()
    expect(readRetryAfter(undefined, 0)).toBeUndefined()
  })
  it('a server that asks for a year waits a week, one that asks for nothing waits a minute', () => {
    expect(nextAfterFailure(0, 1, 365 * 24 * hour)).toBe(7 * 24 * hour)
    expect(nextAfterFailure(0, 1, 0)).toBe(60_000)
    expect(nextAfterFailure(0, 1_000)).toBe(24 * hour)
  })
})
