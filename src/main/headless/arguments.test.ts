import { describe, expect, it } from 'vitest'
import { parseCommandLine } from './arguments.ts'

const parsed = (line: string) => parseCommandLine(line.split(' ').filter(Boolean))

describe('the command line', () => {
  it('reads commands of one and two words', () => {
    expect(parsed('process a.vtt b.srt --templates summary,,quotes --out /notes --json')).toMatchObject({
      value: {
        command: 'process',
        args: ['a.vtt', 'b.srt'],
        templates: ['summary', 'quotes'],
        out: '/notes',
        json: true,
      },
    })
    expect(parsed('feeds add --allow-local http://127.0.0.1/feed')).toMatchObject({
      value: { command: 'feeds add', args: ['http://127.0.0.1/feed'], allowLocal: true },
    })
    expect(parsed('--profile /p feeds refresh')).toMatchObject({ value: { command: 'feeds refresh', profile: '/p' } })
    expect(parsed('process -- -odd.vtt')).toMatchObject({ value: { args: ['-odd.vtt'] } })
    expect(parsed('feeds --help')).toMatchObject({ value: { command: 'help' } })
  })

  it.each([
    ['', 'Say what to do.'],
    ['feeds', 'Say what to do with feeds: add, list, refresh, remove, import-opml or export-opml.'],
    ['feeds eat x', 'There is no command “feeds eat”.'],
    ['toString', 'There is no command “toString”.'],
    ['process', '“process” needs something to make notes of.'],
    ['episodes', '“episodes” needs one more argument.'],
    ['jobs now', '“jobs” does not take “now”.'],
    ['jobs --out x', '“jobs” does not take --out.'],
    ['process x --templates ,', '--templates names no template.'],
    ['feeds add x --password-stdin', '--password-stdin needs --username.'],
    ['feeds add x --username u --password-stdin --token-stdin', 'Give a password or a token, not both.'],
  ])('refuses “%s”', (line, message) => {
    expect(parsed(line)).toEqual({ ok: false, error: { code: 'usage', message, retryable: false } })
  })

  it('does not take a password on the command line', () => {
    expect(parsed('feeds add x --username u')).toMatchObject({ ok: false, error: { code: 'usage' } })
    expect(parsed('feeds add x --password p')).toMatchObject({ ok: false, error: { code: 'usage' } })
  })
})
