import { expect, it } from 'vitest'
import type { ModelInfo, Provider } from '#shared/contract/models.ts'
import { choiceOf, keyOf, modelGroups, titleOf } from './model-groups.ts'

const model = (providerId: string, id: string, does: ModelInfo['does'] = ['text']): ModelInfo => ({
  providerId,
  id,
  title: id.toUpperCase(),
  contextLength: null,
  does,
  price: null,
})
const models = [model('claude', 'sonnet'), model('shop', 'org/qwen:14b'), model('shop', 'whisper', ['transcription'])]
const providers = [{ id: 'claude', title: 'Claude' }] as Provider[]

it('gives a choice back as it was, slashes in it too', () => {
  for (const choice of [
    { providerId: 'shop', model: 'org/qwen:14b' },
    { providerId: 'offline', model: 'offline' },
  ])
    expect(choiceOf(keyOf(choice))).toEqual(choice)
})

it('offers what writes, and what is chosen though nobody lists it', () => {
  expect(modelGroups(models, providers, { providerId: 'shop', model: 'org/qwen:14b' })).toEqual([
    { group: 'Claude', items: [{ value: 'claude/sonnet', label: 'SONNET' }] },
    { group: 'shop', items: [{ value: 'shop/org/qwen:14b', label: 'ORG/QWEN:14B' }] },
  ])
  const gone = { providerId: 'claude', model: 'gone' }
  expect(modelGroups(models, providers, gone).at(-1)).toEqual({
    group: 'Chosen',
    items: [{ value: 'claude/gone', label: 'gone' }],
  })
  expect(titleOf(gone, models)).toBe('gone')
  expect(titleOf({ providerId: 'claude', model: 'sonnet' }, models)).toBe('SONNET')
})
