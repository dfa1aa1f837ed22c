import { describe, expect, it } from 'vitest'
import { nextTarget } from './redirects.ts'

const next = (from: string, location: string, hasSecrets = true, statusCode = 301) =>
  nextTarget({ statusCode, headers: { location } }, { url: new URL(from), allowedLocal: false }, [], hasSecrets)

describe('redirects between schemes and hosts', () => {
  it.each([
    ['http://a.example/x', 'https://a.example/x', false],
    ['https://a.example/x', '/y', false],
    ['http://a.example/x', 'https://b.example/x', true],
    ['https://a.example/x', 'https://a.example:8443/x', true],
    ['http://a.example:8080/x', 'https://a.example/x', true],
    ['https://a.example/x', '//b.example/x', true],
    ['https://a.example/x', 'https://www.a.example/x', true],
  ])('%s to %s: credentials dropped %s', (from, to, dropSecrets) =>
    expect(next(from, to)).toMatchObject({ ok: true, value: { dropSecrets } }),
  )
  it('attack 44: from https to http only without credentials', () => {
    expect(next('https://a.example/', 'http://a.example/')).toMatchObject({
      ok: false,
      error: { code: 'redirect-refused' },
    })
    expect(next('https://a.example/', 'http://a.example/', false)).toMatchObject({ ok: true })
  })
  it('reads Location as UTF-8, and as Latin-1 where it is not', () => {
    for (const bytes of [Buffer.from('/ü'), Buffer.from('/ü', 'latin1')]) {
      const target = next('https://a.example/', bytes.toString('latin1'))
      expect(target?.ok && target.value.target.url.pathname).toBe('/%C3%BC')
    }
  })
  it('credentials in the new address are not taken', () => {
    const target = next('https://a.example/', 'https://u:p@b.example/')
    expect(target?.ok && target.value.target.url.href).toBe('https://b.example/')
  })
  it('304 and 300 are no redirects', () => {
    expect(next('https://a.example/', '/b', false, 304)).toBeNull()
    expect(next('https://a.example/', '/b', false, 300)).toBeNull()
  })
})
