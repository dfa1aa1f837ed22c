import { fail, ok, type Result } from '#shared/result.ts'

/** Names that decide how the message is framed or where it goes: not for callers to set. */
const ownHeaders = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'te', 'upgrade', 'keep-alive'])
const feedTypes =
  'application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5'

export const secretHeaders: readonly string[] = ['authorization', 'cookie', 'proxy-authorization']

/** Lower-case headers of a request, defaults first; refuses what could break out of its line. */
export function requestHeaders(
  given: Record<string, string>,
  authorization: string | undefined,
  userAgent: string,
): Result<Record<string, string>, 'invalid-url'> {
  const headers: Record<string, string> = {
    'user-agent': userAgent,
    accept: feedTypes,
    'accept-encoding': 'gzip, deflate, br',
  }
  const all = Object.entries(given).concat(authorization === undefined ? [] : [['authorization', authorization]])
  for (const [name, value] of all) {
    const lower = name.toLowerCase()
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(lower) || ownHeaders.has(lower) || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
      return fail('invalid-url', 'A header of this request cannot be sent as it is. Nothing was sent.')
    headers[lower] = value
  }
  return ok(headers)
}

/** Values sent several times are joined by comma, as RFC 9110 5.3 allows. */
export function responseHeaders(raw: Record<string, string | string[] | undefined>): Record<string, string> {
  const headers: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(raw))
    if (value !== undefined) headers[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value
  return { ...headers }
}
