import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startFakeOpenAi } from './testing/fake-openai.ts'
import { canary, type ModelsHouse, must, openModelsHouse, providerNames } from './testing/models-house.ts'

let house: ModelsHouse
beforeEach(async () => {
  house = await openModelsHouse()
})
afterEach(() => house.close())

const posts = (name: (typeof providerNames)[number]) =>
  house.servers[name].seen.filter(({ method, path }) => method === 'POST' && !path.startsWith('/api/'))
const dayMs = 86_400_000

describe('keys', () => {
  it('are tried when they are entered, and one that is refused is not kept', async () => {
    must(await house.models.removeKey('claude'))
    house.servers.claude.lists({ status: 401 })
    const refused = await house.models.setKey({ id: 'claude', key: canary, where: 'keychain' })
    expect(refused).toMatchObject({ error: { code: 'key-refused', message: expect.stringContaining('was not kept') } })
    expect(house.models.providers()[0]!.key).toBe('missing')
    expect(await house.credentials.has('model/claude')).toBe(false)
    const kept = must(await house.models.setKey({ id: 'claude', key: canary, where: 'keychain', keepAnyway: true }))
    expect(kept).toMatchObject({ key: 'set', problem: { code: 'key-refused' } })
    house.servers.claude.lists(null)
    expect(must(await house.models.check('claude'))).toMatchObject({ key: 'set', problem: null })
    expect(house.ledger()).toEqual([])
  })

  it('are kept when the provider cannot be asked now, which is said', async () => {
    house.servers.gemini.lists({ status: 503 })
    const kept = must(await house.models.setKey({ id: 'gemini', key: ` ${canary}\n`, where: 'keychain' }))
    expect(kept).toMatchObject({ key: 'set', problem: { code: 'provider-down' } })
    expect(must(await house.models.connection('gemini')).key).toBe(canary)
  })

  it.each(['', ' ', 'two words', 'new\nline', 'ключ', 'x'.repeat(5_001)])(
    'that cannot be sent are refused: %j',
    async (key) => {
      const refused = await house.models.setKey({ id: 'claude', key, where: 'keychain' })
      expect(refused).toMatchObject({ error: { code: 'invalid-key' } })
    },
  )

  it('for the session leave nothing in the keychain', async () => {
    must(await house.models.removeKey('claude'))
    must(await house.models.setKey({ id: 'claude', key: canary, where: 'session' }))
    expect(house.models.providers()[0]!.key).toBe('session')
    expect(must(await house.models.connection('claude')).key).toBe(canary)
    expect(house.models.secretSubjects.list().map(({ subject }) => subject)).toEqual(['model/gemini', 'model/local'])
    expect(await house.credentials.getStored('model/claude')).toMatchObject({ value: null })
  })

  it('do not go into a keychain that is locked', async () => {
    must(await house.models.removeKey('claude'))
    house.lockKeychain(true)
    const locked = await house.models.setKey({ id: 'claude', key: canary, where: 'keychain' })
    expect(locked).toMatchObject({
      error: { code: 'keychain-unavailable', message: expect.stringContaining('session') },
    })
    expect(await house.models.removeKey('gemini')).toMatchObject({ error: { code: 'keychain-unavailable' } })
    expect(house.models.providers().map(({ key }) => key)).toEqual(['missing', 'set', 'set'])
  })

  it('are named to the recovery kit, without those of servers that are gone', async () => {
    expect(house.models.secretSubjects.list()).toEqual(
      ['claude', 'gemini', 'local'].map((id) => ({ subject: `model/${id}`, where: 'keychain' })),
    )
    must(await house.models.removeServer('local'))
    expect(house.models.secretSubjects.list().map(({ subject }) => subject)).not.toContain('model/local')
    expect(await house.credentials.has('model/local')).toBe(false)
  })

  it('of one server are never sent to another address it is given', async () => {
    const other = await startFakeOpenAi()
    must(await house.models.saveServer({ id: 'local', title: 'Moved', baseUrl: other.baseUrl, needsKey: true }))
    expect(house.models.providers()[2]).toMatchObject({ key: 'missing', title: 'Moved' })
    expect(await house.ask('local', [])).toMatchObject({ error: { code: 'key-missing' } })
    await house.models.check('local')
    expect(other.seen).toEqual([])
    // Also when the key could not be taken out of the keychain, as it was locked just then.
    const third = await startFakeOpenAi()
    must(await house.models.setKey({ id: 'local', key: canary, where: 'keychain' }))
    house.lockKeychain(true)
    must(await house.models.saveServer({ id: 'local', title: 'Moved', baseUrl: third.baseUrl, needsKey: true }))
    house.lockKeychain(false)
    expect(await house.credentials.has('model/local')).toBe(true)
    await house.models.check('local')
    expect(await house.ask('local', [])).toMatchObject({ error: { code: 'key-missing' } })
    expect(third.seen).toEqual([])
    await third.close()
    await other.close()
  })

  it('go by header only, to their own provider', async () => {
    for (const name of providerNames) await house.ask(name, [{}])
    const header = { claude: 'x-api-key', gemini: 'x-goog-api-key', local: 'authorization' } as const
    for (const name of providerNames)
      for (const request of house.servers[name].seen) {
        expect(request.headers[header[name]]).toBe(name === 'local' ? `Bearer ${canary}` : canary)
        expect(request.path).not.toContain(canary)
        expect(request.text).not.toContain(canary)
      }
  })
})

