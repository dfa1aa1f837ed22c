import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { houseWith, row } from './ledger-testing.ts'

test('a file has every row, exact, and nothing that a spreadsheet would run', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'inkwell-costs-'))
  try {
    const drawn = fc.sample(row, { numRuns: 600, seed: 3 })
    const { money, rows } = houseWith(drawn)
    money.storage.writeUnaudited((tx) =>
      tx.run(`UPDATE episodes SET title = '=HYPERLINK("http://x")' || char(13) || char(10) || '"q",' WHERE id = 'e-1'`),
    )
    const path = join(folder, 'ledger.csv')
    expect(await money.book.exportFile(path, { format: 'csv' })).toEqual({ ok: true, value: { entries: 600 } })
    const records = parseCsv(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''))
    const [head, ...lines] = records
    expect(lines).toHaveLength(600)
    const column = (name: string): number => head!.indexOf(name)
    const total = lines.reduce((sum, line) => sum + Math.round(Number(line[column('cost_usd')] || 0) * 1e6), 0)
    expect(total).toBe(rows.reduce((sum, { entry }) => sum + (entry.cost_micro_usd ?? 0), 0))
    for (const line of lines) {
      expect(line).toHaveLength(head!.length)
      expect(line[column('cost_usd')]).toMatch(line[column('amount')] === 'unknown' ? /^$/ : /^\d+\.\d{6}$/)
      for (const cell of line) expect(cell).not.toMatch(/^[=+\-@\t\r]/)
    }
    expect(lines.some((line) => line[column('episode')] === `'=HYPERLINK("http://x")\r\n"q",`)).toBe(true)
    const json = join(folder, 'ledger.json')
    await money.book.exportFile(json, { format: 'json', provider: 'claude' })
    const entries = (JSON.parse(readFileSync(json, 'utf8')) as { entries: { provider: string }[] }).entries
    expect(entries).toHaveLength(rows.filter(({ entry }) => entry.provider === 'claude').length)
    expect(await money.book.exportFile(join(folder, 'no', 'such', 'x.csv'), { format: 'csv' })).toMatchObject({
      ok: false,
      error: { code: 'export-failed' },
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

/** RFC 4180, by the letter. */
function parseCsv(text: string): string[][] {
  const records: string[][] = []
  let cells: string[] = []
  let at = 0
  while (at < text.length) {
    expect(text[at]).toBe('"')
    let cell = ''
    for (at++; text[at] !== '"' || text[at + 1] === '"'; at++) {
      if (text[at] === '"') at++
      cell += text[at]
    }
    cells.push(cell)
    at++
    if (text[at] === ',') at++
    else {
      expect(text.slice(at, at + 2)).toBe('\r\n')
      at += 2
      records.push(cells)
      cells = []
    }
  }
  return records
}
