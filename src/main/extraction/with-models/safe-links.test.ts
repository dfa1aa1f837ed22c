import { expect, it } from 'vitest'
import { addressesIn, plainLinks } from './safe-links.ts'

const known = addressesIn([
  'See tide.example dot com or https://sea.example/charts?year=2026&x=1.',
  '<a href="https://www.gauge.example/list">the list</a>',
])
it.each([
  ['[a](https://sea.example/other)', '[a](https://sea.example/other)'],
  ['[a](https://sea.example/charts?year=2026&x=1)', '[a](https://sea.example/charts?year=2026&x=1)'],
  ['[a](https://gauge.example)', '[a](https://gauge.example/)'],
  ['[0:10](#t=10)', '[0:10](#t=10)'],
])('keeps %s', (markdown, out) => expect(plainLinks(markdown, known)).toBe(out))

it.each([
  '![a](https://evil.example/x.png?q=secret)',
  '[a](https://evil.example/?q=secret)',
  '[a](https://sea.example/?q=secret)',
  '[a](<https://evil.example/?q=secret>)',
  '[a](https://sea.example@evil.example/)',
  '[![x](https://evil.example/1)](https://evil.example/2)',
  '[a][1]\n\n[1]: https://evil.example/?q=secret',
  '<https://evil.example/?q=secret>',
  'https://evil.example/?q=secret',
  'www.evil.example/?q=secret',
  '<img src="https://evil.example/?q=secret">',
  '[a](javascript:alert(1))',
  '[a](//evil.example/x)',
  '[a](HTTPS://EVIL.EXAMPLE/x)',
  '[a](https&#58;//evil.example/x)',
])('makes plain words of %s', (markdown) => {
  const out = plainLinks(markdown, known)
  expect(out).not.toMatch(/\]\(\s*<?\s*(?:https?|javascript|\/\/)/i)
  expect(out).not.toMatch(/<https?:/i)
  expect(out.replace(/`[^`]*`/g, '')).not.toMatch(/https?:\/\/|www\./i)
  expect(plainLinks(out, known)).toBe(out)
})