describe('servers', () => {
  const save = (baseUrl: string) => house.models.saveServer({ id: 'mine', title: 'Mine', baseUrl, needsKey: false })
  it.each([
    ['http://127.0.0.1:11434/v1/', 'http://127.0.0.1:11434/v1'],
    ['http://[::1]:8080/v1', 'http://[::1]:8080/v1'],
    ['http://192.168.1.20:8000/v1/chat/completions', 'http://192.168.1.20:8000/v1'],
    ['http://nas:1234', 'http://nas:1234'],
    ['http://gpu.local/v1', 'http://gpu.local/v1'],
    ['https://models.example.com/v1', 'https://models.example.com/v1'],
  ])('at %s are taken', async (typed, kept) => {
    expect(must(await save(typed)).baseUrl).toBe(kept)
  })

  it.each([
    'http://models.example.com/v1',
    'http://8.8.8.8/v1',
    'http://169.254.169.254/v1',
    'https://me:secret@models.example.com/v1',
    'https://models.example.com/v1?key=secret',
    'ftp://nas/v1',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'nas',
    '',
    'http://127.0.0.1:25/v1',
    'http://2130706433.example.com/v1',
  ])('at %j are refused', async (typed) => {
    const refused = await save(typed)
    expect(refused.ok).toBe(false)
    expect(refused.ok ? '' : refused.error.message).toMatch(/Nothing was changed\.$/)
    expect(JSON.stringify(refused)).not.toContain('secret')
    expect(house.models.providers()).toHaveLength(3)
  })

  it('take no name of a built-in one', async () => {
    for (const id of ['claude', 'gemini', 'offline'])
      expect(
        await house.models.saveServer({ id, title: 'x', baseUrl: 'http://127.0.0.1:1/v1', needsKey: false }),
      ).toMatchObject({ error: { code: 'name-taken' } })
  })

  it('a name by plain http that leads out of the own network is not asked', async () => {
    const address = { own: '127.0.0.1', outside: '93.184.216.34' }
    for (const [where, words] of [
      ['own', /does not answer at nas:9 /],
      ['outside', /outside your own network/],
    ] as const) {
      const other = await openModelsHouse({
        models: false,
        resolve: async () => [{ address: address[where], family: 4 }],
      })
      must(await other.models.saveServer({ id: 'mine', title: 'Mine', baseUrl: 'http://nas:9090/v1', needsKey: false }))
      expect(must(await other.models.check('mine')).problem?.message).toMatch(
        new RegExp(words.source.replace(':9 ', ':9090 ')),
      )
      await other.close()
    }
  })

  it('are free on the own network only, and what the user priced by hand stays', async () => {
    const price = () => house.prices.find('mine', 'any')?.entry.rates.input
    must(await save('http://127.0.0.1:9999/v1'))
    expect(price()).toBe(0)
    must(await save('https://models.example.com/v1'))
    expect(price()).toBeUndefined()
    must(await save('http://127.0.0.1:9999/v1'))
    must(await house.models.removeServer('mine'))
    expect(price()).toBeUndefined()
    must(await house.models.undoRemoveServer('mine'))
    expect(price()).toBe(0)
  })

  it('come back after they were removed, without their key', async () => {
    must(await house.models.removeServer('local'))
    expect(house.models.providers().map(({ id }) => id)).toEqual(['claude', 'gemini'])
    expect(await house.ask('local', [])).toMatchObject({ error: { code: 'no-such-provider' } })
    expect(must(await house.models.undoRemoveServer('local'))).toMatchObject({ title: 'Ollama', key: 'missing' })
    expect(await house.models.undoRemoveServer('local')).toMatchObject({ error: { code: 'no-such-provider' } })
    expect(await house.models.removeServer('claude')).toMatchObject({ error: { code: 'built-in' } })
  })
})

