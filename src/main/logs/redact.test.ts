import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRedactor, redactText } from './redact.ts'
import { secretForms } from './redact-forms.ts'

const canary = 'cAn4ry5ecret9f3aQ7'
const key = '-----BEGIN RSA PRIVATE KEY-----'

/** Where a secret stands in text, with a form that must hide it: without that form the canary must be seen. */
const placesByForm: Readonly<Record<string, readonly string[]>> = {
  'private key block': [`${key}\n${canary}\nMIIE\n-----END RSA PRIVATE KEY-----`, `${key} ${canary.slice(0, 9)} cut`],
  'header to the end of its line': [
    `Cookie: a=1; id=${canary.slice(0, 6)}; b=2`,
    `set-cookie: ${canary.slice(0, 8)}; Path=/`,
    `"authorization":"Custom ${canary.slice(0, 8)} z"`,
    `proxy-authorization = Own ${canary.slice(0, 8)}`,
    `X-Api-Key: ${canary.slice(0, 8)} ${canary.slice(0, 8)}`,
  ],
  'user and password before a host': [
    `ftp://user:${canary}@feeds.example/x`,
    `ftp://user:p@${canary}@feeds.example`,
    `ftp://user:a/${canary}@feeds.example/y`,
    `ftp://user:#${canary}?@feeds.example/y`,
    `feed://${canary}@feeds.example`,
  ],
  'address in an address': [`?u=https%3A%2F%2Fx.example%2Fabc%2F${canary.slice(0, 8)}`],
  address: [
    `https://feeds.example/private/${canary.slice(0, 8)}`,
    `https://feeds.example/feed/${canary}.rss`,
    `https://feeds.example/${canary.slice(0, 8)}1x/`,
    `https://feeds.example/x?what=${canary.slice(0, 8)}`,
    `https://feeds.example/x#${canary.slice(0, 8)}`,
    `https://feeds.example/x?${canary}`,
    `"https://feeds.example/show/9f3aQ7${canary.slice(0, 8)}"`,
  ],
  'telling parameter': [
    `/x?auth=${canary.slice(0, 8)}&a=1`,
    `feed.xml?a=1&access_token=${canary.slice(0, 8)}`,
    `x;jsessionid=${canary.slice(0, 8)}`,
    `callback#id_token=${canary.slice(0, 8)}`,
  ],
  'mail address': [`mail to ${canary.slice(0, 8)}@mail.example`, `x=${canary.slice(0, 8)}%40mail.example`],
  'scheme of authorization': [
    `Bearer ${canary.slice(0, 8)}`,
    `sent basic ${canary.slice(0, 8)}=`,
    `BEARER%20${canary.slice(0, 8)}`,
    `digest\t${canary.slice(0, 8)}`,
  ],
  'named passphrase to the end of its line': [`passphrase: correct horse ${canary.slice(0, 8)}`],
  'named value': [
    `password=${canary.slice(0, 8)}`,
    `the api key: ${canary.slice(0, 8)}`,
    `{"clientSecret":"a ${canary.slice(0, 8)}"}`,
    `{'token': '${canary.slice(0, 8)}'}`,
    `apikey = "a\\" ${canary.slice(0, 8)}"`,
  ],
  'known shapes of keys': [
    `sk-${canary.slice(0, 8)}`,
    `AIza${canary.slice(0, 12)}`,
    `ghp_${canary.slice(0, 12)}`,
    `AGE-SECRET-KEY-${canary.slice(0, 12)}`,
  ],
  'JSON web token': [`eyJ${canary.slice(0, 10)}.${canary.slice(0, 8)}.x`],
  'machine-made word': [`it was ${canary}${canary.slice(0, 8)} there`],
}
const places = Object.values(placesByForm).flat()
const seen = (text: string): boolean => text.includes(canary.slice(0, 6))

