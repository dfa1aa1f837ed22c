import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { allowed, createHarness } from './fixtures/harness.ts'
import { serveHttp } from './fixtures/loopback-server.ts'

const { make, keep, raw } = createHarness()

describe('bodies', () => {
  const text = 'episode '.repeat(50)
  const packed = (encoding: string, body: Buffer) =>
    keep(serveHttp((_, response) => response.writeHead(200, { 'content-encoding': encoding }).end(body)))

  it.each([
    ['gzip', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['br', brotliCompressSync(text)],
    ['identity', Buffer.from(text)],
  ] as const)('%s is unpacked', async (encoding, body) => {
    const result = await make().get(allowed(await packed(encoding, body)))
    expect(result.ok && result.value.body.toString()).toBe(text)
  })
  it('quirk 61: gzip flag but plain body', async () => {
    const result = await make().get(allowed(await packed('gzip', Buffer.from(text))))
    expect(result.ok && result.value.body.toString()).toBe(text)
  })
  it.each([
    ['gzip', gzipSync(Buffer.alloc(30_000_000))],
    ['br', brotliCompressSync(Buffer.alloc(30_000_000))],
  ] as const)('attacks 9 and 10: a %s bomb stops at the limit', async (encoding, bomb) => {
    expect(bomb.length).toBeLessThan(1_000_000)
    expect(await make().get(allowed(await packed(encoding, bomb)))).toMatchObject({ error: { code: 'too-large' } })
  })
  it.each(['gzip, gzip, gzip', 'gzip, br', 'compress', 'constructor'])(
    'attack 11: encoding "%s" is refused',
    async (encoding) => {
      const server = await packed(encoding, gzipSync(gzipSync(gzipSync(text))))
      expect(await make().get(allowed(server))).toMatchObject({ error: { code: 'bad-encoding' } })
    },
  )
  it('damaged and cut packing are told apart', async () => {
    const whole = gzipSync(Buffer.from(Array.from({ length: 5000 }, (_, index) => index * 7)))
    const damaged = Buffer.from(whole)
    damaged.fill(0xff, 20, 60)
    expect(await make().get(allowed(await packed('gzip', damaged)))).toMatchObject({ error: { code: 'bad-encoding' } })
    expect(await make().get(allowed(await packed('gzip', whole.subarray(0, -20))))).toMatchObject({
      error: { code: 'short-body' },
    })
  })
  it('attack 13: Content-Length longer than the body, and chunks without an end', async () => {
    const short = await raw('HTTP/1.1 200 OK\r\nContent-Length: 100\r\nETag: "new"\r\n\r\n0123456789')
    expect(await make().get(allowed(short))).toMatchObject({ error: { code: 'short-body', retryable: true } })
    const cut = await raw('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n')
    expect(await make().get(allowed(cut))).toMatchObject({ error: { code: 'short-body' } })
  })
  it('too much is stopped, whether it is announced or not', async () => {
    let written = 0
    const server = await keep(
      serveHttp((request, response) => {
        if (request.url === '/announced')
          return void response.writeHead(200, { 'content-length': 50_000_000 }).write('x')
        const more = (): void => {
          while (!response.destroyed && response.write(Buffer.alloc(64_000))) written += 64_000
        }
        response.on('drain', more)
        more()
      }),
    )
    expect(await make().get(allowed(server, '/announced'))).toMatchObject({ error: { code: 'too-large' } })
    expect(await make().get(allowed(server))).toMatchObject({ error: { code: 'too-large' } })
    expect(written).toBeLessThan(20_000_000)
  })
  it('64 kB of headers are enough', async () => {
    const server = await raw(`HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(70_000)}\r\nContent-Length: 0\r\n\r\n`)
    expect(await make().get(allowed(server))).toMatchObject({ error: { code: 'too-large' } })
  })
})
