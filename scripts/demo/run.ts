import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compose } from '../../src/main/compose.ts'
import { runHeadless } from '../../src/main/headless/run.ts'
import { serveFolder } from './serve.ts'

const sample = fileURLToPath(new URL('../../assets/sample', import.meta.url))
const all =
  'summary,quotes,key-concepts,people-mentioned,books-mentioned,tools-mentioned,frameworks-mentioned,step-by-step-plan'
const entry = new URL('../../src/main/headless.ts', import.meta.url)

/** add → refresh → process → notes, each by the command a person would type. @returns the exit code */
export async function runDemo(folder: string, say: (words: string) => void): Promise<number> {
  const profile = join(folder, 'profile')
  const notes = join(folder, 'notes')
  const server = await serveFolder(sample)
  let exitCode = 0
  /** @returns what the command wrote to standard output */
  const inkwell = async (...args: string[]): Promise<string> => {
    let written = ''
    const silent = args.includes('--json')
    if (!silent) say(`\n$ inkwell ${args.map((arg) => (/\s/.test(arg) ? `"${arg}"` : arg)).join(' ')}\n`)
    const io = {
      out: (words: string) => {
        written += words
        if (!silent) say(words)
      },
      err: say,
      errIsTerminal: false,
      stdin: async () => '',
      env: { INKWELL_PROFILE: profile },
      cwd: folder,
      interrupted: new AbortController().signal,
    }
    exitCode ||= await runHeadless(args, io, {
      version: 'demo',
      open: (profilePath) => compose({ profilePath, entry, origin: 'headless', desktop: null }),
    })
    return written
  }
  try {
    say(`The sample feed is served at ${server.url}feed.xml\n`)
    await inkwell('feeds', 'add', '--allow-local', `${server.url}feed.xml`)
    await inkwell('feeds', 'refresh', 'The Lamp and the Log')
    await inkwell('episodes', 'The Lamp and the Log')
    const listed = JSON.parse(await inkwell('episodes', 'The Lamp and the Log', '--json')) as {
      data?: { episodes: { id: string }[] }
    }
    const newest = listed.data?.episodes[0]
    if (!newest) return exitCode || 1
    await inkwell('process', newest.id, '--out', notes, '--templates', all)
  } finally {
    await server.close()
  }
  if (exitCode !== 0) return exitCode

  const files = filesBelow(notes)
  say(`\n${notes}\n${treeOf(notes)}\n`)
  const note = files.find((path) => /key.?concepts/i.test(path)) ?? files.find((path) => path.endsWith('.md'))
  if (!note) return 1
  say(`--- ${relative(notes, note)} ---\n${readFileSync(note, 'utf8').trimEnd()}\n---\n\nThe notes are in ${notes}\n`)
  return 0
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .sort()

function treeOf(folder: string, indent = '  '): string {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((entry) =>
      entry.isDirectory()
        ? `${indent}${entry.name}/\n${treeOf(join(folder, entry.name), `${indent}  `)}`
        : `${indent}${entry.name}  ${statSync(join(folder, entry.name)).size.toLocaleString('en')} bytes`,
    )
    .join('\n')
}
