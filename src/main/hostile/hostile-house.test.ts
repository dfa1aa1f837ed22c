import { lookup } from 'node:dns'
import { once } from 'node:events'
import { rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type Loopback, serveRaw } from '../net/fixtures/loopback-server.ts'
import { openHostileHouse } from './hostile-house.ts'

/** The watch itself: each thing it must see is done once. */
it('sees what an attack would have done', async () => {
  const home = await openHostileHouse()
  const other: Loopback = await serveRaw((socket) => socket.end())
  try {
    home.expectHarmless()
    for (const path of [join(home.root, 'planted'), join(home.root, 'sentinel/planted')]) {
      writeFileSync(path, '')
      expect(home.expectHarmless, path).toThrow()
      rmSync(path)
    }
    const link = join(home.vaultPath, 'link')
    symlinkSync(join(home.root, 'sentinel'), link)
    expect(home.expectHarmless).toThrow()
    rmSync(link)
    home.expectHarmless()
    home.house.log.error('planted')
    expect(home.expectHarmless).toThrow()
    const socket = connect(other.port, '127.0.0.1')
    await once(socket, 'connect')
    socket.destroy()
    expect(home.network.connections).toContain(other.host)
    await new Promise((done) => lookup('planted.example', {}, done))
    expect(home.network.asked).toContain('planted.example')
  } finally {
    await other.close()
    await home.close()
  }
})