describe('text', () => {
  it.each(places)('hides it in %s', (place) => expect(redactText(place)).not.toMatch(/cAn4ry/))

  it('each form is needed: without it a canary is seen', () => {
    expect(Object.keys(placesByForm).sort()).toEqual(secretForms.map(({ name }) => name).sort())
    for (const [name, mine] of Object.entries(placesByForm)) {
      const lame = createRedactor({ forms: secretForms.filter((form) => form.name !== name) })
      expect(
        mine.some((place) => seen(lame.text(place))),
        `planted fault not noticed: ${name}`,
      ).toBe(true)
    }
  })

  it.each([
    'Following: The Lamp and the Log, 12 episodes.',
    'https://feeds.example/shows/the-lamp/2026/11/23/episode-12.mp3',
    'https://feeds.example/feed.xml?format=rss&page=2',
    'ENOENT: no such file or directory, open /home/a/notes/x.md',
    '0198c0de-1111-7222-8333-444455556666',
    `${'0a1b2c3d'.repeat(8)}`,
    'at runJob (file:///app/src/main/jobs/run.ts:51:13)',
    'http://127.0.0.1:8080/feed.xml',
  ])('leaves %s', (text) => expect(redactText(text)).toBe(text))

  it('takes no longer for what is made to be slow', () => {
    const slow = [
      '://',
      'a:',
      '@',
      '%3A%2F%2F',
      'password',
      'a'.repeat(9),
      '"\\',
      '?key=',
      'x-',
      ' ',
      '-----BEGIN PRIVATE KEY-----',
    ]
    for (const one of slow) {
      const text = one.repeat(Math.ceil(20_000 / one.length))
      // Quadratic in 20,000 characters would pass the test's own limit many times.
      for (let time = 0; time < 50; time += 1) expect(redactText(text).length).toBeLessThanOrEqual(30_000 * 2)
    }
  })

  it('cuts a long text where a word ends, so that no half of a secret is left', () => {
    const text = `${'word '.repeat(3_999)}https://user:${canary}@feeds.example`
    expect(redactText(text)).not.toContain('cAn4')
    expect(redactText(`https://user:${canary.repeat(2_000)}@x.example`)).toBe('[36023 characters]')
  })
})

