import { ok } from '#shared/result.ts'
import type { Storage } from '../../storage/storage.ts'
import { ChangedMeanwhile, type Check, type Found, found, type Mend } from '../check.ts'
import type { ExpectedMove, ExpectedSecret, Secrets } from '../ports.ts'
import { are, count, them } from '../words.ts'

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
      const needsWords = secrets.needsBackupWords()
      if (expected.length + moves.length === 0 && !needsWords)
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
      const lostMoves: ExpectedMove[] = []
      for (const move of moves) {
        const state = await within(move.state())
        if (state === 'missing' || state === 'invalid') lostMoves.push(move)
        await pass.breathe()
      }
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
      if (lostMoves.length > 0) findings.push(movesFinding(storage, secrets, lostMoves))
      return {
        title: `Keychain answers, ${count(inState('valid').length, 'secret')} present`,
        facts:
          findings.length === 0
            ? 'all there'
            : `${expected.length - inState('valid').length} of ${expected.length} not there`,
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
    detail: `It is locked, or there is none. ${count(waiting.length, 'feed')} cannot be asked for new episodes until it answers; nothing else stops. Unlock it and check again.`,
    look: 'silent',
  })

const movesFinding = (storage: Storage, secrets: Secrets, moves: readonly ExpectedMove[]): Found =>
  found({
    id: 'keychain/moves',
    severity: 'warning',
    title: `${count(moves.length, 'private address', 'private addresses')} of moves of feeds ${are(moves.length)} not in the keychain any more.`,
    detail:
      'The feeds are read from where they are now. A new address is proposed again when its feed is next read; an old one cannot be gone back to.',
    subjects: moves.map(({ name, display }) => `${name}: ${display}`),
    mend: {
      label: moves.length === 1 ? 'Forget the address' : `Forget the ${moves.length} addresses`,
      prepare: () => ({
        scope: 'Changes what Inkwell offers for these feeds. Their addresses, episodes and notes are not touched.',
        rows: moves.map(({ name, display, end }) => ({
          before: display,
          after: '',
          remark: `${name}: ${end === 'to' ? 'proposed again when it is next read' : 'its move cannot be undone any more'}`,
        })),
        perform: () => {
          storage.write('health.mend.moves', (tx) => {
            const still = new Set(secrets.expectedMoves().map(({ moveId, end }) => `${moveId} ${end}`))
            for (const move of moves) {
              if (!still.has(`${move.moveId} ${move.end}`)) throw new ChangedMeanwhile()
              secrets.forgetMoveIn(tx, move)
              tx.audit(`feed:${move.feedId}`, { move: move.display }, { move: null })
            }
          })
          return ok(`${count(moves.length, 'address', 'addresses')} forgotten.`)
        },
      }),
    },
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
