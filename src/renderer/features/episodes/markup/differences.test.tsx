import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it, vi } from 'vitest'
import { countOnlyIn, passagesOf } from './differences.ts'

const mine = `## Tides

[1:22](#t=82) The *wick* has to be trimmed, every day.

My own thought.

- One thing
- Another, mine
`
const newer = `## Tides

[1:22](#t=82) The *wick* has
to be trimmed, every day.

- One thing
- Another
`

it('finds the passages that only one of two notes has', () => {
  const [a, b] = [passagesOf(mine)!, passagesOf(newer)!]
  expect(countOnlyIn(a, b)).toBe(2)
  expect(countOnlyIn(b, a)).toBe(1)
  expect(countOnlyIn(a, a)).toBe(0)
  expect(passagesOf('word '.repeat(20_000))).toBeNull()
})

it('marks them where they are drawn', async () => {
  vi.stubGlobal('window', { inkwell: { platform: 'linux' } })
  const { drawMarkdown } = await import('./draw.tsx')
  const html = renderToStaticMarkup(drawMarkdown(mine, { openLink: () => {}, goTo: null }, passagesOf(newer)))
  expect([...html.matchAll(/data-changed="true">([^<]*)/g)].map(([, words]) => words!.trim())).toEqual([
    'My own thought.',
    'Another, mine',
  ])
})
