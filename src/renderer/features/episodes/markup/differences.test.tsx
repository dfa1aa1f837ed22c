import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it, vi } from 'vitest'
import { onlyIn } from './differences.ts'

const cut = (own: string, other: string) => onlyIn(own, other).map(([from, to]) => own.slice(from, to))

it('finds the words that only one of two texts has', () => {
  expect(cut('A year of readings gives it.', 'Several years of readings gives it.')).toEqual(['A year'])
  expect(cut('Several years of readings gives it.', 'A year of readings gives it.')).toEqual(['Several years'])
  expect(cut('The same.', 'The  same.')).toEqual([])
  expect(cut('Zwölf Monate, sagt sie', 'Zwölf Monate')).toEqual([', sagt sie'])
})

it('marks nothing where everything differs or nobody could look', () => {
  const many = (word: string) => Array.from({ length: 4_000 }, (_, at) => `${word}${at}`).join(' ')
  expect(onlyIn(many('a'), many('b'))).toEqual([])
})

it('marks them where they are drawn, across emphasis and links', async () => {
  vi.stubGlobal('window', { inkwell: { platform: 'linux' } })
  const { drawMarkdown } = await import('./draw.tsx')
  const mine = 'The *wick* has to be **trimmed twice**, [every day](https://example.org).'
  const html = renderToStaticMarkup(
    drawMarkdown(mine, { openLink: () => {}, goTo: null }, 'The wick has to be trimmed, each day.'),
  )
  expect([...html.matchAll(/<ins>(.*?)<\/ins>/g)].map(([, words]) => words)).toEqual(['twice', 'every'])
})

it('draws no markup of its own that the text did not have', async () => {
  vi.stubGlobal('window', { inkwell: { platform: 'linux' } })
  const { drawMarkdown } = await import('./draw.tsx')
  const html = renderToStaticMarkup(
    drawMarkdown('<img src=x onerror=alert(1)> new', { openLink: () => {}, goTo: null }, 'old'),
  )
  expect(html).not.toMatch(/<img|onerror=/)
})
