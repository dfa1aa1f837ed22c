import type { CatalogueModel } from './catalogue.ts'
import type { FolderState } from './model-folder.ts'
import type { Speed } from './speed.ts'

/** `3 h 20 min`, `12 min`, `40 s`: whole, for a sentence. */
export function timeInWords(seconds: number): string {
  if (seconds < 55) return `${Math.max(1, Math.round(seconds))} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const rest = minutes % 60
  return rest === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${rest} min`
}

/** `1:02:03`, `12:00`. */
export function clockTime(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const two = (value: number): string => String(value).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}

export const sizeInWords = (bytes: number): string =>
  bytes >= 1e9 ? `${(bytes / 1e9).toFixed(2)} GB` : `${Math.max(1, Math.round(bytes / 1e6))} MB`

/** What a model does now, or what is wrong and what to do. */
export function wordsOf(
  model: CatalogueModel,
  {
    state,
    wrong,
    fraction,
    problem,
    speed,
  }: FolderState & { fraction: number; problem: string | null; speed: Speed | null },
): string {
  if (state === 'damaged')
    return `Damaged: ${wrong.join(', ') || 'a file'} is not as it was. Download it again: only what is damaged is fetched.`
  if (problem !== null) return problem
  if (state === 'paused')
    return `Paused at ${Math.floor(fraction * 100)} % of ${sizeInWords(model.bytes)}. What is here is kept.`
  if (state === 'absent') return `Not on this computer. ${sizeInWords(model.bytes)} to download.`
  if (speed === null) return 'Ready. How fast it is here is not measured yet.'
  const anHour = timeInWords(speed.realTimeFactor * 3600)
  return speed.isMeasured
    ? `Ready. An hour takes about ${anHour} here.`
    : `Ready. An hour takes perhaps ${anHour} here; not measured yet.`
}
