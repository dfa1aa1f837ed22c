import { statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { giveBack } from './give-back.ts'
import { addEpisode, addFeed, addTranscript, openRetentionHouse, type RetentionHouse } from './retention-testing.ts'

let house: RetentionHouse
beforeEach(() => {
  house = openRetentionHouse()
})
afterEach(() => house.close())

const sizes = () => ['inkwell.db', 'inkwell.db-wal'].map((name) => statSync(join(house.folder, name)).size)

it('makes the file smaller only where nobody waits, and only when it is worth it', () => {
  const episodeId = addEpisode(house, { feedId: addFeed(house) })
  addTranscript(house, episodeId, 'file', 1)
  house.storage.writeUnaudited((tx) => {
    for (let index = 0; index < 45; index++)
      tx.run("INSERT INTO settings (name, value_json, updated_at_ms, row_sha256) VALUES (?, ?, 1, '')", [
        `big.${index}`,
        'x'.repeat(1_000_000),
      ])
  })
  expect(giveBack(house.storage, house.folder, true)).toBe(false)
  house.storage.writeUnaudited((tx) => tx.run("DELETE FROM settings WHERE name LIKE 'big.%'"))
  expect(giveBack(house.storage, house.folder, false)).toBe(false)
  const [before] = sizes()
  expect(before).toBeGreaterThan(45_000_000)
  expect(giveBack(house.storage, house.folder, true)).toBe(true)
  expect(sizes()).toEqual([expect.toSatisfy((bytes: number) => bytes < 2_000_000), 0])
  expect(house.storage.all('SELECT episode_id FROM transcripts')).toEqual([{ episode_id: episodeId }])
})
