import { createHash } from 'node:crypto'
import type { TemplatePrompt } from '../services.ts'
import type { Reader, Transaction } from '../storage/storage.ts'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Prompts of jobs by their hash: a job makes what the template said when it was started, and 10,000 jobs share one. */
export const promptStore = {
  put(tx: Transaction, prompt: TemplatePrompt): string {
    const json = JSON.stringify(prompt).toWellFormed()
    const sha = sha256(json)
    tx.run('INSERT OR IGNORE INTO job_prompts (sha256, prompt_json) VALUES (?, ?)', [sha, json])
    return sha
  },
  /** Null when it is not there or not as it was written. */
  get(reader: Reader, sha: string): TemplatePrompt | null {
    const row = reader.get<{ prompt_json: string }>('SELECT prompt_json FROM job_prompts WHERE sha256 = ?', [sha])
    return row && sha256(row.prompt_json) === sha ? (JSON.parse(row.prompt_json) as TemplatePrompt) : null
  },
}
