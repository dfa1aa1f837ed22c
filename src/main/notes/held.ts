import { errorCode } from '../storage/write-file.ts'

/** Another program holds the file: the intent stays open and it is tried again later. */
export class HeldError extends Error {}

const codes: ReadonlySet<string> = new Set(['EPERM', 'EBUSY', 'EACCES'])
/** Virus scanners and sync programs hold a file for a moment, 10 s at the longest. Milliseconds. */
const delays = [10, 20, 40, 80, 160, 320, 640, ...Array.from({ length: 9 }, () => 1_000)]

/** Calls until no other program holds the file. @throws HeldError when it is held for longer */
export async function whileHeld<Value>(
  path: string,
  wait: (ms: number) => Promise<unknown>,
  call: () => Promise<Value>,
): Promise<Value> {
  for (const delayMs of [...delays, null])
    try {
      return await call()
    } catch (error) {
      if (!codes.has(errorCode(error))) throw error
      if (delayMs === null) throw new HeldError(path, { cause: error })
      await wait(delayMs)
    }
  throw new HeldError(path)
}
