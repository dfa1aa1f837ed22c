import { expect, it } from 'vitest'
import type { Storage } from '../storage/storage.ts'
import { keychainCheck } from './checks/keychain.ts'
import type { Secrets } from './ports.ts'
import { createPass } from './run.ts'

const pass = (full: boolean) => createPass({ full, signal: new AbortController().signal, onProgress: () => {} })
const storage = {} as Storage
const never = new Promise<never>(() => {})

it('does not wait for a keychain that never answers, nor for one secret of it', async () => {
  const secrets: Secrets = {
    expected: () => [{ feedId: 'f', name: 'Members only', state: () => never }],
    expectedMoves: () => [],
    expectedKeys: () => [],
    needsBackupWords: () => false,
    hasBackupWords: async () => true,
    answers: async () => true,
    askAgainIn: () => {},
    forgetMoveIn: () => {},
    askForKeyIn: () => {},
  }
  for (const silent of [secrets, { ...secrets, answers: () => never }]) {
    const { findings } = await keychainCheck({ storage, secrets: silent, patienceMs: 20 }).run(pass(true))
    expect(findings.map(({ id }) => id)).toEqual(['keychain/no-answer'])
  }
})

it('leaves a keychain alone at a start at which nothing else needs it', async () => {
  let asked = 0
  const secrets: Secrets = {
    expected: () => [{ feedId: 'f', name: 'Members only', state: async () => 'valid' }],
    expectedMoves: () => [],
    expectedKeys: () => [],
    needsBackupWords: () => false,
    hasBackupWords: async () => true,
    answers: async () => {
      asked += 1
      return true
    },
    askAgainIn: () => {},
    forgetMoveIn: () => {},
    askForKeyIn: () => {},
  }
  const check = keychainCheck({ storage, secrets, mayAskAtStart: () => false })
  await check.run(pass(false))
  expect(asked).toBe(0)
  await check.run(pass(true))
  expect(asked).toBe(1)
})
