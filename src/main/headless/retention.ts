import { RetentionKind, type RetentionRule, type SweepPreview } from '#shared/contract/retention.ts'
import type { House } from '../compose.ts'
import type { ParsedArguments } from './arguments.ts'
import type { CommandResult } from './output.ts'
import { columns, count, dateOf, done, failed } from './words.ts'

/** `inkwell retention [show|preview|sweep --yes|set KIND DAYS|never]`. */
export async function keepingRules(house: House, { args, given }: ParsedArguments): Promise<CommandResult> {
  const [verb = 'show', ...rest] = args
  if (given.yes && verb !== 'sweep') return usage(`“retention ${verb}” does not take --yes.`)
  if (verb === 'set') return setRule(house, rest)
  if (rest.length > 0) return usage(`“retention ${verb}” does not take “${rest[0]}”.`)
  if (verb === 'show') return showRules(house)
  if (verb === 'preview') {
    const preview = await house.retention.preview()
    const { token: _, ...shown } = preview
    return done(shown, previewLines(preview))
  }
  if (verb === 'sweep') return sweep(house, given.yes ?? false)
  return usage(`There is no “retention ${verb}”. There are: show, preview, sweep and set.`)
}

async function showRules(house: House): Promise<CommandResult> {
  const { rules, agreedAtMs, lastSweepAtMs } = await house.retention.rules()
  return done({ rules, agreedAtMs, lastSweepAtMs }, [
    ...columns(
      rules.map((rule) => [rule.kind, keptWords(rule), count(rule.items, 'item'), sizeWords(rule.bytes), rule.title]),
    ),
    agreedAtMs === null
      ? 'Nothing is swept by itself yet. Look with: inkwell retention preview, then: inkwell retention sweep --yes'
      : `The app sweeps daily. Last sweep: ${lastSweepAtMs === null ? 'none yet' : dateOf(lastSweepAtMs)}.`,
  ])
}

async function sweep(house: House, yes: boolean): Promise<CommandResult> {
  const preview = await house.retention.preview()
  if (!yes)
    return {
      ...usage('Nothing was swept. Say --yes to let go what is listed.'),
      lines: previewLines(preview),
    }
  const swept = await house.retention.sweep(preview.token)
  if (!swept.ok) return failed(swept.error)
  return done({ ...swept.value, kinds: preview.kinds }, [
    `Swept ${count(swept.value.items, 'item')}, ${sizeWords(swept.value.bytes)}. From now on the app does so daily.`,
    ...preview.kinds.flatMap(({ title, spared }) => (spared === null ? [] : [`${title}: ${spared}`])),
  ])
}

async function setRule(house: House, [name, value, ...rest]: readonly string[]): Promise<CommandResult> {
  const kind = RetentionKind.safeParse(name)
  if (!kind.success || value === undefined || rest.length > 0)
    return usage(
      `Say which rule and how many days: inkwell retention set KIND DAYS|never. Kinds: ${RetentionKind.options.join(', ')}.`,
    )
  const size = /^(\d+(?:\.\d+)?) ?(MB|GB)$/i.exec(value)
  const days = Number(value)
  if (!size && value !== 'never' && !(Number.isInteger(days) && days >= 1 && days <= 36_500))
    return usage(`“${value}” is no number of days (1 to 36,500), and not “never”.`)
  const set = await house.retention.set(
    size
      ? { kind: kind.data, maxBytes: Math.round(Number(size[1]) * (size[2]!.toUpperCase() === 'GB' ? 1e9 : 1e6)) }
      : value === 'never'
        ? { kind: kind.data, days: null, maxBytes: null }
        : { kind: kind.data, days },
  )
  return set.ok ? done(set.value, [`${set.value.title}: ${keptWords(set.value)}.`]) : failed(set.error)
}

const keptWords = ({ days, maxBytes }: RetentionRule): string =>
  [
    days === null && maxBytes === null ? 'kept' : '',
    days === null ? '' : `${count(days, 'day')}`,
    maxBytes === null ? '' : `at most ${sizeWords(maxBytes)}`,
  ]
    .filter(Boolean)
    .join(', ')

const sizeWords = (bytes: number): string =>
  bytes >= 1e9
    ? `${(bytes / 1e9).toFixed(1)} GB`
    : bytes >= 1e6
      ? `${(bytes / 1e6).toFixed(1)} MB`
      : `${Math.ceil(bytes / 1e3)} kB`

const previewLines = ({ kinds, items, bytes }: SweepPreview): string[] => [
  ...kinds.flatMap((kind) => [
    ...(kind.items > 0
      ? [
          `${kind.title}: ${count(kind.items, 'item')}, ${sizeWords(kind.bytes)}`,
          ...kind.examples.map((words) => `    ${words}`),
          ...(kind.items > kind.examples.length
            ? [`    and ${(kind.items - kind.examples.length).toLocaleString('en')} more`]
            : []),
        ]
      : []),
    ...(kind.spared === null ? [] : [`${kind.items > 0 ? '    ' : `${kind.title}: `}${kind.spared}`]),
  ]),
  items === 0 ? 'Nothing is old enough to go.' : `In all ${count(items, 'item')}, ${sizeWords(bytes)}.`,
]

const usage = (message: string): CommandResult => failed({ code: 'usage', message, retryable: false })
