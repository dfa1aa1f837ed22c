import { describe, expect, it } from 'vitest'
import { createHostQueue } from './host-queue.ts'

describe('host queue', () => {
  it('runs two per host and sixteen in all, in order per host, past failures', async () => {
    const queue = createHostQueue({ concurrency: 4, perHost: 2 })
    const running = new Map<string, number>()
    let all = 0
    const most = { perHost: 0, all: 0 }
    const started: string[] = []
    const task = (host: string, name: number) =>
      queue.run(host, async () => {
        const mine = (running.get(host) ?? 0) + 1
        running.set(host, mine)
        all += 1
        most.perHost = Math.max(most.perHost, mine)
        most.all = Math.max(most.all, all)
        if (host === 'a') started.push(String(name))
        for (let turn = 0; turn < 5; turn += 1) await Promise.resolve()
        running.set(host, (running.get(host) ?? 0) - 1)
        all -= 1
        if (name === 3) throw new Error('failed')
        return name
      })
    const hosts = ['a', 'b', 'c', 'd', 'e']
    const results = await Promise.allSettled(
      hosts.flatMap((host) => Array.from({ length: 6 }, (_, name) => task(host, name))),
    )
    expect(most).toEqual({ perHost: 2, all: 4 })
    expect(started).toEqual(['0', '1', '2', '3', '4', '5'])
    expect(results.filter((result) => result.status === 'rejected')).toHaveLength(5)
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(25)
  })
  it('a full host holds no place of the others', async () => {
    const queue = createHostQueue({ concurrency: 3, perHost: 2 })
    const never = new Promise<never>(() => {})
    for (let count = 0; count < 5; count += 1) void queue.run('slow', () => never)
    expect(await queue.run('quick', async () => 'done')).toBe('done')
  })
})
