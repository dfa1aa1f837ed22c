import { expect, it } from 'vitest'
import { copyName, lineIn, rangeOfLine, renamed } from './template-copy.ts'

it('gives a copy a free name', () => {
  expect(copyName('quotes', ['quotes'])).toBe('quotes-mine')
  expect(copyName('quotes', ['quotes', 'quotes-mine', 'quotes-mine-2'])).toBe('quotes-mine-3')
})

it('renames only the template, not what is named inside it', () => {
  const yaml = '# Why\nname: quotes\nvariables:\n  - name: limit\n'
  expect(renamed(yaml, 'mine')).toBe('# Why\nname: mine\nvariables:\n  - name: limit\n')
  expect(renamed('version: "1"\n', 'mine')).toBe('name: mine\nversion: "1"\n')
})

it('finds the line that main names', () => {
  expect(lineIn('Line 3: a colon is missing.')).toBe(3)
  expect(lineIn('The name is taken.')).toBeNull()
  const text = 'a\nbc\n\nd'
  expect(text.slice(...rangeOfLine(text, 2))).toBe('bc')
  expect(text.slice(...rangeOfLine(text, 99))).toBe('d')
})
