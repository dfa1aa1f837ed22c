import { execFile, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { keyringEnded } from '../credentials/keyring-testing.ts'
import { leaksIn, planted } from './fixtures/planted.ts'

const script = fileURLToPath(new URL('./fixtures/run-commands.ts', import.meta.url))
const has = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
const hasKeyring = process.platform === 'linux' && has('gnome-keyring-daemon') && has('dbus-run-session')
const words = 'abandon ability able about above absent absorb abstract absurd abuse access accident'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'inkwell-kit-real-'))
})
afterEach(async () => {
  for (const name of ['old', 'new']) await keyringEnded(join(root, name))
  rmSync(root, { recursive: true, force: true, maxRetries: 5 })
})

/** A computer: a home folder with a keyring of its own. @returns what each command answered, and all that was said beside it */
async function onComputer(
  name: string,
  commands: readonly (readonly string[])[],
): Promise<{ answers: Record<string, unknown>[]; said: string }> {
  const home = join(root, name)
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const unlock = 'printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1'
  const run = [process.execPath, script, join(home, 'profile'), words, ...commands.map((one) => JSON.stringify(one))]
  const { stdout, stderr } = await promisify(execFile)(
    'dbus-run-session',
    ['--', 'sh', '-c', `${unlock}; exec "$0" "$@"`, ...run],
    {
      env: {
        PATH: process.env.PATH,
        NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
        HOME: home,
        XDG_RUNTIME_DIR: home,
        NODE_NO_WARNINGS: '1',
      },
    },
  )
  const answers = stdout.trim().split('\n')
  if (answers.length !== commands.length) throw new Error(stderr)
  return { answers: answers.map((line) => JSON.parse(line) as Record<string, unknown>), said: stdout + stderr }
}

it.runIf(hasKeyring)(
  'with real keyrings: from one computer to another by the kit alone; no secret anywhere but there',
  async () => {
    const kit = join(root, 'kit.age')
    const list = join(root, 'list.opml')
    writeFileSync(
      list,
      `<opml version="2.0"><body>${planted.map(({ url }) => `<outline type="rss" text="Show" xmlUrl="${url.replaceAll('&', '&amp;')}"/>`).join('')}</body></opml>`,
    )
    const { answers: first, said } = await onComputer('old', [
      ['feeds', 'import-opml', list],
      ['kit', 'make', '--out', kit, '--words-stdin'],
      ['kit', 'make', '--out', kit, '--words-stdin'],
      ['kit', 'status'],
      ['diagnostics'],
      ['logs'],
    ])
    expect(first[0]).toMatchObject({ ok: true, data: { added: planted.length } })
    expect(first[1]).toMatchObject({ ok: true, data: { secrets: planted.length, missing: 0 } })
    expect(first[2]).toMatchObject({ ok: false, error: { code: 'file-exists' } })
    expect(first[3]).toMatchObject({ data: { outdated: false, keychain: 'available' } })
    expect(leaksIn(said)).toEqual([])
    expect(said).not.toContain(words)
    expect(leaksIn(readFileSync(join(root, 'old/profile/logs/inkwell.log'), 'latin1'))).toEqual([])
    expect(leaksIn(readFileSync(kit, 'latin1'))).toEqual([])

    mkdirSync(join(root, 'new'))
    cpSync(join(root, 'old/profile'), join(root, 'new/profile'), { recursive: true })
    const { answers: second } = await onComputer('new', [
      ['kit', 'test', kit, '--words-stdin'],
      ['kit', 'restore', kit, '--words-stdin'],
      ['kit', 'status'],
      ['feeds', 'export-opml', '--private'],
    ])
    expect(second[0]).toMatchObject({ data: { missingHere: planted.length, differentHere: 0 } })
    expect(second[1]).toMatchObject({ data: { restored: planted.length, kept: 0, otherProfile: false } })
    expect(second[2]).toMatchObject({ data: { secretCount: planted.length, missing: 0, outdated: false } })
    // What went in came out, password and all.
    const { text } = (second[3] as { data: { text: string } }).data
    expect(leaksIn(text).sort()).toEqual(planted.map(({ secret }) => secret).sort())
  },
  240_000,
)
