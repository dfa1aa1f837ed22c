import { z } from 'zod'
import { ModelChoice, ModelTask, ProviderId } from '#shared/contract/models.ts'
import type { Json } from '#shared/result.ts'
import { readSetting, writeSetting } from '../settings/store.ts'
import type { Reader, Transaction } from '../storage/storage.ts'
import { readBaseUrl } from './address.ts'

const Server = z.object({
  id: ProviderId,
  title: z.string(),
  /** What a rotten row or another program put there must not get a key. */
  baseUrl: z.string().refine((text) => readBaseUrl(text).ok),
  needsKey: z.boolean(),
})
export type Server = z.infer<typeof Server>
/** Where a key is, and which origin it was given for: it is sent to no other. Keys of this session are in memory only. */
const KeyNote = z.object({ origin: z.string() })
export type KeyNote = z.infer<typeof KeyNote>
const Assigned = z.object({ choice: ModelChoice, fallback: ModelChoice.nullable() })
export type Assigned = z.infer<typeof Assigned>

/** What cannot be read (of a newer Inkwell) is left out, not taken for something else. */
const each = <Item>(schema: z.ZodType<Item>, value: Json | undefined): Item[] =>
  Array.isArray(value) ? value.flatMap((item) => schema.safeParse(item).data ?? []) : []
const byKey = <Item>(schema: z.ZodType<Item>, value: Json | undefined): Record<string, Item> =>
  Object.fromEntries(
    Object.entries(typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}).flatMap(
      ([key, item]) => {
        const parsed = schema.safeParse(item)
        return parsed.success ? [[key, parsed.data] as const] : []
      },
    ),
  )

const read = (reader: Reader, name: keyof Written): Json | undefined => readSetting(reader, `models.${name}`)

export const readServers = (reader: Reader): Server[] => each(Server, read(reader, 'servers'))
/** Newest first. */
export const readRemovedServers = (reader: Reader): Server[] => each(Server, read(reader, 'removedServers'))
export const readKeyNotes = (reader: Reader): Record<string, KeyNote> => byKey(KeyNote, read(reader, 'keys'))
export const readAssignments = (reader: Reader): Partial<Record<ModelTask, Assigned>> => {
  const all = byKey(Assigned, read(reader, 'assignments'))
  return Object.fromEntries(ModelTask.options.flatMap((task) => (all[task] ? [[task, all[task]]] : [])))
}
export const readTemplateChoices = (reader: Reader): Record<string, ModelChoice> =>
  byKey(ModelChoice, read(reader, 'templateChoices'))

interface Written {
  readonly servers: readonly Server[]
  readonly removedServers: readonly Server[]
  readonly keys: Readonly<Record<string, KeyNote>>
  readonly assignments: Partial<Record<ModelTask, Assigned>>
  readonly templateChoices: Readonly<Record<string, ModelChoice>>
}
export const writeModels = <Name extends keyof Written>(
  tx: Transaction,
  name: Name,
  value: Written[Name],
  nowMs: number,
): void => writeSetting(tx, `models.${name}`, value as unknown as Json, nowMs)
