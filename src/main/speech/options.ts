import { z } from 'zod'
import type { Json } from '#shared/result.ts'
import { readSetting, writeSetting } from '../settings/store.ts'
import type { Reader, Transaction } from '../storage/storage.ts'

/** What this feature keeps among the settings. */
const shapes = {
  /** Absolute folder of models that the user chose; null: in the profile. */
  speechFolder: z.string().nullable(),
  speechDefault: z.string().nullable(),
  speechDiarisation: z.boolean().nullable(),
  /** Absolute path of ffmpeg that the user chose. */
  speechFfmpeg: z.string().nullable(),
  /** Largest recording that is fetched, bytes. */
  speechRecordingBytes: z.number().int().positive().nullable(),
  /** By model: measured work for a second of talk. */
  speechSpeeds: z.record(z.string(), z.object({ realTimeFactor: z.number().positive(), atMs: z.number() })).nullable(),
  /** By `model/file`: what the first download of a file with no known hash had. */
  speechPins: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)).nullable(),
} as const
type Name = keyof typeof shapes
export type SpeechOption<N extends Name> = z.infer<(typeof shapes)[N]>

/** Null when it was never set, or is not as it should be. */
export function readOption<N extends Name>(reader: Reader, name: N): SpeechOption<N> {
  const read = shapes[name].safeParse(readSetting(reader, name) ?? null)
  return (read.success ? read.data : null) as SpeechOption<N>
}

export function writeOption<N extends Name>(tx: Transaction, name: N, value: SpeechOption<N>, nowMs: number): void {
  tx.audit(`setting:${name}`, readSetting(tx, name) ?? null, value as Json)
  writeSetting(tx, name, value as Json, nowMs)
}
