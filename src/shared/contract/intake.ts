import { z } from 'zod'
import { command, Id, query, Text } from './define.ts'

/** What a pasted text or an offered file turns out to be, and what would be done with it. */
export const IntakeItem = z.object({
  kind: z.enum([
    'feed',
    'web-page',
    'opml',
    'transcript',
    'media',
    'article',
    'text',
    'video',
    'playlist',
    'unsupported',
  ]),
  title: z.string(),
  /** One sentence: what it is, where the transcript comes from, what will happen. */
  sentence: z.string(),
  action: z.enum(['add-feed', 'import-opml', 'make-notes', 'store', 'none']),
  /** Micro-dollars, about, of its notes by what is chosen in Settings; null where no price is known. */
  costMicroUsd: z.number().int().nullable(),
})
export type IntakeItem = z.infer<typeof IntakeItem>

/** Pasted text, or tokens of files that were dropped or chosen. */
export const IntakeInput = z.strictObject({
  text: Text(5_000_000).optional(),
  tokens: z.array(Text(100)).max(1_000).optional(),
})

export const intake = {
  inspect: query(IntakeInput, z.array(IntakeItem)),
  /** Does what inspect said; makes notes of everything that has words. */
  accept: command(
    z.strictObject({ ...IntakeInput.shape, templates: z.array(Text(100)).min(1).max(100).optional() }),
    z.object({
      feedIds: z.array(Id),
      episodeIds: z.array(Id),
      jobIds: z.array(Id),
      /** What could not be taken, in words, one per item. */
      problems: z.array(z.string()),
    }),
  ),
  /** Opens a file dialog; null when the user left it. */
  chooseFiles: command(
    z.strictObject({}),
    z.array(z.object({ token: z.string(), name: z.string(), bytes: z.number().int() })).nullable(),
  ),
  /** Follows the sample feed that comes with the app and makes notes of its newest episode. */
  trySample: command(z.strictObject({}), z.object({ feedId: Id, episodeId: Id, jobId: Id })),
}
