import { describe, expect, it } from 'vitest'
import { compilePrompt, renderPrompt, unknownNames } from './render.ts'

const scope = {
  transcript: 'Ada: A lamp.\nBo: Yes.',
  metadata: { podcast_name: 'Weft', episode_title: 'Tide {{ 7*7 }} {% raw %}', persons: ['Ada', 'Bo'] },
  people: [{ name: 'Ada' }, { name: 'Bo', role: 'host' }],
  empty: '',
  zero: 0,
}
const render = (source: string, most = 10_000): string => {
  const compiled = compilePrompt(source)
  if (!compiled.ok) return compiled.error.message
  const text = renderPrompt(compiled.value, scope, (words) => words, most)
  return text.ok ? text.value : text.error.message
}

describe('prompts', () => {
  it.each([
    ['{{ metadata.podcast_name }}: {{ transcript }}', 'Weft: Ada: A lamp.\nBo: Yes.'],
    ['{{ metadata["episode_title"] }}', 'Tide {{ 7*7 }} {% raw %}'],
    ['{{ absent | default("y") }} {{ empty | default("y") }}|{{ empty | default("y", true) }}', 'y |y'],
    ["{{ absent | default: 'Liquid' | upper }}", 'LIQUID'],
    ['{% if metadata and not absent %}a{% elif zero %}b{% else %}c{% endif %}', 'a'],
    ['{% if zero or empty %}a{% else %}b{% endif %}{% if zero or (empty or people) and metadata %}c{% endif %}', 'bc'],
    ['{% if absent is defined %}a{% else %}b{% endif %}{% if people is not none %}c{% endif %}', 'bc'],
    [
      '{% for p in people %}{{ loop.index }}/{{ loop.length }} {{ p.name }}{% if not loop.last %}, {% endif %}{% endfor %}',
      '1/2 Ada, 2/2 Bo',
    ],
    ['{% for p in absent %}x{% else %}none{% endfor %}', 'none'],
    ['{{ "a" ~ metadata.podcast_name ~ 1 }}{# a {{ comment }} #}', 'aWeft1'],
    ['{% set n = people | length %}{{ n + 1 }} {{ n * 2 - 1 }}', '3 3'],
    ['{{ metadata.persons | join(", ") | replace("Bo", "Cy") | lower }}', 'ada, cy'],
    ['{{ "Ada" in metadata.persons }} {{ "x" not in "abc" }}', 'True True'],
    ['{{ people[1].role if people | length > 1 else "nobody" }}', 'host'],
    ['{% raw %}{{ x }}{% endraw %} {{ "}}" }} {{ \'%}\' }}', '{{ x }} }} %}'],
    ['a {%- if true -%} b {%- endif -%} c', 'abc'],
    ['{{ transcript | truncate(6) }}', 'Ada...'],
    ['{{ people | tojson }}', '[{"name":"Ada"},{"name":"Bo","role":"host"}]'],
  ])('renders %j', (source, text) => expect(render(source)).toBe(text))

  it.each([
    ['a\n{% include "/etc/passwd" %}', 'Line 2: “include” is not run by Inkwell.'],
    ['{% macro x() %}', 'Line 1: “macro” is not run'],
    ['{{ transcript.__class__ }}', 'Line 1: names that begin with “_”'],
    ['{{ _s[0] }}', 'Line 1: names that begin with “_”'],
    ['{{ people.map(x) }}', 'calls something; Inkwell calls nothing'],
    ['\n\n{{ cycler("a") }}', 'Line 3: “cycler…()” calls'],
    ['{{ x | attr("y") }}', 'the filter “attr” is not run by Inkwell'],
    ['{{ x | map(attribute="y") }}', 'the filter “map” is not run'],
    ['{% for a in (1..1000000000) %}x{% endfor %}', 'Line 1:'],
    ['{% for k, v in metadata %}{% endfor %}', 'a loop with two names'],
    ['{{ [1,2] }}', 'lists and maps written out'],
    ['{{ a[1:2] }}', 'parts of lists'],
    ['{% if a %}', 'Line 1: “if” begins here and has no “endif”.'],
    ['{% if a %}{% endfor %}', '“endfor” ends nothing'],
    ['{{ a', 'begins here and does not end'],
    ['{# a', 'the comment that begins here'],
    ['{{ a $ b }}', '“$ b }}” is not understood here'],
    [`{{ ${'('.repeat(60)}a${')'.repeat(60)} }}`, 'nested more than 40 levels'],
  ])('refuses %j', (source, message) => expect(render(source)).toContain(message))

  it('reaches nothing of JavaScript', () => {
    expect(
      render('{{ metadata.constructor }}|{{ transcript.length }}|{{ people["constructor"] }}|{{ toString }}'),
    ).toBe('|||')
  })

  it('ends what would grow without bound', () => {
    const limit = /longer, or takes longer/
    expect(render('{% set a = "xxxxxxxxxx" %}'.concat('{% set a = a ~ a %}'.repeat(40), '{{ a }}'))).toMatch(limit)
    const loop = '{% for a in transcript %}{% for b in transcript %}{% for c in transcript %}'
    const nested = `${loop}{% for d in transcript %}{{ transcript }}${'{% endfor %}'.repeat(4)}`
    expect(render(nested)).toMatch(limit)
  })

  it('names what leaves a hole', () => {
    const compiled = compilePrompt('{{ transcript }}\n{% set a = 1 %}{{ a }}{{ missing.x }}', 10)
    expect(compiled.ok && unknownNames(compiled.value, scope, 10)).toEqual([
      { line: 11, message: '“missing” is not known here and leaves nothing in its place.' },
    ])
  })
})
