import { setImmediate as nextTurn } from 'node:timers/promises'

/** A frame is 16 ms; views stay smooth while long work goes on in between. */
export const sliceMs = 12

/** Runs work that stops at each `yield`, giving way to others whenever a slice of time is over. */
export async function inSlices<Value>(work: Generator<void, Value>): Promise<Value> {
  let sliceStart = performance.now()
  for (;;) {
    const step = work.next()
    if (step.done) return step.value
    if (performance.now() - sliceStart <= sliceMs) continue
    await nextTurn()
    sliceStart = performance.now()
  }
}

/** The same at once, for small inputs and tests. */
export function atOnce<Value>(work: Generator<void, Value>): Value {
  for (;;) {
    const step = work.next()
    if (step.done) return step.value
  }
}
