import { Parser } from 'htmlparser2'
import { expect, it } from 'vitest'
import { processorMs } from '../time-testing.ts'
import { readInPieces } from './in-pieces.ts'

function namesIn(text: string): { names: string[]; places: number[] } {
  const names: string[] = []
  const places: number[] = []
  let depth = 0
  let from = 0
  const parser = new Parser(
    {
      onopentag: (name) => {
        depth += 1
        if (name === 'a') return
        names.push(name)
        places.push(from + parser.startIndex)
      },
      onclosetag: () => {
        depth -= 1
      },
    },
    { xmlMode: true },
  )
  const forget = (at: number): boolean => {
    depth = 0
    from = at
    return true
  }
  readInPieces(parser, text, () => depth, forget)
  return { names, places }
}

it('reads on behind what is nested without end, and knows where', () => {
  const text = `<b/>${'<a>'.repeat(20_000)}<c x="1 > 0">${'</a>'.repeat(9_000)}<d/>`
  const { names, places } = namesIn(text)
  expect(names).toEqual(['b', 'c', 'd'])
  expect(places).toEqual(['<b', '<c', '<d'].map((tag) => text.indexOf(tag)))
})
it('takes no time squared for it', () => {
  expect(processorMs(() => namesIn('<a>'.repeat(12_000) + '</z>'.repeat(300_000)))).toBeLessThan(3_000)
})
