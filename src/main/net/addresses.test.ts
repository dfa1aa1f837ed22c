import { describe, expect, it } from 'vitest'
import { silentLog } from '../log.ts'
import { isLocalName, isPublicAddress } from './addresses.ts'
import { createHttp } from './http.ts'
import { checkTarget } from './target.ts'

describe('addresses', () => {
  it.each([
    '127.0.0.1',
    '127.255.255.254',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.0.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '255.255.255.255',
    '224.0.0.1',
    '192.0.0.192',
    '198.18.0.1',
    '168.63.129.16',
    '240.0.0.1',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    '2002:7f00:1::',
    '2001::1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'fd00:ec2::254',
    'ff02::1',
    '100::1',
    '4000::1',
    'nonsense',
  ])('%s is refused', (address) => expect(isPublicAddress(address)).toBe(false))

  it.each(['8.8.8.8', '93.184.216.34', '2606:4700::1111', '2a00:1450:4001::1'])('%s is public', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  )

  it.each(['localhost', 'LOCALHOST.', 'a.localhost', 'nas.local', 'metadata.google.internal', 'router.home.arpa', ''])(
    '%s is a local name',
    (name) => expect(isLocalName(name)).toBe(true),
  )
  it('other names are not', () => expect(isLocalName('localhost.example.com')).toBe(false))
})

describe('attack inputs 31 to 41: addresses of this machine and its network', () => {
  const refused = [
    'http://127.0.0.1/',
    'http://localhost./',
    'http://[::1]/',
    'http://0.0.0.0/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://[::ffff:127.0.0.1]/',
    'http://169.254.169.254/latest/meta-data',
    'http://192.168.0.1/',
    'http://127.1/',
    'http://１２７.0.0.1/',
    'http://127.0.0.1./',
    'http://[64:ff9b::7f00:1]/',
  ]
  it.each(refused)('%s', async (url) => {
    const http = createHttp({
      log: silentLog,
      clock: { now: () => 0 },
      resolve: () => Promise.reject(new Error('nothing may be looked up')),
    })
    const result = await http.get({ url, maxBytes: 1000 })
    await http.close()
    expect(result).toMatchObject({ ok: false, error: { code: 'address-refused' } })
  })
  it('zone ids are no address at all', () =>
    expect(checkTarget('http://[fe80::1%25eth0]/', [])).toMatchObject({ ok: false, error: { code: 'invalid-url' } }))
  it('a host allowed by hand is asked, on that port only', () => {
    expect(checkTarget('http://192.168.0.1:8080/', ['192.168.0.1:8080']).ok).toBe(true)
    expect(checkTarget('http://192.168.0.1:8081/', ['192.168.0.1:8080']).ok).toBe(false)
    expect(checkTarget('http://192.168.0.1/', ['192.168.0.1:8080']).ok).toBe(false)
  })
})

describe('attack input 48: addresses made to deceive', () => {
  it.each([
    'http://example.com/\r\nHost: evil',
    'http://exa\nmple.com/',
    'http://example.com/\tx',
    '',
    'not a url',
    'http://',
  ])('is no address: %j', (url) =>
    expect(checkTarget(url, [])).toMatchObject({ ok: false, error: { code: 'invalid-url' } }),
  )
  it.each([22, 25, 6379, 0, 6667])('port %i is refused, also when the host is allowed', (port) =>
    expect(checkTarget(`http://example.com:${port}/`, [`example.com:${port}`])).toMatchObject({
      ok: false,
      error: { code: 'address-refused' },
    }),
  )
  it.each([
    'file:///etc/passwd',
    'ftp://example.com/',
    'javascript:alert(1)',
    'data:text/plain,x',
    'feed://example.com/rss',
  ])('scheme of %s is refused', (url) =>
    expect(checkTarget(url, [])).toMatchObject({ ok: false, error: { code: 'address-refused' } }),
  )
  it('names in other scripts are shown as what they are', () => {
    const target = checkTarget('https://аррle.com/', [])
    expect(target.ok && target.value.url.host).toMatch(/^xn--/)
  })
})
