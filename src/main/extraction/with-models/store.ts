import { createHash } from 'node:crypto'
import type { ModelChoice } from '#shared/contract/models.ts'
import type { ModelAnswer } from '../../services-models.ts'
import type { Reader, Transaction } from '../../storage/storage.ts'

/** An answer that was paid for. */
export interface KeptAnswer {
  readonly text: string
  readonly finish: ModelAnswer['finish']
  readonly choice: ModelChoice
  readonly costMicroUsd: number | null
}
interface AnswerRow {
  readonly provider: string
  readonly model: string
  readonly finish: ModelAnswer['finish']
  readonly text: string
  readonly text_sha256: string
  readonly cost_micro_usd: number | null
}

const sha256 = (text: string): string => createHash('sha256').update(text.toWellFormed()).digest('hex')

/** Kept answers are named by everything that makes them what they are. */
export const answerKey = (parts: readonly (string | number | null)[]): string => sha256(JSON.stringify(parts))

export const answerStore = {
  /** Null when there is none that may be used, also when its text rotted. */
  get(reader: Reader, key: string): KeptAnswer | null {
    const row = reader.get<AnswerRow>('SELECT * FROM extraction_answers WHERE key = ? AND usable = 1', [key])
    if (!row || row.text_sha256 !== sha256(row.text)) return null
    const { text, finish, provider, model, cost_micro_usd } = row
    return { text, finish, choice: { providerId: provider, model }, costMicroUsd: cost_micro_usd }
  },
  put(tx: Transaction, key: string, answer: ModelAnswer, nowMs: number): void {
    tx.run(
      `INSERT OR REPLACE INTO extraction_answers
         (key, provider, model, finish, text, text_sha256, cost_micro_usd, usable, made_at_ms, used_at_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?)`,
      [
        key,
        answer.choice.providerId,
        answer.choice.model,
        answer.finish,
        answer.text,
        sha256(answer.text),
        answer.costMicroUsd,
        nowMs,
        nowMs,
      ],
    )
  },
  /** The text stays until it is bought again; it is not used any more. */
  refuse: (tx: Transaction, keys: readonly string[]): void => {
    for (const key of keys) tx.run('UPDATE extraction_answers SET usable = 0 WHERE key = ?', [key])
  },
  touch: (tx: Transaction, key: string, nowMs: number): void =>
    void tx.run('UPDATE extraction_answers SET used_at_ms = ? WHERE key = ?', [nowMs, key]),
  has: (reader: Reader, key: string): boolean =>
    reader.get('SELECT 1 FROM extraction_answers WHERE key = ? AND usable = 1', [key]) !== undefined,
  /** What a job has been charged so far. @param of one template alone */
  spentOn(reader: Reader, jobId: string, of: { readonly templateName: string } | null = null): Spent {
    return reader.get<Spent>(
      `SELECT count(*) AS entries, coalesce(sum(cost_micro_usd), 0) AS costMicroUsd,
         count(*) FILTER (WHERE amount_kind = 'unknown') AS unknown,
         count(*) FILTER (WHERE amount_kind = 'estimated') AS estimated
       FROM cost_entries WHERE job_id = ? ${of ? 'AND template_name = ?' : ''}`,
      of ? [jobId, of.templateName] : [jobId],
    )!
  },
}

/** Charges in the ledger; those of unknown amount are in no sum. */
export interface Spent {
  readonly entries: number
  readonly costMicroUsd: number
  readonly unknown: number
  readonly estimated: number
}
