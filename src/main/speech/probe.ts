import { ok, type Result } from '#shared/result.ts'
import type { CatalogueModel } from './catalogue.ts'
import type { EngineFailure, SpeechEngine } from './engine-client.ts'
import { recogniserIn } from './structure.ts'

/** Runs the model over 22 seconds of speech that come with Inkwell, loaded already. */
export async function probeModel(
  {
    engine,
    vadPath,
    probeWavPath,
    threads,
  }: { engine: SpeechEngine; vadPath: string; probeWavPath: string; threads: number },
  model: CatalogueModel,
  folder: string,
  signal: AbortSignal,
): Promise<Result<{ realTimeFactor: number }, EngineFailure>> {
  const files = recogniserIn(folder)
  if (!files) throw new Error(`${model.id} is ready but holds no recogniser`)
  const language = model.languages.includes('en') ? 'en' : (model.languages[0] ?? null)
  const ran = await engine.run(
    'transcribe',
    { wavPath: probeWavPath, vadPath, recogniser: { files, language, threads } },
    { signal },
  )
  return ran.ok ? ok({ realTimeFactor: Math.max(0.001, ran.value.workMs / 1000 / ran.value.seconds) }) : ran
}
