import { expect, test } from 'vitest'
import { isOffered, proposeSuccessor } from './successor.ts'

const offered = [
  'claude-opus-4-5-20251101',
  'claude-haiku-4-5-20251001',
  'claude-sonnet-4-5-20250929',
  'claude-sonnet-5',
  'gemini-3.1-flash-lite',
  'gemini-3-flash-preview',
  'gemini-3.5-flash',
  'gemini-3.1-pro-preview',
  'gpt-5-mini',
  'gpt-5',
  'gpt-5.2',
  'qwen3:14b',
  'llama3.2:3b',
  'meta-llama/llama-4-maverick',
].map((id) => ({ id }))

test.each([
  ['claude-3-7-sonnet-20250219', 'claude-sonnet-4-5-20250929'],
  ['claude-sonnet-4-20250514', 'claude-sonnet-4-5-20250929'],
  ['claude-3-5-haiku-latest', 'claude-haiku-4-5-20251001'],
  ['claude-opus-4-1-20250805', 'claude-opus-4-5-20251101'],
  ['claude-sonnet-9', 'claude-sonnet-5'],
  ['gemini-2.5-flash', 'gemini-3.5-flash'],
  ['gemini-2.5-flash-lite', 'gemini-3.1-flash-lite'],
  ['gemini-2.5-pro', 'gemini-3.1-pro-preview'],
  ['gpt-4.1-mini', 'gpt-5-mini'],
  ['gpt-4.1', 'gpt-5'],
  ['qwen2.5:7b', 'qwen3:14b'],
  ['mistral-large-2411', null],
])('%s gives way to %s', (gone, successor) => {
  expect(proposeSuccessor(gone, offered)?.id ?? null).toBe(successor)
})

test.each([
  ['claude-sonnet-4-5', true],
  ['claude-sonnet-4-5-20250929', true],
  ['claude-sonnet-4', false],
  ['claude-haiku-4-5-latest', true],
  ['gemini-flash-latest', true],
  ['gpt-5', true],
  ['gpt-5-nano', false],
  ['qwen3', false],
  ['meta-llama/llama-4-maverick:free', true],
  ['llama3.2:3b', true],
])('%s is offered: %s', (id, expected) => {
  expect(isOffered(id, offered)).toBe(expected)
})
