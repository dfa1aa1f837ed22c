import { z } from 'zod'
import { readSetting, writeSetting } from '../settings/store.ts'
import type { Reader, Storage } from '../storage/storage.ts'

const KitRecord = z.object({
  madeAtMs: z.number().int(),
  secrets: z.number().int(),
  testedAtMs: z.number().int().nullable(),
  /** Of every secret in it (marks.ts). */
  marks: z.array(z.string()),
})
/** What a profile remembers of its last kit: nothing by which it could be found or opened. */
export type KitRecord = z.infer<typeof KitRecord>

export const readRecord = (reader: Reader): KitRecord | null => {
  const record = KitRecord.safeParse(readSetting(reader, 'kit'))
  return record.success ? record.data : null
}

/** The audit row leaves the marks out: they are no facts for people. */
export function saveRecord(storage: Storage, action: string, record: KitRecord, nowMs: number): void {
  storage.write(action, (tx) => {
    const before = readRecord(tx)
    writeSetting(tx, 'kit', record, nowMs)
    tx.audit('kit', before && facts(before), facts(record))
  })
}
const facts = ({ madeAtMs, secrets, testedAtMs }: KitRecord) => ({ madeAtMs, secrets, testedAtMs })
