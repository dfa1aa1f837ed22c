import { expect, onRealElectron, test } from './fixtures.ts'
import { send } from './server.ts'

/** What a hole in the sanitiser would let into the page. The policy alone must stop each. */
test('the policy stops what runs, loads or sends, were it ever in the page', async ({ page, server }) => {
  for (const path of ['/run.js', '/pixel.png', '/style.css', '/frame', '/data', '/form'])
    server.on(path, send('window.ran.push("remote")', 'text/javascript'))
  const outcome = await page.evaluate(async (remote) => {
    const global = window as unknown as { ran: string[] }
    global.ran = []
    const violated: string[] = []
    document.addEventListener('securitypolicyviolation', (event) => violated.push(event.effectiveDirective))
    const refused: string[] = []
    const attempt = (name: string, act: () => void): void => {
      try {
        act()
      } catch {
        refused.push(name)
      }
    }
    const put = <Tag extends keyof HTMLElementTagNameMap>(
      tag: Tag,
      change: (made: HTMLElementTagNameMap[Tag]) => void,
    ) =>
      attempt(tag, () => {
        const made = document.createElement(tag)
        change(made)
        document.body.append(made)
      })
    put('script', (made) => made.append(document.createTextNode('window.ran.push("inline script")')))
    put('script', (made) => made.setAttribute('src', `${remote}/run.js`))
    put('button', (made) => {
      made.setAttribute('onclick', 'window.ran.push("handler")')
      made.click()
    })
    put('img', (made) => {
      made.src = `${remote}/pixel.png`
    })
    put('iframe', (made) => {
      made.src = `${remote}/frame`
    })
    put('object', (made) => {
      made.data = `${remote}/frame`
    })
    put('link', (made) => {
      made.rel = 'stylesheet'
      made.href = `${remote}/style.css`
    })
    put('link', (made) => {
      made.rel = 'modulepreload'
      made.href = `${remote}/run.js`
    })
    put('a', (made) => {
      made.href = 'javascript:window.ran.push("address")'
      made.click()
    })
    put('base', (made) => {
      made.href = `${remote}/`
    })
    put('form', (made) => {
      made.action = `${remote}/form`
      document.body.append(made)
      made.submit()
    })
    const filled = document.createElement('div')
    filled.innerHTML = '<img src=x onerror="window.ran.push(1)">'
    if (filled.childNodes.length === 0) refused.push('innerHTML')
    // Not in this call itself: what a debugger evaluates is let through.
    await new Promise<void>((done) => {
      setTimeout(() => {
        // biome-ignore lint/security/noGlobalEval: it must be refused
        attempt('eval', () => globalThis.eval('window.ran.push("eval")'))
        attempt('Function', () => new Function('window.ran.push("Function")')())
        done()
      }, 0)
    })
    await fetch(`${remote}/data`).catch(() => refused.push('fetch'))
    await new Promise((waited) => setTimeout(waited, 300))
    return {
      ran: global.ran,
      violated: [...new Set(violated)].sort(),
      refused,
      isOwnBase: document.baseURI === location.href,
    }
  }, server.url)
  expect(outcome.ran).toEqual([])
  expect(outcome.refused).toEqual(expect.arrayContaining(['innerHTML', 'eval', 'Function', 'fetch']))
  expect(outcome.violated).toEqual(
    expect.arrayContaining([
      'base-uri',
      'connect-src',
      'form-action',
      'frame-src',
      'img-src',
      'require-trusted-types-for',
      'style-src-elem',
    ]),
  )
  expect(outcome.violated.some((directive) => directive.startsWith('script-src'))).toBe(true)
  expect(outcome.isOwnBase).toBe(true)
  expect(server.requests).toEqual([])
})

test('the page stays the page: no window opens, no link leads away', async ({ app, page, server }) => {
  const home = page.url()
  const contents = () => app.evaluate(({ webContents }) => webContents.getAllWebContents().length)
  const windows = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)
  await page.evaluate((url) => void window.open(url), server.url)
  await page.evaluate((url) => {
    for (const [id, target] of [
      ['plain', ''],
      ['blank', '_blank'],
    ]) {
      const link = document.createElement('a')
      link.href = url
      link.id = id!
      link.target = target!
      link.textContent = id!
      link.style.cssText = `position:fixed;top:${id === 'plain' ? 100 : 140}px;left:300px;z-index:999`
      document.body.append(link)
    }
  }, server.url)
  await page.locator('#blank').click()
  await page.locator('#plain').click({ modifiers: ['Control'] })
  await page.locator('#plain').click({ modifiers: ['Shift'] })
  await page.locator('#plain').click({ button: 'middle' })
  await page.locator('#plain').click()
  await page.evaluate((url) => {
    location.href = url
  }, server.url)
  // A dragged link is an offer to the paste box, never a way out.
  const session = await page.context().newCDPSession(page)
  const items = [{ mimeType: 'text/uri-list', data: 'https://feeds.example/show.xml' }]
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, x: 640, y: 400, data: { items, dragOperationsMask: 1 } })
  await expect(page.getByLabel('Paste a link or text, or drop a file')).toHaveValue('https://feeds.example/show.xml')
  expect(page.url().split('#')[0]).toBe(home.split('#')[0])
  expect(await windows()).toBe(1)
  expect(await contents()).toBe(1)
  // The stand-in can only close a window that has opened already.
  if (onRealElectron) expect(server.requests).toEqual([])
})

test('the scheme serves the page and pictures of feeds, nothing else', async ({ page }) => {
  const statusOf = (path: string): Promise<number | string> =>
    page.evaluate(
      (to) =>
        fetch(to).then(
          ({ status }) => status,
          () => 'refused',
        ),
      path,
    )
  expect(await statusOf('/index.html')).toBe(200)
  for (const path of [
    'app://inkwell/../../../../etc/passwd',
    '/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
    '/..%2f..%2f..%2fpackage.json',
    '/assets/..%5c..%5c..%5cpackage.json',
    '/assets/%2e%2e%2f%2e%2e%2fmain%2findex.js',
    '/index.html%00.js',
    '/%',
    '/media/artwork/00000000-0000-7000-8000-000000000000',
    '/media/artwork/../../inkwell.sqlite',
    '/media/artwork/..%2f..%2finkwell.sqlite',
  ])
    expect(await statusOf(path), path).toBe(404)
  expect(await statusOf('app://elsewhere/index.html')).toBe('refused')
  expect(await statusOf('file:///etc/passwd')).toBe('refused')
})
