import type { z } from 'zod'
import type { FeedCandidate, FeedState } from '#shared/contract/feeds.ts'
import { fail, type Result } from '#shared/result.ts'
import { isLocalRefusal } from '../net/target.ts'
import type { HttpFailureCode } from '../ports.ts'

export type Candidate = z.infer<typeof FeedCandidate>
export type ProblemCode =
  | HttpFailureCode
  | 'needs-password'
  | 'refused'
  | 'protected' // a challenge for browsers (Cloudflare and the like)
  | 'not-found'
  | 'gone'
  | 'asked-to-wait'
  | 'server-error'
  | 'odd-status'
  | 'login-page'
  | 'not-a-feed'
  | 'broken'
  | 'document-refused'
  | 'empty-body'
  | 'parser-failed'
  | 'not-modified-unasked'
  | 'another-show'

/** Why a feed could not be read. Holds no address: hosts only. */
export interface Problem {
  readonly code: ProblemCode
  readonly host: string
  readonly status?: number
  readonly retryAfterMs?: number
  readonly candidates?: readonly Candidate[]
  /** From the parser or the network, in words. */
  readonly words?: string
  /** Of the challenge that came with a 401. */
  readonly scheme?: 'basic' | 'bearer'
  /** Credentials were sent. */
  readonly signedIn?: boolean
}
export type AddFailureCode =
  | 'needs-password'
  | 'refused'
  | 'not-found'
  | 'gone'
  | 'waiting'
  | 'not-a-feed'
  | 'login-page'
  | 'broken'
  | 'unreachable'
  | 'address-refused'
  | 'invalid-url'
  | 'cancelled'

interface Wording {
  readonly state: FeedState['kind']
  readonly add: AddFailureCode
  /** For the list. */
  readonly message: string
  /** For the dialog: what happened and what to do. */
  readonly told: string
  /** For the list: what to do, after what is kept. */
  readonly todo: string
  readonly retryable?: boolean
}

const isLocal = (words: string | undefined): boolean => words === undefined || isLocalRefusal(words)

