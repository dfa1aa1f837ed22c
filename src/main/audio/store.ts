import type { Reader, Transaction } from '../storage/storage.ts'

export interface RecordingRow {
  readonly mediaPath: string | null
  readonly title: string
}
export const readRecording = (reader: Reader, episodeId: string): RecordingRow | undefined =>
  reader.get<RecordingRow>('SELECT media_path AS mediaPath, title FROM episodes WHERE id = ?', [episodeId])

/** @returns whether the episode is still there */
export const keepRecording = (tx: Transaction, episodeId: string, mediaPath: string): boolean =>
  tx.run('UPDATE episodes SET media_path = ? WHERE id = ?', [mediaPath, episodeId]) > 0
