/** What services need from the outside. Real ones are built in compose.ts; tests pass their own. */
import type { AppEvents } from '#shared/contract/types.ts'
import type { Failure, Result } from '#shared/result.ts'

export interface Clock {
  /** Milliseconds since 1970-01-01T00:00Z. */
  now(): number
}

export interface Ids {
  /** UUIDv7: sorts by time of making. */
  next(): string
}

export interface Log {
  info(operation: string, fields?: Record<string, unknown>): void
  warn(operation: string, fields?: Record<string, unknown>): void
  error(operation: string, fields?: Record<string, unknown>): void
}

export interface Events {
  emit<E extends keyof AppEvents>(event: E, payload: AppEvents[E]): void
  on<E extends keyof AppEvents>(event: E, listener: (payload: AppEvents[E]) => void): () => void
}

/** The OS keychain, or memory for this session. All may throw nothing: failures are values. */
export interface SecretStore {
  readonly kind: 'keychain' | 'session'
  get(account: string): Promise<Result<string | null, 'keychain-unavailable'>>
  set(account: string, secret: string): Promise<Result<null, 'keychain-unavailable'>>
  delete(account: string): Promise<Result<null, 'keychain-unavailable'>>
}

export interface HttpRequest {
  readonly url: string
  readonly headers?: Record<string, string>
  /** Sent to the origin of `url` only, and dropped on a redirect to another host. */
  readonly authorization?: string | undefined
  /** Decoded bytes; more is an error of code `too-large`. */
  readonly maxBytes: number
  /** Hosts (with port when not the scheme's own) that the user allowed on the local network. */
  readonly allowLocalHosts?: readonly string[]
  readonly signal?: AbortSignal | undefined
}
export interface HttpHop {
  readonly status: number
  readonly url: string
}
export interface HttpResponse {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Record<string, string>
  readonly body: Buffer
  /** Where the body came from after redirects. */
  readonly url: string
  /** Redirects on the way, in order. */
  readonly hops: readonly HttpHop[]
}
export type HttpFailureCode =
  | 'invalid-url'
  | 'address-refused' // local or private network, blocked port or scheme
  | 'dns-failed'
  | 'connect-failed'
  | 'tls-failed'
  | 'timed-out'
  | 'too-large'
  | 'too-many-redirects'
  | 'redirect-refused'
  | 'short-body'
  | 'bad-encoding'
  | 'cancelled'
/** GET with the limits and address rules of docs/architecture.md. Any HTTP status is ok: true. */
export interface Http {
  get(request: HttpRequest): Promise<Result<HttpResponse, HttpFailureCode>>
}

export interface DownloadRequest extends Omit<HttpRequest, 'maxBytes'> {
  /** Where it is written, absolute; beside it lies `<into>.json` until it is whole. What is there already is gone on with. */
  readonly into: string
  readonly maxBytes: number
  /** Asked when the size is known, and now and then while it is not: words when there is no room for these further bytes. */
  readonly roomFor?: (bytes: number) => Promise<string | null>
  /** @param total null when the server does not say */
  readonly onProgress?: (bytes: number, total: number | null) => void
}
export interface Downloaded {
  readonly bytes: number
  /** Lower-case names. */
  readonly headers: Record<string, string>
  readonly url: string
}
/** `status`: the server refused; `details.status` says how. */
export type DownloadFailureCode = HttpFailureCode | 'no-room' | 'status' | 'write-failed'
/** GET to a file, with the rules of `Http` and without its limit on time: one that goes on is left to go on. */
export interface Downloader {
  /** What came before a failure is kept and gone on with (Range, If-Range); it is never mixed with another version. */
  download(request: DownloadRequest): Promise<Result<Downloaded, DownloadFailureCode>>
}

export type WorkerName =
  | 'backup'
  | 'documents'
  | 'feed-parser'
  | 'transcript-parser'
  | 'recogniser'
  | 'media-facts'
  | 'extractor'
  | 'health'
  | 'kit'
/** Runs one task in a worker thread; a worker that passes its time or memory limit is ended, and the task fails. */
export interface WorkerRunner {
  run<Input, Output>(
    worker: WorkerName,
    input: Input,
    options: { timeoutMs: number; signal?: AbortSignal | undefined },
  ): Promise<Result<Output, 'worker-timed-out' | 'worker-failed' | 'cancelled'>>
}

/** What only a desktop can do. Headless has none. */
export interface Desktop {
  chooseFolder(title: string): Promise<string | null>
  chooseFiles(title: string, extensions: readonly string[]): Promise<string[]>
  chooseSavePath(title: string, fileName: string): Promise<string | null>
  showInFolder(path: string): void
  openFolder(path: string): Promise<void>
  openExternal(url: string): Promise<void>
  /** Ends the app as the user would, and starts it again. */
  relaunch(): void
}

export type AnyFailure = Failure<string>