function wordingOf({ code, host, status, words, signedIn, candidates }: Problem): Wording {
  const network = (message: string, told: string): Wording => ({
    state: 'unreachable',
    add: 'unreachable',
    message,
    told,
    todo: 'Inkwell tries again by itself, less and less often.',
    retryable: true,
  })
  switch (code) {
    case 'needs-password':
      return {
        state: 'needs-password',
        add: 'needs-password',
        message: `Needs its password${status ? ` (${status})` : ' again'}`,
        told: signedIn
          ? `${host} did not take this name and password (${status}). Check them: they may differ from your login on the show’s site.`
          : `The feed answered, but would not let us in (${status}). It is a members’ feed and wants a name and password. Most shows print these on the page where you copied the address; they may differ from your login there.`,
        todo: 'Give its name and password, or paste its private address once more.',
      }
    case 'refused':
      return {
        state: 'refused',
        add: 'refused',
        message: `Is refused by ${host} (${status})`,
        told: `${host} refuses this address (${status}). A private address may have expired: copy a fresh one from the show’s page. Some sites also refuse programs they do not know.`,
        todo: 'If it is private, copy a fresh address from the show’s page and add it.',
      }
    case 'protected':
      return {
        state: 'refused',
        add: 'refused',
        message: `${host} lets only browsers in${status ? ` (${status})` : ''}`,
        told: `${host} answers with a check that only a browser passes${status ? ` (${status})` : ''}, so its feed cannot be read. Look for another address of this show, for example on Apple Podcasts.`,
        todo: 'Inkwell tries again by itself; another address of the show may work.',
        retryable: true,
      }
    case 'not-found':
      return {
        ...network(
          `Is not found at its address (${status})`,
          `There is nothing at this address of ${host} (${status}). Check it for a missing piece, or paste the address of the show’s page.`,
        ),
        add: 'not-found',
        retryable: false,
      }
    case 'gone':
      return {
        state: 'gone',
        add: 'gone',
        message: `Has ended, says ${host} (410)`,
        told: `${host} says that this feed is gone for good (410). If the show lives on, its page has the new address.`,
        todo: 'It is not asked any more. If the show lives on elsewhere, add its new address.',
      }
    case 'asked-to-wait':
      return {
        state: 'waiting',
        add: 'waiting',
        message: `Asked for a pause (${status})`,
        told: `${host} asks for a pause (${status}). Try again later.`,
        todo: 'Inkwell asks again when the pause is over.',
        retryable: true,
      }
    case 'server-error':
      return network(`${host} has a fault (${status})`, `${host} has a fault of its own (${status}). Try again later.`)
    case 'odd-status':
      return network(`${host} answers ${status}`, `${host} answers ${status}, which is no feed. Check the address.`)
    case 'login-page':
      return {
        state: 'not-a-feed',
        add: 'login-page',
        message: 'Sends a login page, not a feed',
        told: `${host} answers with a login page, not with a feed. Inkwell cannot sign in there for you: look in your account for a private feed address, often under “Listen in your app”, and paste that.`,
        todo: 'Its private address may have expired: copy a fresh one from your account there and add it.',
      }
    case 'not-a-feed':
      return {
        state: 'not-a-feed',
        add: 'not-a-feed',
        message: 'Sends a web page, not a feed',
        told: `${host} answers, but not with a feed. ${words ?? 'Look on the page for “RSS” or a subscribe button and copy that address.'}`,
        todo: candidates?.length
          ? `The page links to ${candidates.length === 1 ? 'a feed that looks right' : `${candidates.length} feeds`}.`
          : 'Inkwell goes on asking, less and less often.',
      }
    case 'broken':
    case 'document-refused':
    case 'parser-failed':
      return {
        state: 'broken',
        add: 'broken',
        message: firstSentence(words) ?? 'Its XML cannot be read',
        told: `${host} sends a feed that cannot be read. ${firstSentence(words) ?? 'Its XML is broken'}. Only its publisher can mend that.`,
        todo: 'Only its publisher can mend it. Inkwell goes on asking.',
      }
    case 'empty-body':
      return network(`${host} answers with nothing`, `${host} answers, but with nothing in it. Try again later.`)
    case 'not-modified-unasked':
      return network(
        `${host} answers “unchanged” to a first question (304)`,
        `${host} answers as if Inkwell knew this feed already (304). Try again later.`,
      )
    case 'another-show':
      return {
        state: 'not-a-feed',
        add: 'not-a-feed',
        message: `Leads to another show at ${host}`,
        told: `The address leads to another show at ${host}.`,
        todo: 'None of the episodes there are the ones you have, so nothing was taken over.',
      }
    case 'address-refused':
      return {
        state: 'unreachable',
        add: 'address-refused',
        message: `${host} is refused for safety`,
        told: words ?? `${host} is on this computer or the local network.`,
        todo: isLocal(words)
          ? 'If you run this server yourself, add the feed again and allow the local network.'
          : 'Look for another address of the show and add it.',
      }
    case 'invalid-url':
      return {
        ...network('Has an address that cannot be read', words ?? 'That is not an address Inkwell can read.'),
        add: 'invalid-url',
        retryable: false,
      }
    case 'cancelled':
      return { ...network('Was cancelled', 'Cancelled. Nothing was added.'), add: 'cancelled' }
    case 'dns-failed':
      return network(
        `There is no ${host}, or no network`,
        `No server is known by the name ${host}, or there is no network. Check the address and the connection.`,
      )
    case 'tls-failed':
      return network(
        `${host} has no valid certificate`,
        words ?? `The connection to ${host} is not safe. Nothing was sent.`,
      )
    case 'timed-out':
      return network(`${host} does not answer in time`, `${host} did not answer in time. Try again later.`)
    case 'too-large':
      return {
        ...network(`${host} sends more than a feed can hold`, words ?? `${host} sends more than a feed can hold.`),
        state: 'broken',
        add: 'broken',
        todo: 'Only its publisher can mend it. Inkwell goes on asking.',
      }
    case 'bad-encoding':
    case 'short-body':
      return network(
        code === 'short-body' ? `${host} breaks off its answer` : `${host} sends a damaged answer`,
        words ?? `${host} sends a damaged answer. Try again later.`,
      )
    default:
      return network(`${host} cannot be reached`, words ?? `${host} cannot be reached. Try again later.`)
  }
}

/** What the network says of feeds that are followed already is not true of one that is being added. */
const addWords = (told: string): string => {
  const words = told.replace(/ What was there before is kept\./g, '')
  return /\bNothing was (?:added|sent)\b/.test(words) ? words : `${words} Nothing was added yet.`
}
const firstSentence = (words: string | undefined): string | null => words?.split(/\.(?:\s|$)/)[0] ?? null

/** For the add dialog. Nothing was added. */
export function problemToFailure(problem: Problem): Result<never, AddFailureCode> {
  const { add, told, retryable } = wordingOf(problem)
  return fail(add, addWords(told), {
    retryable: retryable ?? false,
    details: {
      host: problem.host,
      ...(problem.status === undefined ? {} : { status: problem.status }),
      ...(problem.scheme === undefined ? {} : { scheme: problem.scheme }),
      ...(problem.candidates?.length ? { candidates: problem.candidates.map((candidate) => ({ ...candidate })) } : {}),
      ...(add === 'address-refused' && isLocal(problem.words) ? { offer: 'allow-local-network' } : {}),
    },
  })
}

/** For the list. @param kept episodes that stay */
export function problemToState(problem: Problem, kept: number): Omit<FeedState, 'sinceMs'> {
  const { state, message, todo } = wordingOf(problem)
  const keptWords = kept === 0 ? '' : kept === 1 ? 'Its episode is kept. ' : `All ${kept} episodes are kept. `
  return { kind: state, message, detail: `${keptWords}${todo}` }
}