describe('values', () => {
  const { value } = createRedactor()
  const circular: Record<string, unknown> = { url: `https://u:${canary}@x.example` }
  circular.self = circular
  const error = Object.assign(new Error(`GET https://u:${canary}@x.example failed`), {
    config: { headers: { Authorization: canary } },
    cause: new Error(`token=${canary}`),
  })
  const throwing = {
    get a(): string {
      throw new Error(canary)
    },
  }
  it.each([
    ['password', { password: canary }],
    ['a number', { password: 12345678 }],
    ['an object below it', { credentials: { name: canary } }],
    ['a list below it', { tokens_secret: [canary] }],
    ['deep', { a: { b: { c: { d: { e: { f: { token: canary } } } } } } }],
    ['deeper than anyone looks', { a: { b: { c: { d: { e: { f: { g: { h: { i: { j: canary } } } } } } } } } }],
    ['in a list', [[[`?key=${canary}`]]]],
    ['headers as Node gives them', { rawHeaders: ['Host', 'x', 'Authorization', canary] }],
    ['pairs', [['cookie', canary]]],
    ['name and value', [{ name: 'Authorization', value: canary }]],
    ['a key', { [`https://u:${canary}@x.example`]: 1 }],
    ['Map', new Map([['token', canary]])],
    ['Set', new Set([`token=${canary}`])],
    ['Headers', new Headers({ authorization: canary })],
    ['URLSearchParams', new URLSearchParams({ token: canary })],
    ['URL', { at: new URL(`https://u:${canary}@x.example`) }],
    ['bytes', Buffer.from(canary)],
    ['toJSON', { toJSON: () => ({ secret: canary }) }],
    ['circular', circular],
    ['error', error],
    ['AggregateError', new AggregateError([error], `token=${canary}`)],
    ['a getter that throws', throwing],
    ['private feed', { url: `https://feeds.example/private/${canary.slice(0, 9)}/rss` }],
  ])('%s', (_, item) => {
    const out = JSON.stringify(value(item))
    expect(out).not.toMatch(/cAn4ry|12345678/)
  })

  it('keeps what is no secret, and does not follow __proto__', () => {
    const item = { at: new Date(0), n: 1n, no: undefined, list: [1, 'two'], secretStorage: 'keychain', tokens: 512 }
    expect(value(item)).toEqual({
      at: '1970-01-01T00:00:00.000Z',
      n: '1',
      no: undefined,
      list: [1, 'two'],
      secretStorage: 'keychain',
      tokens: 512,
    })
    value(JSON.parse('{"__proto__":{"polluted":"yes"}}'))
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})

describe('what it has learned', () => {
  const entry = JSON.stringify({
    v: 1,
    url: 'https://feeds.example/my/plainwords/rss?for=somebody',
    credentials: { type: 'basic', username: 'listener', password: 'tulip & "rain" ü' },
    slots: [{ id: 1, value: 'plainvalue', own: false }],
  })
  const redactor = createRedactor()
  redactor.learn(entry)
  it.each([
    'tulip & "rain" ü',
    encodeURIComponent('tulip & "rain" ü'),
    'tulip+%26+%22rain%22+%C3%BC',
    JSON.stringify({ said: 'tulip & "rain" ü' }),
    Buffer.from('tulip & "rain" ü').toString('base64'),
    Buffer.from('tulip & "rain" ü').toString('hex'),
    `TULIP & "RAIN" Ü`.toLowerCase(),
    Buffer.from('listener:tulip & "rain" ü').toString('base64'),
    'GET /my/plainwords/rss?for=somebody HTTP/1.1',
    'the plainvalue of it',
  ])('goes in any spelling: %s', (text) => {
    expect(redactor.text(`so ${text} it is`)).not.toMatch(/tulip|rain|plain|somebody|dHVsaX|74756c6970|bGlzdGVuZXI/)
  })
  it('does not take words of the language out of every sentence', () => {
    expect(redactor.text('the listener has a basic idea')).toBe('the listener has a basic idea')
  })
})

describe('anything', () => {
  const secret = fc
    .string({
      minLength: 8,
      maxLength: 40,
      unit: fc.constantFrom(...'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'),
    })
    .map((text) => `Zq7${text}9Kx`)
  const around = fc.string({ maxLength: 30, unit: fc.constantFrom(...'abc ,.:;/?&="\'{}[]()\n%@#-_') })
  const wrapped = fc.constantFrom<(text: string) => string>(
    (text) => `https://u:${text}@x.example/`,
    (text) => `https://x.example/?token=${text}`,
    (text) => `https://x.example/?a=1&q=${text}`,
    (text) => `https://x.example/private/${text}`,
    (text) => `Bearer ${text}`,
    (text) => `password=${text}`,
    (text) => `"api_key": "${text}"`,
    (text) => `sk-${text}`,
  )
  it('no secret comes through, whatever stands around it', () => {
    fc.assert(
      fc.property(secret, around, around, wrapped, (one, before, after, wrap) => {
        const text = `${before} ${wrap(one)} ${after}`
        return !redactText(text).includes(one)
      }),
      { numRuns: 3_000, seed: 7 },
    )
  })
  it('no learned secret comes through, however deep, whatever it is made of', () => {
    const anySecret = fc.string({ minLength: 6, maxLength: 60 }).filter((text) => text.trim().length >= 6)
    fc.assert(
      fc.property(anySecret, fc.object({ maxDepth: 3 }), around, (one, object, words) => {
        const redactor = createRedactor()
        redactor.learn(one)
        const out = redactor.value({ ...object, planted: { [words]: [`${words}${one}${words}`, one, new Error(one)] } })
        return !JSON.stringify(out).includes(JSON.stringify(one).slice(1, -1))
      }),
      { numRuns: 1_000, seed: 7 },
    )
  })
  it('redacting twice is redacting once, as far as secrets go', () => {
    for (const place of places) expect(seen(redactText(redactText(place)))).toBe(false)
  })
})
