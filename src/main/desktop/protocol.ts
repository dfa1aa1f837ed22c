import { readFile } from 'node:fs/promises'
import { extname, resolve, sep } from 'node:path'
import { protocol } from 'electron'

/** The page's own origin: `app://inkwell/index.html`. */
export const scheme = 'app'
export const origin = `${scheme}://inkwell`

/** `style-src 'unsafe-inline'` is the one exception: Mantine writes its variables into style elements. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types default',
].join('; ')

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
}

const headers = (type: string): Record<string, string> => ({
  'content-type': type,
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
})

const notFound = (): Response => new Response('not found', { status: 404, headers: headers('text/plain') })

/** Must run before `ready`. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ])
}

/**
 * Serves the built pages and the artwork of feeds, nothing else.
 * @param artworkFile path and media type by feed id; null when there is none
 */
export function serveScheme(
  rendererFolder: string,
  artworkFile: (feedId: string) => { path: string; type: string } | null,
): void {
  const root = resolve(rendererFolder)
  protocol.handle(scheme, async (request) => {
    const { host, pathname } = new URL(request.url)
    if (host !== 'inkwell' || (request.method !== 'GET' && request.method !== 'HEAD')) return notFound()
    let path: string
    try {
      path = decodeURIComponent(pathname)
    } catch {
      return notFound()
    }
    if (path.includes('\0')) return notFound()
    const artwork = /^\/media\/artwork\/([0-9a-f-]{36})$/.exec(path)
    const found = artwork ? artworkFile(artwork[1]!) : pageFile(root, path)
    if (!found) return notFound()
    try {
      return new Response(new Uint8Array(await readFile(found.path)), { headers: headers(found.type) })
    } catch {
      return notFound()
    }
  })
}

function pageFile(root: string, path: string): { path: string; type: string } | null {
  const file = resolve(root, `.${path === '/' ? '/index.html' : path}`)
  const type = types[extname(file)]
  return type && file.startsWith(root + sep) ? { path: file, type } : null
}
