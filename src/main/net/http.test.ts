import { readFileSync } from 'node:fs'
import { createServer as createTlsServer } from 'node:https'
import { afterAll, describe, expect, it } from 'vitest'
import type { ResolvedAddress } from './agents.ts'
import { allowed, createHarness } from './fixtures/harness.ts'
import { serveHttp, serveRaw } from './fixtures/loopback-server.ts'
import { quirksOfHttp } from './fixtures/quirks-of-http.ts'

const { make, keep, raw, lines } = createHarness()
/** 61 is in body.test.ts. */
const quirksSeen: number[] = [61]
const quirk = (number: number, words: string, test: () => Promise<void>): void => {
  quirksSeen.push(number)
  it(`quirk ${number}: ${words}`, test)
}

describe('a request', () => {
  it('names itself, and a header of the caller goes before', async () => {
    const server = await keep(serveHttp((_, response) => response.setHeader('ETag', 'W/"a,b"').end('<rss/>')))
    const http = make()
    const first = await http.get(allowed(server))
    expect(first).toMatchObject({ ok: true, value: { status: 200, hops: [], headers: { etag: 'W/"a,b"' } } })
    expect(first.ok && first.value.body.toString()).toBe('<rss/>')
    await http.get(allowed(server, '/', { headers: { 'User-Agent': 'Other/1', 'If-None-Match': 'W/"a,b"' } }))
    expect(server.seen[0]?.headers['user-agent']).toBe('Inkwell/9.9 (desktop podcast notes)')
    expect(server.seen[1]?.headers).toMatchObject({ 'user-agent': 'Other/1', 'if-none-match': 'W/"a,b"' })
  })
  it.each([
    { 'X-A': 'a\r\nX-B: b' },
    { 'X-A\r\nX-B': 'b' },
    { Host: 'other.example' },
    { 'Content-Length': '5' },
    { 'X-A': 'snow ☃' },
  ] as Record<string, string>[])('attack 48: header %j is refused before anything is sent', async (headers) => {
    const server = await keep(serveHttp((_, response) => response.end()))
    expect(await make().get(allowed(server, '/', { headers: { ...headers } }))).toMatchObject({
      error: { code: 'invalid-url' },
    })
    expect(server.seen).toEqual([])
  })
  it('attack 47: a password in the address is not sent, logged or told', async () => {
    const result = await make().get({ url: 'https://user:hunter2@example.com/', maxBytes: 10 })
    expect(result).toMatchObject({ ok: false, error: { code: 'invalid-url' } })
    expect(JSON.stringify(result) + lines.join()).not.toContain('hunter2')
  })
  it('tells and logs neither path nor query of an address', async () => {
    const server = await keep(serveHttp((_, response) => response.destroy()))
    const result = await make().get(allowed(server, '/rss/s3cr3t?token=t0k3n'))
    expect(result).toMatchObject({ ok: false, error: { code: 'connect-failed', retryable: true } })
    expect(JSON.stringify(result) + lines.join()).not.toMatch(/s3cr3t|t0k3n/)
    expect(lines).toHaveLength(1)
  })
  it('ends when it is aborted, before and while it runs', async () => {
    const server = await keep(serveHttp(() => abort.abort()))
    const abort = new AbortController()
    const request = allowed(server, '/', { signal: abort.signal })
    const http = make()
    expect(await http.get(request)).toMatchObject({ error: { code: 'cancelled' } })
    expect(await http.get(request)).toMatchObject({ error: { code: 'cancelled' } })
    expect(server.seen).toHaveLength(1)
  })
})

describe('names (attack inputs 42 and 43)', () => {
  const resolveTo = (...answers: ResolvedAddress[][]) => {
    const asked: string[] = []
    const resolve = async (name: string) => {
      asked.push(name)
      return answers[asked.length - 1] ?? []
    }
    return { asked, resolve }
  }
  it('42: a public name that leads to this machine', async () => {
    const server = await keep(serveHttp((_, response) => response.end()))
    const { resolve } = resolveTo([{ address: '127.0.0.1', family: 4 }])
    const result = await make({ resolve }).get({ url: `http://show.example:${server.port}/`, maxBytes: 10 })
    expect(result).toMatchObject({ ok: false, error: { code: 'address-refused' } })
    expect(server.seen).toEqual([])
  })
  it('43: rebinding: the socket uses the answer that was checked, and the next answer is checked again', async () => {
    const server = await keep(serveHttp((_, response) => response.end()))
    const rebinding = resolveTo(
      [
        { address: '::ffff:127.0.0.1', family: 6 },
        { address: '192.168.1.1', family: 4 },
      ],
      [{ address: '127.0.0.1', family: 4 }],
    )
    const http = make({ resolve: rebinding.resolve })
    for (const count of [1, 2]) {
      const result = await http.get({ url: `http://show.example:${server.port}/`, maxBytes: 10 })
      expect(result).toMatchObject({ ok: false, error: { code: 'address-refused' } })
      expect(rebinding.asked).toHaveLength(count)
    }
    expect(server.seen).toEqual([])
  })
  it('a connection that one feed may use is not open to another', async () => {
    const server = await keep(serveHttp((_, response) => response.end('local')))
    const { resolve } = resolveTo([{ address: '127.0.0.1', family: 4 }], [{ address: '127.0.0.1', family: 4 }])
    const http = make({ resolve })
    const request = { url: `http://nas.example:${server.port}/`, maxBytes: 10 }
    expect(await http.get({ ...request, allowLocalHosts: [`nas.example:${server.port}`] })).toMatchObject({ ok: true })
    expect(await http.get(request)).toMatchObject({ error: { code: 'address-refused' } })
    expect(server.seen).toHaveLength(1)
  })
  it('a name without an address is said to be one', async () => {
    const resolve = () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' }))
    expect(await make({ resolve }).get({ url: 'http://gone.example/', maxBytes: 10 })).toMatchObject({
      error: { code: 'dns-failed', retryable: true, message: expect.stringContaining('gone.example') },
    })
  })
})

