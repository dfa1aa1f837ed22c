/** Processor time that the work took of this thread, in ms: what else the computer does changes it little. */
export function processorMs(work: () => void): number {
  const before = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1_000
}

/** Watches how long this thread keeps to itself between two turns of its event loop. @returns the longest, in ms of processor time */
export function watchTurns(): () => number {
  let longestMs = 0
  let last = process.threadCpuUsage()
  const look = (): void => {
    const { user, system } = process.threadCpuUsage(last)
    last = process.threadCpuUsage()
    longestMs = Math.max(longestMs, (user + system) / 1_000)
  }
  const timer = setInterval(look, 10)
  return () => {
    clearInterval(timer)
    look()
    return longestMs
  }
}
