import { describe, expect, it } from 'vitest'
import type { Feed } from '#shared/contract/feeds.ts'
import { fail, type Json } from '#shared/result.ts'
import {
  credentialsOf,
  emptyForm,
  hostOf,
  mendsAfter,
  noMends,
  requestOf,
  splitMessage,
  wantsToken,
} from './add-feed-model.ts'
import { byTitle, categoriesOf, inCategory } from './feed-groups.ts'
import { feedStateView, needsUser } from './feed-state.ts'

const feed = (kind: Feed['state']['kind'], over: Partial<Feed> = {}) => ({
  state: { kind, message: `It is ${kind}`, detail: 'All 61 stay readable.', sinceMs: null },
  proposedMove: null,
  paused: false,
  ...over,
})
const move = {
  urlDisplay: 'https://signalbox.example/feed2',
  reason: 'new-feed-url',
  matchingEpisodes: 87,
  knownEpisodes: 87,
} as const

describe('the State column', () => {
  it.each([
    ['fine', null],
    ['mended', null],
    ['waiting', null],
    ['needs-password', 'password'],
    ['not-a-feed', 'find'],
    ['gone', 'find'],
    ['unreachable', 'again'],
    ['paused', 'resume'],
  ] as const)('%s is mended by %s', (kind, mend) => {
    expect(feedStateView(feed(kind)).mend).toBe(mend)
    expect(feedStateView(feed(kind)).words).toBe(`It is ${kind}`)
  })

  it('offers a move with its evidence, but asks for a password first and nothing while paused', () => {
    const view = feedStateView(feed('fine', { proposedMove: move }))
    expect(view).toMatchObject({ kind: 'moved', mend: 'move', words: 'Says it has moved to signalbox.example/feed2' })
    expect(view.detail).toBe('Same show, 87 of 87 episodes match. Still read from the old address.')
    expect(feedStateView(feed('needs-password', { proposedMove: move })).mend).toBe('password')
    expect(feedStateView(feed('fine', { proposedMove: move, paused: true })).mend).toBe('resume')
    expect(feedStateView(feed('fine', { proposedMove: { ...move, matchingEpisodes: 3 } })).detail).not.toContain(
      'Same show',
    )
  })

  it('counts what waits for the user', () => {
    const all = [feed('fine'), feed('paused'), feed('unreachable'), feed('fine', { proposedMove: move })]
    expect(all.filter(needsUser)).toHaveLength(1)
  })
})

describe('categories', () => {
  const feeds = [{ category: 'Sea' }, { category: null }, { category: 'Land' }, { category: 'Sea' }]
  it('lists and filters, and shows all when the chosen one is empty', () => {
    expect(categoriesOf(feeds)).toEqual(['Land', 'Sea'])
    expect(inCategory(feeds, 'Sea')).toHaveLength(2)
    expect(inCategory(feeds, '')).toHaveLength(1)
    expect(inCategory(feeds, 'Gone')).toHaveLength(4)
  })
  it('sorts as a reader does', () => {
    expect(
      byTitle([{ title: 'élan' }, { title: 'Show 10' }, { title: 'Show 9' }, { title: 'Zoo' }, { title: 'abc' }]).map(
        (one) => one.title,
      ),
    ).toEqual(['abc', 'élan', 'Show 9', 'Show 10', 'Zoo'])
  })
})

describe('what mends a failed add', () => {
  it('shows the fields the answer asks for and keeps those already shown', () => {
    const first = mendsAfter(noMends, fail('needs-password', 'x').error)
    expect(first).toMatchObject({ credentials: true, localNetwork: false })
    expect(mendsAfter(first, fail('keychain-unavailable', 'x').error)).toMatchObject({
      credentials: true,
      sessionOnly: true,
    })
    const offer = { offer: 'allow-local-network' }
    expect(mendsAfter(noMends, fail('address-refused', 'x', { details: offer }).error).localNetwork).toBe(true)
    expect(mendsAfter(noMends, fail('address-refused', 'x').error).localNetwork).toBe(false)
    expect(mendsAfter(noMends, fail('invalid-credentials', 'x').error).credentials).toBe(true)
    expect(wantsToken(fail('needs-password', 'x', { details: { scheme: 'bearer' } }).error)).toBe(true)
    expect(wantsToken(fail('needs-password', 'x', { details: { scheme: 'basic' } }).error)).toBe(false)
  })

  it('takes candidates from the details and drops what is not one', () => {
    const details = { candidates: [{ url: 'https://a.example/f', title: '' }, { title: 'x' }, null, 'y'] } as Json
    expect(mendsAfter(noMends, fail('choose-feed', 'x', { details }).error).candidates).toEqual([
      { url: 'https://a.example/f', title: null },
    ])
    expect(mendsAfter(noMends, fail('not-a-feed', 'x', { details: [] }).error).candidates).toEqual([])
  })

  it('sends only what was asked for', () => {
    const form = { ...emptyForm(' https://a.example '), username: 'k', password: 'p' }
    expect(requestOf(form, noMends)).toEqual({ url: 'https://a.example' })
    expect(requestOf({ ...form, sessionOnly: true }, { ...noMends, credentials: true, sessionOnly: true })).toEqual({
      url: 'https://a.example',
      credentials: { type: 'basic', username: 'k', password: 'p' },
      secretStorage: 'session',
    })
    // Consents given for another address do not count for this one.
    expect(requestOf({ ...form, sessionOnly: true, allowLocalNetwork: true }, noMends)).toEqual({
      url: 'https://a.example',
    })
    expect(credentialsOf({ ...form, useToken: true, token: ' t ' })).toEqual({ type: 'bearer', token: 't' })
    expect(credentialsOf(emptyForm())).toBeNull()
  })

  it('names the host a password would go to', () => {
    expect(hostOf('feed://thelongtable.example/rss')).toBe('thelongtable.example')
    expect(hostOf('https://user:pass@a.example/x')).toBe('a.example')
    expect(hostOf('not an address')).toBeNull()
  })

  it('leads with the first sentence', () => {
    expect(splitMessage('The feed would not let us in (401). It wants a name. Nothing was added.')).toEqual({
      lead: 'The feed would not let us in (401).',
      rest: 'It wants a name. Nothing was added.',
    })
    expect(splitMessage('feeds.example.com did not answer')).toEqual({
      lead: 'feeds.example.com did not answer',
      rest: '',
    })
  })
})
