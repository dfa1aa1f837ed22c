import { fail, ok, type Result } from '#shared/result.ts'
import type { WorkerRunner } from '../ports.ts'
import type { KitTask, KitTaskAnswer } from './age-task.ts'
import { KitContent, schemaVersion } from './content.ts'

export type OpenFailure = 'wrong-words' | 'damaged' | 'not-a-kit' | 'newer-kit' | 'not-enough-memory'
export interface SealedFiles {
  /** Armored text, for `age` everywhere. */
  seal(content: KitContent, words: string): Promise<Result<string, 'not-enough-memory'>>
  open(armored: string, words: string): Promise<Result<KitContent, OpenFailure>>
}

const taskMs = 120_000
const untouched = 'Nothing was changed.'

/** @param workFactor of scrypt, as a power of two: 18 is age's own (a second, 256 MB); tests take less */
export function createSealedFiles(workers: WorkerRunner, { workFactor = 18 } = {}): SealedFiles {
  const run = async (task: KitTask): Promise<Result<KitTaskAnswer, 'not-enough-memory'>> => {
    const answer = await workers.run<KitTask, KitTaskAnswer>('kit', task, { timeoutMs: taskMs })
    return answer.ok
      ? answer
      : fail(
          'not-enough-memory',
          `The kit could not be worked on: ${answer.error.message} Close other programs and try again. ${untouched}`,
          {
            retryable: true,
          },
        )
  }
  return {
    seal: async (content, words) => {
      const answer = await run({ do: 'seal', text: JSON.stringify(content), words, workFactor })
      if (!answer.ok) return answer
      if (!('sealed' in answer.value)) throw new Error('the kit worker answered something else')
      return ok(answer.value.sealed)
    },
    open: async (armored, words) => {
      const answer = await run({ do: 'open', armored, words })
      if (!answer.ok) return answer
      if ('opened' in answer.value) return readContent(answer.value.opened)
      if (!('refused' in answer.value)) throw new Error('the kit worker answered something else')
      return refusal(answer.value)
    },
  }
}

function refusal({ refused, why }: Extract<KitTaskAnswer, { refused: string }>): Result<never, OpenFailure> {
  if (refused === 'wrong-words')
    return fail(
      'wrong-words',
      `These words do not open it. Look for a word that is missing, doubled or spelled another way; if they are right, the first lines of the file are damaged. ${untouched}`,
    )
  if (refused === 'not-age')
    return fail(
      'not-a-kit',
      `This is no recovery kit: ${why}. Choose the file called “Inkwell recovery kit …”. ${untouched}`,
    )
  return fail(
    'damaged',
    `This kit is damaged (${why}), so none of it was used. Take another copy of it, or make a new kit on a computer that still has the secrets. ${untouched}`,
  )
}

function readContent(text: string): Result<KitContent, OpenFailure> {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    return fail('not-a-kit', `The words open this file, but no recovery kit is in it. ${untouched}`)
  }
  const version = (data as { schemaVersion?: unknown } | null)?.schemaVersion
  if (typeof version === 'number' && version > schemaVersion)
    return fail(
      'newer-kit',
      `A newer Inkwell made this kit (version ${version}; this one reads up to ${schemaVersion}). Install the newest Inkwell, then restore. ${untouched}`,
    )
  const content = KitContent.safeParse(data)
  return content.success
    ? ok(content.data)
    : fail('not-a-kit', `The words open this file, but no recovery kit that Inkwell knows is in it. ${untouched}`)
}
