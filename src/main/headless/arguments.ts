import { parseArgs } from 'node:util'
import { fail, ok, type Result } from '#shared/result.ts'

const options = {
  profile: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
  out: { type: 'string' },
  templates: { type: 'string' },
  username: { type: 'string' },
  'password-stdin': { type: 'boolean' },
  'token-stdin': { type: 'boolean' },
  'session-only': { type: 'boolean' },
  'allow-local': { type: 'boolean' },
  private: { type: 'boolean' },
  since: { type: 'string' },
  until: { type: 'string' },
  feature: { type: 'string' },
  text: { type: 'string' },
  limit: { type: 'string' },
  format: { type: 'string' },
  yes: { type: 'boolean' },
  full: { type: 'boolean' },
  'words-stdin': { type: 'boolean' },
  replace: { type: 'boolean' },
  level: { type: 'string' },
  mend: { type: 'string' },
  leave: { type: 'string' },
  'look-again': { type: 'string' },
  media: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  'passphrase-stdin': { type: 'boolean' },
  provider: { type: 'string' },
  model: { type: 'string' },
  'max-cost': { type: 'string' },
  fresh: { type: 'boolean' },
  operation: { type: 'string' },
  template: { type: 'string' },
  feed: { type: 'string' },
  episode: { type: 'string' },
  job: { type: 'string' },
  days: { type: 'string' },
  recent: { type: 'string' },
  stops: { type: 'boolean' },
  'needs-key': { type: 'boolean' },
  'keep-anyway': { type: 'boolean' },
} as const
type Option = keyof typeof options

/** What each command takes besides `--json` and `--profile`, and how many arguments. */
const commands = {
  process: { takes: ['out', 'templates', 'dry-run', 'provider', 'model', 'max-cost', 'fresh'], min: 1, max: 1_000 },
  'feeds add': {
    takes: ['username', 'password-stdin', 'token-stdin', 'session-only', 'allow-local'],
    min: 1,
    max: 1,
  },
  'feeds list': { takes: [], min: 0, max: 0 },
  'feeds refresh': { takes: [], min: 0, max: 10_000 },
  'feeds remove': { takes: [], min: 1, max: 1 },
  'feeds import-opml': { takes: [], min: 1, max: 1 },
  'feeds export-opml': { takes: ['private'], min: 0, max: 1 },
  episodes: { takes: [], min: 1, max: 1 },
  jobs: { takes: [], min: 0, max: 0 },
  costs: {
    takes: [
      'since',
      'until',
      'days',
      'recent',
      'provider',
      'model',
      'operation',
      'template',
      'feed',
      'episode',
      'job',
      'stops',
      'format',
      'out',
    ],
    min: 0,
    max: 3,
  },
  kit: { takes: ['out', 'words-stdin', 'replace'], min: 0, max: 3 },
  logs: { takes: ['limit', 'level'], min: 0, max: 0 },
  diagnostics: { takes: ['out'], min: 0, max: 0 },
  audit: { takes: ['since', 'until', 'feature', 'text', 'limit', 'format', 'out'], min: 0, max: 0 },
  health: { takes: ['full', 'mend', 'yes', 'leave', 'look-again'], min: 0, max: 0 },
  models: { takes: ['needs-key', 'keep-anyway'], min: 0, max: 101 },
  speech: { takes: [], min: 0, max: 3 },
  retention: { takes: ['yes'], min: 0, max: 3 },
  backup: { takes: ['out', 'media', 'passphrase-stdin', 'dry-run'], min: 1, max: 3 },
} as const satisfies Record<string, { takes: readonly Option[]; min: number; max: number }>

export type CommandName = keyof typeof commands
export interface ParsedArguments {
  readonly command: CommandName | 'help' | 'version'
  readonly args: readonly string[]
  readonly json: boolean
  readonly profile: string | undefined
  readonly out: string | undefined
  readonly templates: readonly string[] | undefined
  readonly username: string | undefined
  readonly secretFromStdin: 'password' | 'token' | null
  readonly sessionOnly: boolean
  readonly allowLocal: boolean
  readonly private: boolean
  /** Options as they were given, for those that one command alone takes. */
  readonly given: ReturnType<typeof parse>['values']
}

const usage = (message: string) => fail('usage', message)

/** @param argv without the program's own name */
export function parseCommandLine(argv: readonly string[]): Result<ParsedArguments, 'usage'> {
  let parsed: ReturnType<typeof parse>
  try {
    parsed = parse(argv)
  } catch (error) {
    return usage(`${(error as Error).message.split('. ')[0]!.replace(/\.$/, '')}.`)
  }
  const { values, positionals } = parsed
  const templates = values.templates
    ?.split(',')
    .map((name) => name.trim())
    .filter(Boolean)
  const base = {
    args: [] as string[],
    json: values.json ?? false,
    profile: values.profile,
    out: values.out,
    templates,
    username: values.username,
    secretFromStdin: values['password-stdin'] ? 'password' : values['token-stdin'] ? 'token' : null,
    sessionOnly: values['session-only'] ?? false,
    allowLocal: values['allow-local'] ?? false,
    private: values.private ?? false,
    given: values,
  } as const
  if (values.help) return ok({ ...base, command: 'help' })
  if (values.version) return ok({ ...base, command: 'version' })

  const [first, second] = positionals
  if (first === undefined) return usage('Say what to do.')
  const name = first === 'feeds' ? `feeds ${second ?? ''}`.trim() : first
  if (name === 'feeds')
    return usage('Say what to do with feeds: add, list, refresh, remove, import-opml or export-opml.')
  if (!Object.hasOwn(commands, name)) return usage(`There is no command “${name}”.`)
  const command = name as CommandName
  const { takes, min, max } = commands[command]
  const args = positionals.slice(command.split(' ').length)
  if (args.length < min)
    return usage(`“${name}” needs ${command === 'process' ? 'something to make notes of' : 'one more argument'}.`)
  if (args.length > max) return usage(`“${name}” does not take “${args[max]}”.`)
  const foreign = Object.keys(values).find(
    (option) => !['json', 'profile', ...takes].includes(option as Option) && values[option as Option] !== undefined,
  )
  if (foreign) return usage(`“${name}” does not take --${foreign}.`)
  if (templates?.length === 0) return usage('--templates names no template.')
  if (values['password-stdin'] && values['token-stdin']) return usage('Give a password or a token, not both.')
  if (values['password-stdin'] && values.username === undefined) return usage('--password-stdin needs --username.')
  if (values.username !== undefined && !values['password-stdin'])
    return usage(
      '--username needs --password-stdin: a password on the command line would be seen by every program here.',
    )
  return ok({ ...base, command, args })
}

const parse = (argv: readonly string[]) => parseArgs({ args: [...argv], options, allowPositionals: true, strict: true })