describe('redirects (attack inputs 44 to 46)', () => {
  const sendOn = (location: string, status = 302) =>
    keep(serveHttp((_, response) => response.writeHead(status, { location }).end('moved')))

  it.each([
    'http://127.0.0.1:9/',
    'file:///etc/passwd',
    'data:text/plain,x',
    'http://10.0.0.1/',
    'http://[::1]/',
    'gopher://x/',
  ])('44: to %s is refused', async (location) => {
    const server = await sendOn(location)
    expect(await make().get(allowed(server))).toMatchObject({ error: { code: 'redirect-refused' } })
  })
  quirk(63, 'loops and long chains stop (attack 45)', async () => {
    const loop = await sendOn('/')
    expect(await make().get(allowed(loop))).toMatchObject({ error: { code: 'too-many-redirects' } })
    expect(loop.seen).toHaveLength(1)
    const chain = await keep(
      serveHttp((request, response) =>
        response.writeHead(302, { location: `/${Number(request.url?.slice(1)) + 1}` }).end(),
      ),
    )
    expect(await make().get(allowed(chain, '/1'))).toMatchObject({ error: { code: 'too-many-redirects' } })
    expect(chain.seen).toHaveLength(6)
  })
  it('46: credentials stay with their host, and do not come back with it', async () => {
    const other = await keep(
      serveHttp((_, response) => response.writeHead(302, { location: `http://${server.host}/b` }).end()),
    )
    const server = await keep(
      serveHttp((request, response) =>
        request.url === '/a'
          ? response.writeHead(302, { location: `http://${other.host}/` }).end()
          : response.end('there'),
      ),
    )
    const result = await make().get({
      ...allowed(server, '/a', { authorization: 'Basic c2VjcmV0', headers: { Cookie: 'a=b' } }),
      allowLocalHosts: [server.host, other.host],
    })
    expect(result).toMatchObject({ ok: true, value: { hops: [{ status: 302 }, { status: 302 }] } })
    expect(server.seen[0]?.headers.authorization).toBe('Basic c2VjcmV0')
    for (const { headers } of [other.seen[0]!, server.seen[1]!]) {
      expect(headers.authorization).toBeUndefined()
      expect(headers.cookie).toBeUndefined()
    }
  })
  it('credentials go along on the same host, which may be named by a relative address', async () => {
    const server = await keep(
      serveHttp((request, response) =>
        request.url === '/a/b'
          ? response.writeHead(307, { location: Buffer.from('c?x=ü').toString('latin1') }).end()
          : response.end('there'),
      ),
    )
    const result = await make().get(allowed(server, '/a/b', { authorization: 'Bearer abc' }))
    expect(result).toMatchObject({
      ok: true,
      value: { url: `http://${server.host}/a/c?x=%C3%BC`, hops: [{ status: 307, url: `http://${server.host}/a/b` }] },
    })
    expect(server.seen[1]?.headers.authorization).toBe('Bearer abc')
  })
  it('a redirect without an address is an answer like any other', async () => {
    const server = await keep(serveHttp((_, response) => response.writeHead(302).end('x')))
    expect(await make().get(allowed(server))).toMatchObject({ ok: true, value: { status: 302 } })
  })
  quirk(55, '304 behind a 301 is reported with the move', async () => {
    const server = await keep(
      serveHttp((request, response) =>
        request.url === '/old' ? response.writeHead(301, { location: '/new' }).end() : response.writeHead(304).end(),
      ),
    )
    const result = await make().get(allowed(server, '/old', { headers: { 'If-None-Match': '"v1"' } }))
    expect(result).toMatchObject({
      ok: true,
      value: { status: 304, url: `http://${server.host}/new`, hops: [{ status: 301 }] },
    })
    expect(server.seen[1]?.headers['if-none-match']).toBe('"v1"')
  })
  quirk(56, 'a redirect to another show shows every hop, for the one who compares', async () => {
    const other = await keep(serveHttp((_, response) => response.end('<rss>other</rss>')))
    const server = await sendOn(`http://${other.host}/landing`, 301)
    const result = await make().get({ ...allowed(server), allowLocalHosts: [server.host, other.host] })
    expect(result).toMatchObject({
      value: { url: `http://${other.host}/landing`, hops: [{ status: 301, url: `http://${server.host}/` }] },
    })
  })
})

