import {
  type Assignment,
  type ModelChoice,
  type ModelInfo,
  ModelTask,
  type Provider,
  ProviderId,
} from '#shared/contract/models.ts'
import type { House } from '../compose.ts'
import type { ParsedArguments } from './arguments.ts'
import type { CommandResult, Io } from './output.ts'
import { columns, count, done, failed } from './words.ts'

type Run = (house: House, args: readonly string[], parsed: ParsedArguments, io: Io) => Promise<CommandResult>

/** `inkwell models list|providers|check|set-key|remove-key|assign|add-server|remove-server`. */
export async function modelProviders(house: House, parsed: ParsedArguments, io: Io): Promise<CommandResult> {
  const [verb = 'providers', ...args] = parsed.args
  const command = Object.hasOwn(verbs, verb) ? verbs[verb as keyof typeof verbs] : undefined
  if (!command) return usage(`There is no “models ${verb}”. There are: ${Object.keys(verbs).join(', ')}.`)
  const [run, least, most, needs] = command
  if (args.length < least) return usage(`“models ${verb}” needs ${needs}.`)
  if (args.length > most) return usage(`“models ${verb}” does not take “${args[most]}”.`)
  if (parsed.given['needs-key'] && verb !== 'add-server') return usage(`“models ${verb}” does not take --needs-key.`)
  if (parsed.given['keep-anyway'] && verb !== 'set-key') return usage(`“models ${verb}” does not take --keep-anyway.`)
  return run(house, args, parsed, io)
}

const providers: Run = async ({ models }) => {
  const all = models.providers()
  const assignments = models.assignments()
  return done({ providers: all, assignments }, [
    ...columns(all.map(providerLine)),
    '',
    ...columns(assignments.map(assignmentLine)),
  ])
}

const list: Run = async ({ models }, [providerId]) => {
  if (providerId !== undefined && !models.providers().some(({ id }) => id === providerId)) return unknown(providerId)
  const all = models.list(providerId)
  return done(
    all,
    all.length === 0
      ? ['No list of models is known yet. Ask for one: inkwell models check <provider>']
      : columns(all.map(modelLine)),
  )
}

const check: Run = async ({ models }, args) => {
  const ids = args.length > 0 ? args : models.providers().flatMap(({ id, key }) => (key === 'missing' ? [] : [id]))
  const checked: Provider[] = []
  for (const id of ids) {
    const one = await models.check(id)
    if (!one.ok) return failed(one.error)
    checked.push(one.value)
  }
  const lines = checked.map(({ title, id, problem }) =>
    problem === null ? `${title}: ${count(models.list(id).length, 'model')}.` : `${title}: ${problem.message}`,
  )
  if (checked.length === 0) lines.push('There is no provider to check yet. Enter a key: inkwell models set-key claude')
  const problem = checked.find((one) => one.problem !== null)?.problem
  return problem
    ? { ...failed({ code: problem.code, message: problem.message, retryable: true }), data: { providers: checked } }
    : done({ providers: checked }, lines)
}

const setKey: Run = async ({ models }, [id], parsed, io) => {
  // Never an argument: every program of this computer could read it there.
  const key = (await io.stdin()).trim()
  if (key === '') return usage('The key is read from standard input, and nothing came.')
  const kept = await models.setKey({ id: id!, key, where: 'keychain', keepAnyway: parsed.given['keep-anyway'] })
  if (!kept.ok) return failed(kept.error)
  const { title, problem } = kept.value
  return done(kept.value, [
    problem === null
      ? `${title} takes the key; it is in the keychain. ${count(models.list(id).length, 'model')} can be chosen.`
      : `The key for ${title} is in the keychain, but could not be tried: ${problem.message}`,
  ])
}

const removeKey: Run = async ({ models }, [id]) => {
  const removed = await models.removeKey(id!)
  return removed.ok ? done(removed.value, [`${removed.value.title}: the key is removed.`]) : failed(removed.error)
}

