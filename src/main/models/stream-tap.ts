import type { ProviderKind } from '#shared/contract/models.ts'
import type { RawUsage } from './usage.ts'

/** What went by on the way to the client. */
export interface Tapped {
  /** Events that were JSON. */
  events: number
  readonly usage: RawUsage
  /** Gemini refuses a prompt without an answer and names the reason here. */
  blocked: string | null
  /** The first characters, for a body that is no stream of events. */
  head: string
}
type Entry = Record<string, unknown>
const isEntry = (value: unknown): value is Entry => typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Reads along with a stream of events. What a provider says of its use is taken here, as it is, and the client gets
 * plain numbers in its place: a client that throws over a missing or absurd count would lose an answer that was paid for.
 */
export function createTap(kind: ProviderKind): { tapped: Tapped; stream: TransformStream<Uint8Array, Uint8Array> } {
  const tapped: Tapped = { events: 0, usage: {}, blocked: null, head: '' }
  const decoder = new TextDecoder()
  const encoder = new TextEncoder()
  let rest: string[] = []
  const line = (text: string): string => {
    if (!text.startsWith('data:')) return text
    let event: unknown
    try {
      event = JSON.parse(text.slice('data:'.length))
    } catch {
      return text
    }
    if (!isEntry(event)) return text
    tapped.events++
    return takers[kind](event, tapped) ? `data: ${JSON.stringify(event)}` : text
  }
  const take = (text: string, controller: TransformStreamDefaultController<Uint8Array>): void => {
    if (tapped.head.length < headLength) tapped.head += text.slice(0, headLength - tapped.head.length)
    // Only the last line may be unfinished; it is put together once, however many pieces it comes in.
    const end = text.lastIndexOf('\n') + 1
    if (end === 0) return void rest.push(text)
    const whole = rest.join('') + text.slice(0, end)
    rest = [text.slice(end)]
    controller.enqueue(
      encoder.encode(
        whole
          .split('\n')
          .map((part) => (part.endsWith('\r') ? `${line(part.slice(0, -1))}\r` : line(part)))
          .join('\n'),
      ),
    )
  }
  return {
    tapped,
    stream: new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => take(decoder.decode(chunk, { stream: true }), controller),
      flush: (controller) => {
        const last = rest.join('') + decoder.decode()
        if (last !== '') controller.enqueue(encoder.encode(line(last)))
      },
    }),
  }
}

const headLength = 4_000

/** Counts that are given replace those before; the clean ones go on to the client. */
function note(into: RawUsage, usage: unknown): Entry {
  if (!isEntry(usage)) return {}
  for (const [name, value] of Object.entries(usage)) if (value !== undefined && value !== null) into[name] = value
  return Object.fromEntries(
    Object.entries(usage).filter(([, value]) => typeof value === 'number' && Number.isFinite(value)),
  )
}

/** Whether the event was changed. */
const takers: Record<ProviderKind, (event: Entry, tapped: Tapped) => boolean> = {
  claude: (event, { usage }) => {
    if (event.type === 'message_start' && isEntry(event.message)) {
      event.message.usage = { input_tokens: 0, output_tokens: 0, ...note(usage, event.message.usage) }
      return true
    }
    if (event.type !== 'message_delta') return false
    event.usage = { output_tokens: 0, ...note(usage, event.usage) }
    return true
  },
  gemini: (event, tapped) => {
    const feedback = event.promptFeedback
    if (isEntry(feedback) && typeof feedback.blockReason === 'string') tapped.blocked = feedback.blockReason
    if (!('usageMetadata' in event)) return false
    note(tapped.usage, event.usageMetadata)
    delete event.usageMetadata
    return true
  },
  'openai-compatible': (event, { usage }) => {
    if (!('usage' in event)) return false
    note(usage, event.usage)
    delete event.usage
    return true
  },
}
