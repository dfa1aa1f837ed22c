import type { ModelInfo } from '#shared/contract/models.ts'
import type { Reader, Transaction } from '../storage/storage.ts'

/** A model as its provider lists it. */
export type ListedModel = Omit<ModelInfo, 'price' | 'providerId'>
/** What came of the last look at a provider. */
export interface Look {
  readonly lookedAtMs: number
  /** When the list that is kept was read; null while there is none. */
  readonly listedAtMs: number | null
  readonly problem: { readonly code: string; readonly message: string; readonly atMs: number } | null
}
interface LookRow {
  looked_at_ms: number
  listed_at_ms: number | null
  problem_code: string | null
  problem_message: string | null
  problem_at_ms: number | null
}
interface ModelRow {
  provider_id: string
  id: string
  title: string
  context_length: number | null
  does_text: number
  does_transcription: number
}

/** Caches: everything here can be asked again. */
export const modelStore = {
  look: (reader: Reader, providerId: string): Look | null => {
    const row = reader.get<LookRow>('SELECT * FROM provider_looks WHERE provider_id = ?', [providerId])
    return row
      ? {
          lookedAtMs: row.looked_at_ms,
          listedAtMs: row.listed_at_ms,
          problem:
            row.problem_code === null
              ? null
              : { code: row.problem_code, message: row.problem_message ?? '', atMs: row.problem_at_ms ?? 0 },
        }
      : null
  },
  putLook: (tx: Transaction, providerId: string, look: Look) => {
    tx.run(
      `INSERT OR REPLACE INTO provider_looks
         (provider_id, looked_at_ms, listed_at_ms, problem_code, problem_message, problem_at_ms) VALUES (?, ?, ?, ?, ?, ?)`,
      [
        providerId,
        look.lookedAtMs,
        look.listedAtMs,
        look.problem?.code ?? null,
        look.problem?.message ?? null,
        look.problem?.atMs ?? null,
      ],
    )
  },
  models: (reader: Reader, providerId: string): ListedModel[] =>
    reader
      .all<ModelRow>('SELECT * FROM provider_models WHERE provider_id = ? ORDER BY position', [providerId])
      .map(listed),
  model: (reader: Reader, providerId: string, id: string): ListedModel | null => {
    const row = reader.get<ModelRow>('SELECT * FROM provider_models WHERE provider_id = ? AND id = ?', [providerId, id])
    return row ? listed(row) : null
  },
  putModels: (tx: Transaction, providerId: string, models: readonly ListedModel[]) => {
    tx.run('DELETE FROM provider_models WHERE provider_id = ?', [providerId])
    for (const [position, model] of models.entries())
      tx.run(
        `INSERT OR IGNORE INTO provider_models
           (provider_id, id, position, title, context_length, does_text, does_transcription) VALUES (?, ?, ?, ?, ?, ?, ?)`,
        [
          providerId,
          model.id,
          position,
          model.title,
          model.contextLength,
          Number(model.does.includes('text')),
          Number(model.does.includes('transcription')),
        ],
      )
  },
  forget: (tx: Transaction, providerId: string) => {
    tx.run('DELETE FROM provider_models WHERE provider_id = ?', [providerId])
    tx.run('DELETE FROM provider_looks WHERE provider_id = ?', [providerId])
  },
}

const listed = (row: ModelRow): ListedModel => ({
  id: row.id,
  title: row.title,
  contextLength: row.context_length,
  does: [
    ...(row.does_text ? (['text'] as const) : []),
    ...(row.does_transcription ? (['transcription'] as const) : []),
  ],
})