describe('lists of models', () => {
  it('have all pages, and only models that write or listen', async () => {
    house.servers.claude.setModels(['a', 'b', 'c', 'd', 'e'].map((letter) => ({ id: `claude-${letter}-1` })))
    house.servers.gemini.setModels(['a', 'b', 'c'].map((letter) => ({ id: `gemini-${letter}` })))
    house.servers.local.setModels([
      { id: 'qwen3' },
      { id: 'nomic-embed-text' },
      { id: 'whisper-large-v3' },
      { id: 'tts-1' },
    ])
    for (const id of providerNames) expect(must(await house.models.check(id)).problem).toBeNull()
    expect(house.models.list('claude').map(({ id }) => id)).toEqual([
      'claude-a-1',
      'claude-b-1',
      'claude-c-1',
      'claude-d-1',
      'claude-e-1',
    ])
    expect(house.models.list('gemini').map(({ id }) => id)).toEqual(['gemini-a', 'gemini-b', 'gemini-c'])
    expect(house.models.list('local')).toMatchObject([
      { id: 'qwen3', does: ['text'], price: { inputPerMillion: 0 } },
      { id: 'whisper-large-v3', does: ['transcription'] },
    ])
    expect(house.models.providers()[2]!.does).toEqual(['text', 'transcription'])
  })

  it('that cannot be read leave the one before', async () => {
    const before = house.models.list('claude')
    for (const reply of [
      { raw: '<html>' },
      { raw: '{"data":7}' },
      { raw: '[]'.repeat(9) },
      { status: 500 },
      { refuse: true },
    ]) {
      house.servers.claude.lists(reply)
      expect(must(await house.models.check('claude')).problem).not.toBeNull()
      expect(house.models.list('claude')).toEqual(before)
    }
  })

  it('of Ollama say how much it reads, not how much a model could', async () => {
    const server = await startFakeOpenAi([{ id: 'big:7b' }, { id: 'set:7b' }, { id: 'loaded:7b' }, { id: 'vectors' }], {
      'big:7b': { show: { model_info: { 'llama.context_length': 131_072 }, capabilities: ['completion'] } },
      'set:7b': {
        show: {
          model_info: { 'llama.context_length': 131_072 },
          parameters: 'stop "x"\nnum_ctx                        16384',
        },
      },
      'loaded:7b': { show: {}, loadedContext: 32_768 },
      vectors: { show: { capabilities: ['embedding'] } },
    })
    must(await house.models.saveServer({ id: 'ollama', title: 'Ollama', baseUrl: server.baseUrl, needsKey: false }))
    must(await house.models.check('ollama'))
    expect(house.models.list('ollama').map(({ id, contextLength }) => [id, contextLength])).toEqual([
      ['big:7b', 4_096],
      ['set:7b', 16_384],
      ['loaded:7b', 32_768],
    ])
    await server.close()
  })
})

