import { mkdir, readdir, rm } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import type { SpeechModel, SpeechState } from '#shared/contract/speech.ts'
import { fail, ok, type Result } from '#shared/result.ts'
import type { FfmpegDecoder } from '../audio/decoder.ts'
import { howToGetFfmpeg } from '../audio/find-ffmpeg.ts'
import { shownPath } from '../compose/shown-path.ts'
import { createThrottle } from '../jobs/throttle.ts'
import type { Clock, Desktop, Downloader, Events, Log } from '../ports.ts'
import type { OfferedFiles } from '../services.ts'
import { freeBytes } from '../storage/disk-room.ts'
import type { Storage } from '../storage/storage.ts'
import type { Catalogue, CatalogueModel } from './catalogue.ts'
import { checkFfmpeg } from './decoder-choice.ts'
import type { SpeechEngine } from './engine-client.ts'
import { type FetchDeps, fetchModel } from './fetch-model.ts'
import { lookAt, markDamaged, readMarker, sha256Of } from './model-folder.ts'
import { readOption, type SpeechOption, writeOption } from './options.ts'
import { probeModel } from './probe.ts'
import { speedOf } from './speed.ts'
import { takeModel } from './take-model.ts'
import { wordsOf } from './words.ts'

export interface SpeechDeps {
  readonly storage: Storage
  readonly events: Events
  readonly clock: Clock
  readonly log: Log
  readonly catalogue: Catalogue
  readonly engine: SpeechEngine
  readonly decoder: FfmpegDecoder
  readonly downloader: Downloader
  readonly offeredFiles: OfferedFiles
  readonly desktop: Pick<Desktop, 'chooseFolder' | 'chooseFiles'> | null
  /** Absolute. */
  readonly profilePath: string
  /** Files that come with Inkwell, absolute paths outside of any archive. */
  readonly vadPath: string
  readonly probeWavPath: string
  readonly threads: number
  /** For tests. */
  readonly fetching?: Pick<FetchDeps, 'allowLocalHosts' | 'wait' | 'freeBytes'>
}
export type SpeechFailure =
  | 'no-such-model'
  | 'not-ready'
  | 'busy'
  | 'folder-refused'
  | 'not-available'
  | 'not-ffmpeg'
  | 'file-not-offered'
  | (string & {})
type Answer<Value> = Result<Value, SpeechFailure>
export type SpeechService = ReturnType<typeof createSpeechService>

