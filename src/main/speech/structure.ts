import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { RecogniserFiles } from './engine/protocol.ts'

/** The smaller, quicker file of two that do. */
const pick = (names: readonly string[], pattern: RegExp): string | undefined =>
  names
    .filter((name) => pattern.test(name))
    .sort((a, b) => Number(/int8/.test(b)) - Number(/int8/.test(a)) || a.length - b.length)[0]

/**
 * What kind of recogniser a folder holds, by the names that exports of sherpa-onnx have. Null when it is none that
 * Inkwell runs.
 */
export function recogniserIn(folder: string): RecogniserFiles | null {
  const names = readdirSync(folder)
  const at = (name: string): string => join(folder, name)
  const tokens = pick(names, /tokens\.txt$/)
  if (tokens === undefined) return null
  const [encoder, decoder, joiner] = [
    /(?:^|-)encoder.*\.onnx$/,
    /(?:^|-)decoder.*\.onnx$/,
    /(?:^|-)joiner.*\.onnx$/,
  ].map((part) => pick(names, part))
  if (encoder && decoder && joiner)
    return { kind: 'transducer', encoder: at(encoder), decoder: at(decoder), joiner: at(joiner), tokens: at(tokens) }
  if (encoder && decoder) return { kind: 'whisper', encoder: at(encoder), decoder: at(decoder), tokens: at(tokens) }
  const preprocessor = pick(names, /^preprocess.*\.onnx$/)
  const parts = [/^encode.*\.onnx$/, /^uncached_decode.*\.onnx$/, /^cached_decode.*\.onnx$/].map((part) =>
    pick(names, part),
  )
  if (preprocessor && parts.every((part) => part !== undefined))
    return {
      kind: 'moonshine',
      preprocessor: at(preprocessor),
      encoder: at(parts[0]!),
      uncachedDecoder: at(parts[1]!),
      cachedDecoder: at(parts[2]!),
      tokens: at(tokens),
    }
  const model = pick(names, /^model.*\.onnx$/)
  return model ? { kind: 'sense-voice', model: at(model), tokens: at(tokens) } : null
}
