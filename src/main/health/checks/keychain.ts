import { ok } from '#shared/result.ts'
import type { Storage } from '../../storage/storage.ts'
import { ChangedMeanwhile, type Check, type Found, found, type Mend } from '../check.ts'
import type { ExpectedSecret, Secrets } from '../ports.ts'
import { count, them } from '../words.ts'
import { keysFinding, movesFinding } from './other-secrets.ts'

/** A keychain that is locked may ask the user; the check does not wait for that. Milliseconds. */
const patienceMs = 4_000

/** Whether each secret that the database counts on can be had. No secret gets into the report. */
export function keychainCheck(deps: {
  readonly storage: Storage
  readonly secrets: Secrets
  /** A locked keychain may ask for its password: not at a start at which nothing else needs it. */
  readonly mayAskAtStart?: () => boolean
  readonly patienceMs?: number
}): Check {
  const { storage, secrets } = deps
  const within = <Value>(work: Promise<Value>): Promise<Value | 'no-answer'> => {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<'no-answer'>((resolve) => {
      timer = setTimeout(() => resolve('no-answer'), deps.patienceMs ?? patienceMs)
    })
    return Promise.race([work, late]).finally(() => clearTimeout(timer))
  }
  return {
    name: 'keychain',
    words: 'Asking the keychain',
    async run(pass) {
      const expected = secrets.expected()
      const moves = secrets.expectedMoves()
      const keys = secrets.expectedKeys()
      const needsWords = secrets.needsBackupWords()
      if (expected.length + moves.length + keys.length === 0 && !needsWords)
        return { title: 'Keychain', facts: 'no secrets to keep', findings: [] }
      if (!pass.full && deps.mayAskAtStart?.() === false)
        return { title: 'Keychain', facts: 'not asked at this start', findings: [] }
      if ((await within(secrets.answers())) !== true)
        return { title: 'Keychain', facts: 'does not answer', findings: [silent(expected)] }
      const states = new Map<ExpectedSecret, Awaited<ReturnType<ExpectedSecret['state']>>>()
      for (const secret of expected) {
        states.set(secret, await within(secret.state()))
        await pass.breathe()
      }
      const lostOf = async <Secret extends Pick<ExpectedSecret, 'state'>>(of: readonly Secret[]): Promise<Secret[]> => {
        const lost: Secret[] = []
        for (const secret of of) {
          const state = await within(secret.state())
          if (state === 'missing' || state === 'invalid') lost.push(secret)
          await pass.breathe()
        }
        return lost
      }
      const lostMoves = await lostOf(moves)
      const lostKeys = await lostOf(keys)
      const inState = (...wanted: string[]) => expected.filter((secret) => wanted.includes(states.get(secret)!))
      const findings: Found[] = []
      if (inState('no-answer').length > 0) findings.push(silent(inState('no-answer')))
      const words = needsWords ? await within(secrets.hasBackupWords()) : true
      if (words === false)
        findings.push(
          found({
            id: 'keychain/backup-words',
            severity: 'error',
            title: 'The passphrase of your backups is not in the keychain any more.',
            detail:
              'Backups that were made open with the words you chose. New ones cannot be encrypted: set the passphrase again under Backups, or restore it with your recovery kit.',
          }),
        )
      const missing = inState('missing')
      if (missing.length > 0)
        findings.push(
          found({
            id: 'keychain/missing',
            severity: 'error',
            title: `The ${missing.length === 1 ? 'password' : 'passwords'} of ${count(missing.length, 'feed')} ${missing.length === 1 ? 'is' : 'are'} not in the keychain any more.`,
            detail:
              'Episodes and notes are kept; only new episodes cannot be fetched. Restore them with your recovery kit, or type them again.',
            subjects: missing.map(({ name }) => name),
            mend: askAgain(storage, secrets, missing),
          }),
        )
      const invalid = inState('invalid')
      if (invalid.length > 0)
        findings.push(
          found({
            id: 'keychain/damaged',
            severity: 'error',
            title: `What the keychain has for ${count(invalid.length, 'feed')} is not what Inkwell put there.`,
            detail:
              'Nothing was erased. Episodes and notes are kept; only new episodes cannot be fetched until the password is typed again.',
            subjects: invalid.map(({ name }) => name),
            mend: askAgain(storage, secrets, invalid),
          }),
        )
      if (lostKeys.length > 0) findings.push(keysFinding(storage, secrets, lostKeys))
      if (lostMoves.length > 0) findings.push(movesFinding(storage, secrets, lostMoves))
      const all = expected.length + moves.length + keys.length
      const present = inState('valid').length + moves.length - lostMoves.length + keys.length - lostKeys.length
      return {
        title: `Keychain answers, ${count(present, 'secret')} present`,
        facts: findings.length === 0 ? 'all there' : `${all - present} of ${all} not there`,
        findings,
      }
    },
  }
}

const silent = (waiting: readonly ExpectedSecret[]): Found =>
  found({
    id: 'keychain/no-answer',
    severity: 'warning',
    title: 'The keychain does not answer.',
    detail: `It is locked, or there is none. ${waiting.length === 0 ? 'What needs a secret waits' : `${count(waiting.length, 'feed')} cannot be asked for new episodes`} until it answers; nothing else stops. Unlock it and check again.`,
    look: 'silent',
  })

const askAgain = (storage: Storage, secrets: Secrets, waiting: readonly ExpectedSecret[]): Mend => ({
  label: waiting.length === 1 ? 'Ask for its password again' : 'Ask for the passwords again',
  prepare: () => ({
    scope: 'Marks these feeds in your list. Episodes, notes and the keychain are not touched.',
    rows: waiting.map(({ name }) => ({
      before: name,
      after: name,
      remark: 'will say that it needs its password again',
    })),
    perform: () => {
      storage.write('health.mend.secrets', (tx) => {
        const still = new Set(secrets.expected().map(({ feedId }) => feedId))
        for (const { feedId } of waiting) {
          if (!still.has(feedId)) throw new ChangedMeanwhile()
          secrets.askAgainIn(tx, feedId)
          tx.audit(`feed:${feedId}`, null, { needsPassword: true })
        }
      })
      return ok(
        `${count(waiting.length, 'feed')} ${waiting.length === 1 ? 'asks' : 'ask'} for ${them(waiting.length)} password again.`,
      )
    },
  }),
})
