import { resolve } from 'node:path'
import type { SpeechModel } from '#shared/contract/speech.ts'
import type { House } from '../compose.ts'
import type { ParsedArguments } from './arguments.ts'
import { type CommandResult, createProgressLine, exitCodes, type Io } from './output.ts'
import { columns, done, failed } from './words.ts'

type Run = (house: House, args: readonly string[], io: Io) => Promise<CommandResult>

const sizeOf = (bytes: number): string =>
  bytes >= 1e9 ? `${(bytes / 1e9).toFixed(2)} GB` : `${Math.round(bytes / 1e6)} MB`

/** `inkwell speech [list|download|import|remove|verify|probe|default|folder]`. */
export async function speechModels(house: House, parsed: ParsedArguments, io: Io): Promise<CommandResult> {
  const [verb = 'list', ...args] = parsed.args
  const command = Object.hasOwn(verbs, verb) ? verbs[verb as keyof typeof verbs] : undefined
  if (!command) return usage(`There is no “speech ${verb}”. There are: ${Object.keys(verbs).join(', ')}.`)
  const [run, needs] = command
  if (args.length < needs.length) return usage(`“speech ${verb}” needs ${needs.join(' and ')}.`)
  if (args.length > needs.length) return usage(`“speech ${verb}” does not take “${args[needs.length]}”.`)
  return run(house, args, io)
}

const list: Run = async ({ speech }) => {
  const state = await speech.state()
  return done(state, [
    ...columns(
      state.models.map((model) => [
        `${model.isDefault ? '*' : ' '} ${model.id}`,
        sizeOf(model.bytes),
        languagesOf(model),
        model.words,
      ]),
    ),
    '',
    `Folder: ${state.folderDisplay}, ${sizeOf(state.freeBytes)} free.`,
    state.decoder.state === 'found' ? `ffmpeg: ${state.decoder.pathDisplay}` : state.decoder.words,
  ])
}

const languagesOf = ({ family, languages }: SpeechModel): string =>
  family === 'diarisation'
    ? 'tells speakers apart'
    : languages.length > 5
      ? `${languages.length} languages`
      : languages.join(', ')

const download: Run = async ({ speech, events }, [id], io) => {
  const line = createProgressLine(io)
  const stop = events.on('speech.progress', ({ words }) => line.show(id!, words))
  const onInterrupt = (): void => void speech.pause(id!)
  io.interrupted.addEventListener('abort', onInterrupt, { once: true })
  try {
    const started = speech.download(id!)
    if (!started.ok) return failed(started.error)
    const got = await started.value.done
    if (got.ok) return await said(speech.model(id!))
    return io.interrupted.aborted ? { ...failed(got.error), exitCode: exitCodes.interrupted } : failed(got.error)
  } finally {
    io.interrupted.removeEventListener('abort', onInterrupt)
    stop()
    line.clear()
  }
}

const importModel: Run = ({ speech }, [id, path], io) => said(speech.importFrom(id!, resolve(io.cwd, path!)))
const verify: Run = async ({ speech }, [id]) => {
  const looked = await speech.verify(id!)
  if (!looked.ok) return failed(looked.error)
  const { state, words, title } = looked.value
  if (state === 'damaged') return failed({ code: 'model-damaged', message: `${title}: ${words}`, retryable: false })
  return done(looked.value, [`${title}: ${words}`])
}
const probe: Run = ({ speech }, [id], io) => said(speech.probe(id!, io.interrupted))
const setDefault: Run = async ({ speech }, [id]) => {
  const set = await speech.setDefault(id!)
  return set.ok ? said(speech.model(id!)) : failed(set.error)
}
const remove: Run = async ({ speech }, [id]) => {
  const removed = await speech.remove(id!)
  return removed.ok
    ? done(removed.value, [`Removed, ${sizeOf(removed.value.freedBytes)} freed.`])
    : failed(removed.error)
}
const folder: Run = async ({ speech }, [path], io) => {
  const used = await speech.useFolder(resolve(io.cwd, path!))
  return used.ok
    ? done(used.value, [`Models are kept in ${used.value.folderDisplay} from now on.`])
    : failed(used.error)
}

async function said(answer: ReturnType<House['speech']['model']>): Promise<CommandResult> {
  const got = await answer
  return got.ok ? done(got.value, [`${got.value.title}: ${got.value.words}`]) : failed(got.error)
}

const model = 'a model (see: inkwell speech list)'
const verbs = {
  list: [list, []],
  download: [download, [model]],
  import: [importModel, [model, 'its folder']],
  remove: [remove, [model]],
  verify: [verify, [model]],
  probe: [probe, [model]],
  default: [setDefault, [model]],
  folder: [folder, ['a folder']],
} as const satisfies Record<string, readonly [Run, readonly string[]]>

const usage = (message: string): CommandResult => failed({ code: 'usage', message, retryable: false })
