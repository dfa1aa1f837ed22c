import type { Outcome } from './schedule.ts'

const number = (value: number): string => value.toLocaleString('en-GB')
const cell = (text: string, width: number, right = false): string => (right ? text.padStart(width) : text.padEnd(width))

/** What a reader can check: counts, planted faults, seeds and times of every family. */
export function table(outcomes: readonly Outcome[], seed: number, seconds: number): string {
  const head = ['family', 'points', 'states', 'faults', 'flips', 'planted', 'losses', 'processor', 'time']
  const rows = outcomes.map(({ family, points, states, faults, flips, planted, losses, processorSeconds, seconds }) => [
    family.title,
    ...[points, states, faults, flips].map(number),
    `${planted.filter(({ found }) => found).length}/${planted.length}`,
    number(losses.length),
    `${processorSeconds.toFixed(0)} s`,
    `${seconds.toFixed(0)} s`,
  ])
  const sum = (pick: (outcome: Outcome) => number): number => outcomes.reduce((total, one) => total + pick(one), 0)
  const all = outcomes.flatMap(({ planted }) => planted)
  rows.push([
    'in all',
    ...[sum((one) => one.points), sum((one) => one.states), sum((one) => one.faults), sum((one) => one.flips)].map(
      number,
    ),
    `${all.filter(({ found }) => found).length}/${all.length}`,
    number(sum(({ losses }) => losses.length)),
    `${sum((one) => one.processorSeconds).toFixed(0)} s`,
    `${seconds.toFixed(0)} s`,
  ])
  const widths = head.map((title, index) => Math.max(title.length, ...rows.map((row) => row[index]!.length)))
  const line = (row: readonly string[]): string =>
    row.map((text, index) => cell(text, widths[index]!, index > 0)).join('  ')
  const rule = widths.map((width) => '─'.repeat(width)).join('  ')
  const plantedLines = outcomes.flatMap(({ family, planted }) =>
    planted.map(
      ({ name, fault, found, words, processorSeconds }) =>
        `  ${found ? '✓' : '✗'} ${name} (${family.name}, ${processorSeconds.toFixed(0)} s): ${fault}${found ? '' : `. NOT FOUND: ${words}`}`,
    ),
  )
  const remarks = outcomes.flatMap(({ family, remarks }) => remarks.map((remark) => `  ${family.name}: ${remark}`))
  const losses = outcomes.flatMap(({ family, losses }) =>
    losses.slice(0, 20).map((loss) => `  ${family.name}: ${loss}`),
  )
  return [
    '',
    line(head),
    rule,
    ...rows.slice(0, -1).map(line),
    rule,
    line(rows.at(-1)!),
    ...(plantedLines.length > 0 ? ['', 'Planted faults (each must be found):', ...plantedLines] : []),
    ...(remarks.length > 0 ? ['', 'Remarks:', ...remarks] : []),
    ...(losses.length > 0 ? ['', 'LOSSES:', ...losses] : []),
    '',
    `Seed ${seed}. The same again: npm run torture -- --seed ${seed}`,
  ].join('\n')
}