const assign: Run = async ({ models }, [task, first, second]) => {
  const known = ModelTask.safeParse(task)
  if (!known.success) return usage(`There is no task “${task}”. There are: ${ModelTask.options.join(', ')}.`)
  const choice = readChoice(first!)
  const fallback = second === undefined || second === 'none' ? null : readChoice(second)
  if (choice === null || (fallback === null && second !== undefined && second !== 'none'))
    return usage('Name a model as <provider>/<model>, e.g. claude/claude-sonnet-5, or “offline”.')
  const assigned = models.assign(known.data, { choice, fallback })
  return assigned.ok ? done(assigned.value, columns(assigned.value.map(assignmentLine))) : failed(assigned.error)
}

const addServer: Run = async ({ models }, [id, address], parsed) => {
  const preset = models.presets().find((one) => one.id === id)
  const baseUrl = address ?? preset?.baseUrl
  if (!ProviderId.safeParse(id).success)
    return usage(`“${id}” cannot be the name of a server: small letters, digits and dashes.`)
  if (baseUrl === undefined) return usage(`Say where “${id}” is: inkwell models add-server ${id} http://…/v1`)
  const saved = await models.saveServer({
    id: id!,
    title: preset?.title ?? id!,
    baseUrl,
    needsKey: parsed.given['needs-key'] ?? (address === undefined && (preset?.needsKey ?? false)),
  })
  if (!saved.ok) return failed(saved.error)
  return done(saved.value, [
    `${saved.value.title} is saved: ${saved.value.baseUrl}. ${
      saved.value.key === 'missing'
        ? `Give its key: inkwell models set-key ${id}`
        : `Look at its models: inkwell models check ${id}`
    }`,
  ])
}

const removeServer: Run = async ({ models }, [id]) => {
  const removed = await models.removeServer(id!)
  return removed.ok ? done({ id: id! }, [`${id} is removed, with its key.`]) : failed(removed.error)
}

const verbs = {
  providers: [providers, 0, 0, ''],
  list: [list, 0, 1, ''],
  check: [check, 0, 100, ''],
  'set-key': [setKey, 1, 1, 'the name of a provider, e.g. claude'],
  'remove-key': [removeKey, 1, 1, 'the name of a provider'],
  assign: [assign, 2, 3, 'a task and a model'],
  'add-server': [addServer, 1, 2, 'a name and an address'],
  'remove-server': [removeServer, 1, 1, 'the name of a server'],
} as const satisfies Record<string, readonly [Run, number, number, string]>

function readChoice(text: string): ModelChoice | null {
  if (text === 'offline') return { providerId: 'offline', model: 'offline' }
  const at = text.indexOf('/')
  const providerId = ProviderId.safeParse(text.slice(0, Math.max(0, at)))
  const model = text.slice(at + 1)
  return providerId.success && model !== '' && model.length <= 200 ? { providerId: providerId.data, model } : null
}

const keyWords = { set: 'key kept', missing: 'no key', session: 'key for this session', 'not-needed': 'no key needed' }
const providerLine = ({ id, key, baseUrl, problem }: Provider): string[] => [
  id,
  keyWords[key],
  baseUrl ?? '',
  problem?.message ?? '',
]
const named = ({ providerId, model }: ModelChoice): string =>
  providerId === 'offline' ? 'offline' : `${providerId}/${model}`
const assignmentLine = ({ task, choice, fallback, microUsdPerHour, problem }: Assignment): string[] => [
  task,
  named(choice),
  fallback ? `or ${named(fallback)}` : '',
  microUsdPerHour === null
    ? 'price not known'
    : microUsdPerHour === 0
      ? 'free'
      : `about $${(microUsdPerHour / 1e6).toFixed(2)} an hour of talk`,
  problem?.message ?? '',
]
const modelLine = ({ providerId, id, contextLength, does, price }: ModelInfo): string[] => [
  `${providerId}/${id}`,
  does.join(' '),
  contextLength === null ? '' : `${contextLength.toLocaleString('en')} tokens`,
  price?.inputPerMillion == null || price.outputPerMillion == null
    ? price?.audioPerHour == null
      ? 'price not known'
      : `$${(price.audioPerHour / 1e6).toFixed(2)} an hour`
    : `$${(price.inputPerMillion / 1e6).toFixed(2)} in, $${(price.outputPerMillion / 1e6).toFixed(2)} out a million`,
]

const unknown = (id: string): CommandResult =>
  failed({ code: 'no-such-provider', message: `There is no provider called “${id}”.`, retryable: false })
const usage = (message: string): CommandResult => failed({ code: 'usage', message, retryable: false })
