/** Servers that speak OpenAI's API, with the address each has by default. */
export const knownServers: readonly {
  readonly id: string
  readonly title: string
  readonly baseUrl: string
  readonly needsKey: boolean
  readonly does: ('text' | 'transcription')[]
}[] = [
  { id: 'ollama', title: 'Ollama', baseUrl: 'http://127.0.0.1:11434/v1', needsKey: false, does: ['text'] },
  { id: 'lm-studio', title: 'LM Studio', baseUrl: 'http://127.0.0.1:1234/v1', needsKey: false, does: ['text'] },
  { id: 'vllm', title: 'vLLM', baseUrl: 'http://127.0.0.1:8000/v1', needsKey: false, does: ['text'] },
  { id: 'speaches', title: 'Speaches', baseUrl: 'http://127.0.0.1:8000/v1', needsKey: false, does: ['transcription'] },
  { id: 'openrouter', title: 'OpenRouter', baseUrl: 'https://openrouter.ai/api/v1', needsKey: true, does: ['text'] },
  {
    id: 'openai',
    title: 'OpenAI',
    baseUrl: 'https://api.openai.com/v1',
    needsKey: true,
    does: ['text', 'transcription'],
  },
  {
    id: 'groq',
    title: 'Groq',
    baseUrl: 'https://api.groq.com/openai/v1',
    needsKey: true,
    does: ['text', 'transcription'],
  },
]
