/**
 * Prints how long a two-hour talk (20,000 words) takes through all eight templates in a worker, from its start to the
 * answer: `node scripts/bench/extraction.ts`
 */
import { readFileSync } from 'node:fs'
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
const workers = createWorkerRunner(new URL('../../src/main/index.ts', import.meta.url))
const service = createExtractionService({ workers, log: silentLog })
const times: number[] = []
const cpu: number[] = []
for (let run = 0; run < 5; run++) {
  const started = performance.now()
  const before = process.cpuUsage()
  const made = await service.extract(
    { ...riverGauge(), chapters: [], templates: allTemplates, segments },
    { signal: new AbortController().signal },
  )
  times.push(performance.now() - started)
  const { user, system } = process.cpuUsage(before)
  cpu.push((user + system) / 1000)
  if (!made.ok || made.value.some(({ result }) => !result.ok)) throw new Error(JSON.stringify(made).slice(0, 500))
}
times.sort((left, right) => left - right)
cpu.sort((left, right) => left - right)
const show = (ms: number): string => `${Math.round(ms)} ms`
console.log(
  `extraction: ${words.toLocaleString('en')} words, ${allTemplates.length} templates, worker start and model included: ` +
    `median ${show(times[2]!)}, best ${show(times[0]!)}, worst ${show(times[4]!)}; ` +
    `processor time ${show(cpu[0]!)} to ${show(cpu[4]!)} (target 1,000 ms)`,
)
