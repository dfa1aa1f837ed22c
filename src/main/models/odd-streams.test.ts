import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ModelsHouse, openModelsHouse, type ProviderName, providerNames } from './testing/models-house.ts'

let house: ModelsHouse
const loose: unknown[] = []
const note = (error: unknown): void => void loose.push(error)
beforeAll(async () => {
  house = await openModelsHouse({ limits: { idleMs: 5_000, bodyBytes: 2_000_000 } })
  process.on('unhandledRejection', note)
})
afterAll(async () => {
  process.off('unhandledRejection', note)
  await house.close()
})

/** Streams as each provider sends them, to be damaged. */
const sound: Record<ProviderName, string> = {
  claude: [
    {
      type: 'message_start',
      message: {
        id: 'm',
        type: 'message',
        role: 'assistant',
        model: 'c',
        content: [],
        usage: { input_tokens: 9, output_tokens: 1 },
      },
    },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'The tide ' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'is noted.' } },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 5 } },
    { type: 'message_stop' },
  ]
    .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join(''),
  gemini: [
    { candidates: [{ content: { role: 'model', parts: [{ text: 'The tide ' }] }, index: 0 }] },
    {
      candidates: [{ content: { role: 'model', parts: [{ text: 'is noted.' }] }, finishReason: 'STOP', index: 0 }],
      usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 5 },
    },
  ]
    .map((event) => `data: ${JSON.stringify(event)}\r\n\r\n`)
    .join(''),
  local: `${[
    {
      id: 'c',
      object: 'chat.completion.chunk',
      created: 1,
      model: 'l',
      choices: [{ index: 0, delta: { role: 'assistant', content: 'The tide ' } }],
    },
    {
      id: 'c',
      object: 'chat.completion.chunk',
      created: 1,
      model: 'l',
      choices: [{ index: 0, delta: { content: 'is noted.' }, finish_reason: 'stop' }],
    },
    {
      id: 'c',
      object: 'chat.completion.chunk',
      created: 1,
      model: 'l',
      choices: [],
      usage: { prompt_tokens: 9, completion_tokens: 5 },
    },
  ]
    .map((event) => `data: ${JSON.stringify(event)}\n\n`)
    .join('')}data: [DONE]\n\n`,
}

const nasty = [
  '{}',
  'null',
  '[]',
  '7',
  '"x"',
  '{"type":null}',
  '{"error":null}',
  '{"error":{}}',
  '{"choices":null}',
  '{"choices":[null]}',
  '{"candidates":[{}]}',
  '{"candidates":"x"}',
  '{"__proto__":{"usage":1}}',
  '{"constructor":{"prototype":{}}}',
  '{"type":"message_start"}',
  '{"type":"message_start","message":7}',
  '{"type":"message_delta"}',
  '{"type":"content_block_delta","index":99,"delta":{"type":"text_delta","text":"x"}}',
  '{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"write_file","input":{}}}',
  '{"type":"error"}',
  '{"usage":{"prompt_tokens":{}}}',
  '[DONE]',
  `${'['.repeat(60_000)}`,
  `{"a":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_001)}`,
  `"${'x'.repeat(300_000)}"`,
  '\u0000',
  '{"candidates":[{"content":{"parts":[{"functionCall":{"name":"rm","args":{}}}]}}]}',
  '{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"t","function":{"name":"rm","arguments":"{}"}}]}}]}',
]

const damage = fc.oneof(
  fc.record({ do: fc.constant('cut' as const), at: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({ do: fc.constant('flip' as const), at: fc.double({ min: 0, max: 1, noNaN: true }), byte: fc.nat(255) }),
  fc.record({
    do: fc.constant('event' as const),
    at: fc.nat(8),
    event: fc.oneof(fc.constantFrom(...nasty), fc.json()),
  }),
  fc.record({ do: fc.constant('drop' as const), at: fc.nat(8) }),
  fc.record({ do: fc.constant('twice' as const), at: fc.nat(8) }),
  fc.record({ do: fc.constant('noise' as const), bytes: fc.uint8Array({ maxLength: 200 }) }),
)
type Damage = typeof damage extends fc.Arbitrary<infer Kind> ? Kind : never

function damaged(text: string, steps: readonly Damage[]): Buffer {
  let bytes = Buffer.from(text)
  for (const step of steps) {
    const events = bytes.toString('latin1').split(/(?<=\n\r?\n)/)
    const put = (changed: string[]): Buffer<ArrayBuffer> => Buffer.from(changed.join(''), 'latin1')
    if (step.do === 'cut') bytes = bytes.subarray(0, Math.floor(bytes.length * step.at))
    else if (step.do === 'flip' && bytes.length > 0) bytes[Math.floor((bytes.length - 1) * step.at)] = step.byte
    else if (step.do === 'noise') bytes = Buffer.concat([bytes, step.bytes])
    else if (step.do === 'event')
      bytes = put(events.toSpliced(step.at, 0, `data: ${Buffer.from(step.event).toString('latin1')}\n\n`))
    else if (step.do === 'drop') bytes = put(events.toSpliced(step.at, 1))
    else if (step.do === 'twice') bytes = put(events.toSpliced(step.at, 0, ...events.slice(step.at, step.at + 1)))
  }
  return bytes
}

it.each(providerNames)('whatever %s streams, a request ends with a result, a row and nothing held', async (name) => {
  let answers = 0
  await fc.assert(
    fc.asyncProperty(fc.array(damage, { maxLength: 4 }), async (steps) => {
      const rows = house.ledger().length
      house.servers[name].standing({ raw: damaged(sound[name], steps) })
      const result = await house.models.generate(house.request(name))
      if (result.ok) {
        answers++
        expect(typeof result.value.text).toBe('string')
      } else expect(result.error.message.length).toBeGreaterThan(40)
      const attempts = house.ledger().slice(rows)
      expect(attempts.length).toBeGreaterThanOrEqual(1)
      expect(attempts.length).toBeLessThanOrEqual(4)
      for (const { cost_micro_usd } of attempts) expect(cost_micro_usd).toBeGreaterThanOrEqual(0)
      expect(house.held()).toBe(0)
    }),
    { numRuns: 70, examples: [[[]], ...nasty.map((event): [Damage[]] => [[{ do: 'event', at: 2, event }]])] },
  )
  // A mutation that breaks everything would prove nothing.
  expect(answers).toBeGreaterThan(3)
  expect(loose).toEqual([])
})