describe('time', () => {
  it('attack 12: a server that says nothing, one that dribbles, and others that finish meanwhile', async () => {
    const silent = await keep(serveHttp(() => {}))
    const slow = await keep(
      serveHttp((_, response) => {
        response.writeHead(200)
        const timer = setInterval(() => response.write('x'), 20)
        response.on('close', () => clearInterval(timer))
      }),
    )
    const quick = await keep(serveHttp((_, response) => response.end('done')))
    const http = make({ limits: { idleMs: 100, totalMs: 400 } })
    const results = await Promise.all([silent, slow, quick].map((server) => http.get(allowed(server))))
    expect(results).toMatchObject([
      { error: { code: 'timed-out', retryable: true } },
      { error: { code: 'timed-out' } },
      { ok: true },
    ])
  })
})

describe('servers as they are', () => {
  quirk(54, 'another User-Agent where unknown clients are refused', async () => {
    const server = await keep(
      serveHttp((request, response) =>
        response.writeHead(request.headers['user-agent']?.startsWith('Inkwell') ? 403 : 200).end(),
      ),
    )
    expect(await make().get(allowed(server))).toMatchObject({ value: { status: 403 } })
    const headers = { 'user-agent': 'Mozilla/5.0' }
    expect(await make().get(allowed(server, '/', { headers }))).toMatchObject({ value: { status: 200 } })
  })
  quirk(58, 'any status is an answer', async () => {
    const server = await keep(
      serveHttp((request, response) =>
        response.writeHead(Number(request.url?.slice(1)), { 'retry-after': '120' }).end(),
      ),
    )
    const http = make()
    for (const status of [204, 401, 403, 404, 410, 429, 500, 503])
      expect(await http.get(allowed(server, `/${status}`))).toMatchObject({
        ok: true,
        value: { status, headers: { 'retry-after': '120' } },
      })
  })
  quirk(59, 'an expired certificate is named as one', async () => {
    const file = (name: string) => readFileSync(new URL(`./fixtures/${name}.pem`, import.meta.url), 'utf8')
    const cert = file('expired-certificate')
    const server = await keep(
      serveHttp(
        (_, response) => response.end(),
        (listener) => createTlsServer({ cert, key: file('expired-certificate-key') }, listener),
      ),
    )
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }]
    const request = {
      url: `https://expired.test:${server.port}/`,
      maxBytes: 10,
      allowLocalHosts: [`expired.test:${server.port}`],
    }
    expect(await make({ resolve, ca: cert }).get(request)).toMatchObject({
      error: { code: 'tls-failed', message: expect.stringContaining('has expired') },
    })
    expect(await make({ resolve }).get(request)).toMatchObject({ error: { code: 'tls-failed' } })
    const plain = await keep(serveHttp((_, response) => response.end()))
    expect(await make().get({ ...allowed(plain), url: `https://${plain.host}/` })).toMatchObject({
      error: { code: 'tls-failed' },
    })
    expect(server.seen).toEqual([])
  })
  quirk(60, 'a connection that is reset once is tried once more, and no more', async () => {
    const once = await keep(
      serveRaw((socket, connection) =>
        connection === 1 ? socket.resetAndDestroy() : socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'),
      ),
    )
    expect(await make().get(allowed(once))).toMatchObject({ ok: true })
    let connections = 0
    const always = await keep(
      serveRaw((socket, connection) => {
        connections = connection
        socket.resetAndDestroy()
      }),
    )
    expect(await make().get(allowed(always))).toMatchObject({ error: { code: 'connect-failed', retryable: true } })
    expect(connections).toBe(2)
  })
  quirk(64, 'schemes of other programs are refused in words, not sent', async () => {
    for (const url of ['feed://example.com/rss', 'itpc://example.com/rss', 'pcast://example.com/rss'])
      expect(await make().get({ url, maxBytes: 10 })).toMatchObject({
        error: { code: 'address-refused', message: expect.stringContaining('https') },
      })
  })
  it('answers that are not HTTP, and ports where nobody listens', async () => {
    expect(await make().get(allowed(await raw('SSH-2.0-OpenSSH\r\n')))).toMatchObject({ ok: false })
    const gone = await raw('')
    await gone.close()
    expect(await make().get(allowed(gone))).toMatchObject({
      error: { code: 'connect-failed', message: expect.stringContaining('ECONNREFUSED') },
    })
  })
})

afterAll(() => {
  expect([...quirksSeen].sort((a, b) => a - b)).toEqual(quirksOfHttp)
})