describe('a model that is gone', () => {
  it('is found before money is spent, with what would take its place and its price', async () => {
    house.servers.claude.setModels([
      { id: 'claude-opus-4-5' },
      { id: 'claude-sonnet-5', title: 'Claude Sonnet 5' },
      { id: 'claude-haiku-4-5' },
    ])
    house.setNow(house.clock.now() + dayMs + 1)
    const result = await house.ask('claude', [])
    expect(result).toMatchObject({
      ok: false,
      error: {
        code: 'model-retired',
        message: expect.stringMatching(
          /does not offer claude-sonnet-4-5 any more\. Nothing was spent.*Claude Sonnet 5 can take its place, at \$1\.00 a million tokens in and \$10\.00 out/,
        ),
        details: { successor: { id: 'claude-sonnet-5', price: { inputPerMillion: 1_000_000 } } },
      },
    })
    expect(posts('claude')).toEqual([])
    expect(house.ledger()).toEqual([])
    must(
      house.models.assign('extraction', {
        choice: { providerId: 'claude', model: 'claude-sonnet-4-5' },
        fallback: null,
      }),
    )
    expect(house.models.assignments()[0]!.problem).toMatchObject({
      code: 'model-retired',
      successor: { id: 'claude-sonnet-5' },
    })
  })

  it('is looked for once more when the list is young, since it may be new', async () => {
    house.servers.claude.setModels([{ id: 'claude-sonnet-9' }])
    house.setNow(house.clock.now() + 120_000)
    expect((await house.ask('claude', [{}], { choice: { providerId: 'claude', model: 'claude-sonnet-9' } })).ok).toBe(
      true,
    )
  })

  it('holds nothing up while the list cannot be had, or the list is young and has it', async () => {
    const before = house.servers.claude.seen.length
    expect((await house.ask('claude', [{}])).ok).toBe(true)
    expect(house.servers.claude.seen).toHaveLength(before + 1)
    house.setNow(house.clock.now() + dayMs + 1)
    house.servers.claude.lists({ status: 500 })
    expect((await house.ask('claude', [{}])).ok).toBe(true)
  })

  it('is asked for once by ten requests at the same time', async () => {
    house.setNow(house.clock.now() + dayMs + 1)
    const before = house.servers.local.seen.filter(({ method }) => method === 'GET').length
    const all = await Promise.all(Array.from({ length: 10 }, () => house.ask('local', [{}])))
    expect(all.every(({ ok }) => ok)).toBe(true)
    const asked = house.servers.local.seen.filter(({ method, path }) => method === 'GET' && path === '/v1/models')
    expect(asked.length - before).toBeLessThanOrEqual(1)
  })
})

describe('who does what', () => {
  const claude = { providerId: 'claude', model: 'claude-sonnet-4-5' }
  const local = { providerId: 'local', model: 'qwen3:14b' }
  it('is this computer until the user says otherwise', () => {
    for (const { choice, fallback, microUsdPerHour, problem } of house.models.assignments())
      expect({ choice, fallback, microUsdPerHour, problem }).toEqual({
        choice: { providerId: 'offline', model: 'offline' },
        fallback: null,
        microUsdPerHour: 0,
        problem: null,
      })
  })

  it('is chosen by task, and by template where it has its own', () => {
    must(house.models.assign('extraction', { choice: claude, fallback: local }))
    expect(house.models.choiceFor('extraction')).toEqual({ choice: claude, fallback: local })
    must(house.models.setTemplateChoice('quotes', local))
    expect(house.models.choiceFor('extraction', 'quotes')).toEqual({ choice: local, fallback: local })
    expect(house.models.choiceFor('extraction', 'summary').choice).toEqual(claude)
    must(house.models.setTemplateChoice('quotes', null))
    expect(house.models.templateChoices()).toEqual([])
    expect(house.models.assignments()[0]!.microUsdPerHour).toBeGreaterThan(50_000)
    expect(
      house.models.assign('interview', { choice: { providerId: 'nobody', model: 'x' }, fallback: null }),
    ).toMatchObject({
      error: { code: 'no-such-provider' },
    })
  })

  it('says why a choice cannot be used now', async () => {
    must(house.models.assign('extraction', { choice: claude, fallback: null }))
    must(house.models.assign('interview', { choice: local, fallback: null }))
    await house.ask('claude', [{ status: 402 }])
    expect(house.models.assignments()[0]!.problem).toMatchObject({ code: 'credit-used-up' })
    expect((await house.ask('claude', [{}])).ok).toBe(true)
    expect(house.models.assignments()[0]!.problem).toBeNull()
    must(await house.models.removeKey('claude'))
    expect(house.models.assignments()[0]!.problem).toMatchObject({ code: 'key-missing' })
    must(await house.models.removeServer('local'))
    expect(house.models.assignments()[1]!.problem).toMatchObject({ code: 'no-such-provider' })
  })

  it('each change is in the trail, without a secret', async () => {
    must(house.models.assign('extraction', { choice: claude, fallback: null }))
    must(house.models.setTemplateChoice('quotes', local))
    must(await house.models.removeKey('claude'))
    const rows = house.storage.all<{ action: string }>(
      "SELECT action FROM audit WHERE action LIKE 'models.%' ORDER BY rowid",
    )
    expect(new Set(rows.map(({ action }) => action))).toEqual(
      new Set(['models.saveServer', 'models.setKey', 'models.assign', 'models.setTemplateChoice', 'models.removeKey']),
    )
    expect(JSON.stringify(house.storage.all('SELECT * FROM audit'))).not.toContain(canary)
  })
})