/** Models for speech recognition on this computer: what there is, what is here, and how fast it is. */
export function createSpeechService(deps: SpeechDeps) {
  const { storage, events, clock, log, catalogue, desktop, profilePath } = deps
  const underWay = new Map<
    string,
    { stop: AbortController; fraction: number; words: string; done: Promise<Answer<null>> }
  >()
  /** Why the last download or probe of a model ended, until the next. */
  const problems = new Map<string, string>()
  const tellProgress = createThrottle<string>(300, (id) => {
    const running = underWay.get(id)
    if (running) events.emit('speech.progress', { id, fraction: running.fraction, words: running.words })
  })

  const modelsFolder = (): string => readOption(storage, 'speechFolder') ?? join(profilePath, 'models')
  const folderOf = (model: CatalogueModel): string => join(modelsFolder(), model.id)
  const find = (id: string): CatalogueModel | undefined => catalogue.find((model) => model.id === id)
  const changed = (): void => events.emit('speech.changed', {})
  const set = <N extends Parameters<typeof writeOption>[1]>(action: string, name: N, value: SpeechOption<N>): void => {
    storage.write(action, (tx) => writeOption(tx, name, value, clock.now()))
    changed()
  }
  const unknown = (id: string) => fail('no-such-model', `There is no speech model “${id}”.`)
  const pinOf = (key: string): string | null => readOption(storage, 'speechPins')?.[key] ?? null

  const isReady = async (model: CatalogueModel): Promise<boolean> =>
    !underWay.has(model.id) && (await lookAt(folderOf(model), model)).state === 'ready'
  /** The user's choice while it is there; else the first of the list that is. */
  const defaultModel = async (): Promise<CatalogueModel | null> => {
    const speaking = catalogue.filter(({ family }) => family !== 'diarisation')
    const chosen = speaking.find(({ id }) => id === readOption(storage, 'speechDefault'))
    for (const model of chosen ? [chosen, ...speaking] : speaking) if (await isReady(model)) return model
    return null
  }

  const shown = async (model: CatalogueModel, defaultId: string | null): Promise<SpeechModel> => {
    const running = underWay.get(model.id)
    const look = await lookAt(folderOf(model), model)
    const speed = speedOf(catalogue, readOption(storage, 'speechSpeeds') ?? {}, model)
    const state = running ? 'downloading' : look.state
    const fraction = running ? running.fraction : state === 'ready' ? 1 : Math.min(0.999, look.bytesHere / model.bytes)
    return {
      id: model.id,
      title: model.title,
      family: model.family,
      bytes: model.bytes,
      languages: [...model.languages],
      state,
      fraction,
      words: running
        ? running.words
        : wordsOf(model, { ...look, fraction, problem: problems.get(model.id) ?? null, speed }),
      realTimeFactor: speed?.realTimeFactor ?? null,
      speedIsMeasured: speed?.isMeasured ?? false,
      isDefault: model.id === defaultId,
    }
  }
  const model = async (id: string): Promise<Answer<SpeechModel>> => {
    const found = find(id)
    return found ? ok(await shown(found, (await defaultModel())?.id ?? null)) : unknown(id)
  }
  const state = async (): Promise<SpeechState> => {
    const defaultId = (await defaultModel())?.id ?? null
    const program = await deps.decoder.place()
    return {
      models: await Promise.all(catalogue.map((one) => shown(one, defaultId))),
      folderDisplay: shownPath(modelsFolder()) ?? modelsFolder(),
      freeBytes: await freeBytes(modelsFolder()).catch(() => freeBytes(profilePath).catch(() => 0)),
      decoder: {
        state: program === null ? 'missing' : 'found',
        pathDisplay: shownPath(program),
        words:
          program === null
            ? `Recordings are read with ffmpeg, and it is not on this computer. ${howToGetFfmpeg}`
            : 'ffmpeg is here.',
      },
      diarisation: readOption(storage, 'speechDiarisation') ?? true,
    }
  }

  /** Starts or resumes. @returns when it is at its end, for headless runs */
  const download = (id: string): Answer<{ done: Promise<Answer<null>> }> => {
    const found = find(id)
    if (!found) return unknown(id)
    const running = underWay.get(id)
    if (running) return ok({ done: running.done })
    const stop = new AbortController()
    problems.delete(id)
    const run = async (): Promise<Answer<null>> => {
      const got = await fetchModel(
        {
          ...deps.fetching,
          downloader: deps.downloader,
          pinOf,
          pin: (key, sha256) =>
            storage.write('speech.pin', (tx) =>
              writeOption(tx, 'speechPins', { ...readOption(tx, 'speechPins'), [key]: sha256 }, clock.now()),
            ),
        },
        found,
        folderOf(found),
        {
          signal: stop.signal,
          onProgress: (fraction, words) => {
            const entry = underWay.get(id)
            if (!entry) return
            Object.assign(entry, { fraction, words })
            tellProgress(id)
          },
        },
      )
      if (got.ok) log.info('speech.model-ready', { id })
      else if (got.error.code !== 'cancelled') problems.set(id, got.error.message)
      return got
    }
    const done = run().finally(() => {
      underWay.delete(id)
      changed()
    })
    // Nobody may be listening.
    done.catch((error: unknown) => log.error('speech.download-failed', { id, error }))
    underWay.set(id, { stop, fraction: 0, words: 'Asking for it', done })
    storage.write('speech.download', (tx) => tx.audit(`model:${id}`, null, { bytes: found.bytes }))
    changed()
    return ok({ done })
  }
  const pause = async (id: string): Promise<void> => {
    const running = underWay.get(id)
    running?.stop.abort()
    await running?.done.catch(() => null)
  }

  return {
    state,
    model,
    download,
    pause,
    async remove(id: string): Promise<Answer<{ freedBytes: number }>> {
      const found = find(id)
      if (!found) return unknown(id)
      await pause(id)
      deps.engine.rest()
      const { bytesHere } = await lookAt(folderOf(found), found)
      const folder = folderOf(found)
      // Only what is ours: the folder may be one that other programs use too.
      for (const { name } of found.files)
        for (const path of [name, `${name}.part`, `${name}.part.json`]) await rm(join(folder, path), { force: true })
      for (const name of ['ready.json', 'damaged.json']) await rm(join(folder, name), { force: true })
      if ((await readdir(folder).catch(() => ['?'])).length === 0) await rm(folder, { recursive: true, force: true })
      problems.delete(id)
      storage.write('speech.remove', (tx) => tx.audit(`model:${id}`, { bytes: bytesHere }, null))
      changed()
      return ok({ freedBytes: bytesHere })
    },
    /** Reads every byte again and compares. */
    async verify(id: string): Promise<Answer<SpeechModel>> {
      const found = find(id)
      if (!found) return unknown(id)
      if (underWay.has(id)) return fail('busy', `${found.title} is being fetched. Verify it afterwards.`)
      const folder = folderOf(found)
      const marker = await readMarker(folder)
      if (!marker) return model(id)
      const wrong: string[] = []
      for (const { name, sha256 } of found.files) {
        const expected = sha256 ?? marker.files[name]?.sha256
        if ((await sha256Of(join(folder, name)).catch(() => null)) !== expected) wrong.push(name)
      }
      if (wrong.length > 0) {
        deps.engine.rest()
        await markDamaged(folder, wrong)
        log.warn('speech.model-damaged', { id, wrong: wrong.length })
        changed()
      }
      return model(id)
    },
    /** @param path a folder with the model's files, or one of them; absolute */
    async importFrom(id: string, path: string): Promise<Answer<SpeechModel>> {
      const found = find(id)
      if (!found) return unknown(id)
      if (underWay.has(id)) return fail('busy', `${found.title} is being fetched. Stop that first, then import it.`)
      const taken = await takeModel(found, path, folderOf(found), pinOf)
      if (!taken.ok) return taken
      problems.delete(id)
      storage.write('speech.import', (tx) => tx.audit(`model:${id}`, null, { imported: true }))
      changed()
      return model(id)
    },
    async importModel(id: string, token: string | undefined): Promise<Answer<SpeechModel | null>> {
      if (token === undefined && !desktop)
        return fail('not-available', 'There is no window here to choose a folder in.')
      const path =
        token === undefined
          ? await desktop!.chooseFolder('Choose the folder of the model')
          : deps.offeredFiles.pathOf(token)
      if (path === null)
        return token === undefined
          ? ok(null)
          : fail('file-not-offered', 'This file is not on offer any more. Drop it again.')
      return this.importFrom(id, path)
    },
    async setDefault(id: string): Promise<Answer<null>> {
      const found = find(id)
      if (!found || found.family === 'diarisation') return unknown(id)
      if (!(await isReady(found)))
        return fail('not-ready', `${found.title} is not on this computer yet. Nothing was changed. Download it first.`)
      set('speech.setDefault', 'speechDefault', id)
      return ok(null)
    },
    setDiarisation: (on: boolean): void => set('speech.setDiarisation', 'speechDiarisation', on),
    /** Models that lie there are used from now on; those in the folder before stay where they are. */
    async useFolder(path: string): Promise<Answer<SpeechState>> {
      if (!isAbsolute(path))
        return fail('folder-refused', 'The folder of models needs its whole path. Nothing was changed.')
      try {
        await mkdir(join(path, '.inkwell-test'), { recursive: true })
        await rm(join(path, '.inkwell-test'), { recursive: true })
      } catch (error) {
        return fail(
          'folder-refused',
          `Inkwell cannot write to that folder (${(error as NodeJS.ErrnoException).code}). Nothing was changed.`,
        )
      }
      for (const id of [...underWay.keys()]) await pause(id)
      deps.engine.rest()
      set('speech.chooseFolder', 'speechFolder', path)
      return ok(await state())
    },
    async chooseFolder(): Promise<Answer<SpeechState | null>> {
      if (!desktop) return fail('not-available', 'There is no window here to choose a folder in.')
      const path = await desktop.chooseFolder('Choose a folder for speech models')
      return path === null ? ok(null) : this.useFolder(path)
    },
    async chooseDecoder(): Promise<Answer<SpeechState | null>> {
      if (!desktop) return fail('not-available', 'There is no window here to choose a program in.')
      const [path] = await desktop.chooseFiles('Choose ffmpeg', process.platform === 'win32' ? ['exe'] : ['*'])
      if (path === undefined) return ok(null)
      const checked = await checkFfmpeg(path)
      if (!checked.ok) return checked
      set('speech.chooseDecoder', 'speechFfmpeg', path)
      return ok(await state())
    },
    async probe(id: string, signal: AbortSignal = new AbortController().signal): Promise<Answer<SpeechModel>> {
      const found = find(id)
      if (!found || found.family === 'diarisation') return unknown(id)
      if (!(await isReady(found)))
        return fail('not-ready', `${found.title} is not on this computer yet. Download it first.`)
      const measured = await probeModel(deps, found, folderOf(found), signal)
      if (!measured.ok) {
        problems.set(id, measured.error.message)
        changed()
        return measured
      }
      problems.delete(id)
      this.keepSpeed(id, measured.value.realTimeFactor)
      return model(id)
    },
    /** From a probe or from real work. Not a change of the user's, but one that all later estimates rest on. */
    keepSpeed(id: string, realTimeFactor: number): void {
      storage.write('speech.measure', (tx) =>
        writeOption(
          tx,
          'speechSpeeds',
          { ...readOption(tx, 'speechSpeeds'), [id]: { realTimeFactor, atMs: clock.now() } },
          clock.now(),
        ),
      )
      changed()
    },
    /** For the rung. */
    defaultModel,
    async readyModels(): Promise<CatalogueModel[]> {
      const ready = await Promise.all(catalogue.map(isReady))
      return catalogue.filter((one, index) => ready[index] && one.family !== 'diarisation')
    },
    /** It could not be loaded: every byte is looked at, so that a damaged one is not tried again. */
    async doubt(id: string): Promise<void> {
      const looked = await this.verify(id)
      if (looked.ok && looked.value.state === 'ready')
        problems.set(
          id,
          'Its files are as they were downloaded, but it cannot be loaded here: there may be too little memory. Choose a smaller model.',
        )
      changed()
    },
    folderOf,
    speedOf: (one: CatalogueModel) => speedOf(catalogue, readOption(storage, 'speechSpeeds') ?? {}, one),
    /** The models that tell speakers apart, when they are there and wanted. */
    async diarisationFolder(): Promise<string | null> {
      if (readOption(storage, 'speechDiarisation') === false) return null
      const found = catalogue.find(({ family }) => family === 'diarisation')
      return found && (await isReady(found)) ? folderOf(found) : null
    },
    async close(): Promise<void> {
      for (const id of [...underWay.keys()]) await pause(id)
      deps.engine.close()
    },
  }
}
