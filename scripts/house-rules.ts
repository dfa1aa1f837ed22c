/** The rules of the house that Biome cannot say. Prints each breach with its place; exit code 1 when there is one. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

export interface Breach {
  readonly file: string
  readonly line: number
  readonly rule: string
}

interface LineRule {
  readonly rule: string
  readonly applies: (file: string) => boolean
  readonly pattern: RegExp
}

const isTest = (file: string): boolean => /\.test\.tsx?$/.test(file)
const inSource = (file: string): boolean => /^src\/.*\.tsx?$/.test(file)

const lineRules: readonly LineRule[] = [
  {
    rule: 'only src/main/ipc touches ipcMain and webContents.send',
    applies: (file) => inSource(file) && !file.startsWith('src/main/ipc/'),
    pattern: /\bipcMain\b|\bwebContents\.send\b/,
  },
  {
    rule: 'only src/preload touches ipcRenderer',
    applies: (file) => inSource(file) && !file.startsWith('src/preload/'),
    pattern: /\bipcRenderer\b/,
  },
  {
    rule: 'only index.ts, ipc, desktop and preload import electron',
    applies: (file) => inSource(file) && !/^src\/(main\/(index\.ts|ipc\/|desktop\/)|preload\/)/.test(file),
    pattern: /from 'electron(\/main)?'|require\('electron'\)/,
  },
  {
    rule: 'the renderer knows main by contract types only',
    applies: (file) => file.startsWith('src/renderer/'),
    pattern: /from '.*\/main\/|^import \{[^}]*\} from '#shared\/contract\/(?!types)/,
  },
  {
    rule: 'no HTML from strings',
    applies: (file) => file.startsWith('src/renderer/') && !isTest(file),
    pattern: /dangerouslySetInnerHTML|\.innerHTML\s*=|insertAdjacentHTML/,
  },
  {
    rule: 'no test is alone or switched off',
    applies: (file) => isTest(file) || /^e2e\/[^/]*\.spec\.ts$/.test(file),
    pattern: /\b(it|test|describe)\.(only|todo|fixme)\b/,
  },
  {
    rule: 'nothing is left to do in the code',
    applies: (file) => inSource(file) || file.startsWith('e2e/') || file.startsWith('scripts/'),
    pattern: /\b(TODO|FIXME|XXX|HACK)\b(?!\\b|\|)|@ts-ignore|@ts-expect-error/,
  },
]

const maxLines = 400

export function breachesOf(file: string, text: string): Breach[] {
  const lines = text.split('\n')
  const breaches = lineRules
    .filter(({ applies }) => applies(file))
    .flatMap(({ rule, pattern }) =>
      lines.flatMap((content, index) => (pattern.test(content) ? [{ file, line: index + 1, rule }] : [])),
    )
  if (inSource(file) && lines.length > maxLines)
    breaches.push({ file, line: maxLines, rule: `no file over ${maxLines} lines (${lines.length})` })
  return breaches
}

if (import.meta.main) {
  const files = execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', 'src', 'e2e', 'scripts'],
    {
      encoding: 'utf8',
    },
  )
    .split('\n')
    .filter(
      (file) => /\.tsx?$/.test(file) && !file.startsWith('e2e/stand-in/') && !/^scripts\/house-rules\./.test(file),
    )
  const breaches = files.flatMap((file) => breachesOf(file, readFileSync(file, 'utf8')))
  for (const { file, line, rule } of breaches) console.error(`${file}:${line} ${rule}`)
  console.log(`House rules: ${files.length} files, ${breaches.length} breaches`)
  if (breaches.length > 0) process.exit(1)
}
