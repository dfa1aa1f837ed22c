/**
 * Prints how long a two-hour talk (20,000 words) takes through all eight templates in a worker, from its start to the
 * answer, and how much of that is the start and the model: `node scripts/bench/extraction.bench.ts [--json]`
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import type { Segment } from '#shared/contract/transcripts.ts'
import { allTemplates, readTalk, riverGauge } from '../../src/main/extraction/offline/fixtures/talk.ts'
import { createExtractionService } from '../../src/main/extraction/service.ts'
import { silentLog } from '../../src/main/log.ts'
import { createWorkerRunner } from '../../src/main/workers/runner.ts'

const wantedWords = 20_000
/** Swapped round by round, so that the long talk has the vocabulary of one, not of a short one said ten times. */
const swaps: Readonly<Record<string, readonly string[]>> = {
  river: ['glacier', 'harbour', 'orchard', 'hive', 'reservoir', 'marsh', 'quarry', 'estuary', 'vineyard', 'moor'],
  gauge: [
    'thermometer',
    'barometer',
    'scale',
    'seismograph',
    'hygrometer',
    'dosimeter',
    'logger',
    'probe',
    'meter',
    'rain trap',
  ],
  flood: ['avalanche', 'storm', 'frost', 'swarm', 'drought', 'blight', 'rockfall', 'surge', 'hailstorm', 'wildfire'],
  sensor: [
    'receiver',
    'antenna',
    'transmitter',
    'camera',
    'microphone',
    'relay',
    'detector',
    'beacon',
    'recorder',
    'coil',
  ],
  water: ['snow', 'salt', 'pollen', 'honey', 'silt', 'peat', 'granite', 'brine', 'must', 'heather'],
  swan: ['fox', 'gull', 'starling', 'badger', 'heron', 'goat', 'jackdaw', 'seal', 'wasp', 'grouse'],
  piano: ['loom', 'boat', 'press', 'frame', 'tank', 'pump', 'cart', 'winch', 'barrel', 'generator'],
  Floodline: [
    'Snowdesk',
    'Harbormaster',
    'Rootcellar',
    'Waggle',
    'Sluice',
    'Marshlight',
    'Plumbline',
    'Tidemark',
    'Mustard',
    'Peatlog',
  ],
  Brandt: ['Moreau', 'Okafor', 'Lindgren', 'Sato', 'Duarte', 'Novak', 'Haddad', 'Keller', 'Rossi', 'Byrne'],
}

function longTalk(): Segment[] {
  const file = new URL('../../src/main/extraction/offline/fixtures/river-gauge.txt', import.meta.url)
  const text = readFileSync(file, 'utf8')
  const segments: Segment[] = []
  let words = 0
  for (let round = 0; words < wantedWords; round++) {
    const varied = Object.entries(swaps).reduce(
      (all, [word, others]) => (round === 0 ? all : all.replaceAll(word, others[round % others.length]!)),
      text,
    )
    for (const segment of readTalk(varied)) {
      const startSeconds = words / 2.75
      words += segment.text.split(' ').length
      segments.push({ ...segment, startSeconds, endSeconds: words / 2.75 })
    }
  }
  return segments
}

const segments = longTalk()
const words = segments.reduce((sum, { text }) => sum + text.split(' ').length, 0)
const asJson = process.argv.includes('--json')
const rounds = 7

interface Run {
  readonly wallMs: number
  readonly cpuMs: number
}

/** As it is shipped: sources bundled, packages beside it. The folder is inside the project, where those are found. */
async function builtEntry(): Promise<URL> {
  const root = fileURLToPath(new URL('../../', import.meta.url))
  const folder = `${root}node_modules/.cache/extraction-bench/`
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    build: {
      ssr: `${root}src/main/workers/extractor.worker.ts`,
      outDir: `${folder}workers`,
      emptyOutDir: true,
      target: 'node24',
      rolldownOptions: { output: { entryFileNames: '[name].js' } },
    },
  })
  return new URL(`file://${folder}index.js`)
}

async function run(entry: URL, talk: readonly Segment[]): Promise<Run> {
  const service = createExtractionService({ workers: createWorkerRunner(entry), log: silentLog })
  const before = process.cpuUsage()
  const started = performance.now()
  const made = await service.extract(
    { ...riverGauge(), chapters: [], templates: allTemplates, segments: talk },
    { signal: new AbortController().signal },
  )
  const wallMs = performance.now() - started
  const { user, system } = process.cpuUsage(before)
  if (!made.ok || (talk === segments && made.value.some(({ result }) => !result.ok)))
    throw new Error(JSON.stringify(made).slice(0, 500))
  return { wallMs, cpuMs: (user + system) / 1000 }
}

async function measure(entry: URL, talk: readonly Segment[]): Promise<{ best: Run; median: Run }> {
  const runs: Run[] = []
  for (let round = 0; round < rounds; round++) runs.push(await run(entry, talk))
  const at = (key: keyof Run, index: number): number => runs.map((one) => one[key]).sort((a, b) => a - b)[index]!
  const middle = Math.floor(rounds / 2)
  return {
    best: { wallMs: at('wallMs', 0), cpuMs: at('cpuMs', 0) },
    median: { wallMs: at('wallMs', middle), cpuMs: at('cpuMs', middle) },
  }
}

const figures = []
for (const [name, entry] of [
  ['as built', await builtEntry()],
  ['from sources', new URL('../../src/main/index.ts', import.meta.url)],
] as const) {
  const start = await measure(entry, segments.slice(0, 3))
  const all = await measure(entry, segments)
  figures.push({ name, words, templates: allTemplates.length, start, all })
}
if (asJson) console.log(JSON.stringify({ extraction: figures, targetMs: 1000 }))
else {
  const show = ({ best, median }: { best: Run; median: Run }): string =>
    `best ${Math.round(best.wallMs)} ms, median ${Math.round(median.wallMs)} ms; processor time ${Math.round(best.cpuMs)} and ${Math.round(median.cpuMs)} ms`
  console.log(`extraction: ${words.toLocaleString('en')} words, ${allTemplates.length} templates (target 1,000 ms)`)
  for (const { name, start, all } of figures) {
    console.log(`  ${name}: ${show(all)}`)
    console.log(`    of which starting the worker and loading the model: ${show(start)}`)
  }
}
