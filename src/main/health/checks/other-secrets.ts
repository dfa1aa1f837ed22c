import { ok } from '#shared/result.ts'
import type { Storage } from '../../storage/storage.ts'
import { ChangedMeanwhile, type Found, found } from '../check.ts'
import type { ExpectedKey, ExpectedMove, Secrets } from '../ports.ts'
import { are, count } from '../words.ts'

export const keysFinding = (storage: Storage, secrets: Secrets, keys: readonly ExpectedKey[]): Found =>
  found({
    id: 'keychain/model-keys',
    severity: 'error',
    title: `The ${keys.length === 1 ? 'key' : 'keys'} of ${count(keys.length, 'provider')} of models ${are(keys.length)} not in the keychain any more.`,
    detail:
      'What was made with them is kept, and nothing is sent without a key. Enter it again in Settings, Models & keys, or restore it with your recovery kit.',
    subjects: keys.map(({ name }) => name),
    mend: {
      label: keys.length === 1 ? 'Ask for the key again' : 'Ask for the keys again',
      prepare: () => ({
        scope: 'Marks these providers in Settings. The keychain, your notes and the ledger are not touched.',
        rows: keys.map(({ name }) => ({ before: name, after: name, remark: 'will say that it needs its key' })),
        perform: () => {
          storage.write('health.mend.modelKeys', (tx) => {
            const still = new Set(secrets.expectedKeys().map(({ providerId }) => providerId))
            for (const key of keys) {
              if (!still.has(key.providerId)) throw new ChangedMeanwhile()
              secrets.askForKeyIn(tx, key)
              tx.audit(`model:${key.providerId}`, { keyKept: true }, { keyKept: false })
            }
          })
          return ok(
            `${count(keys.length, 'provider')} ${keys.length === 1 ? 'asks for its key' : 'ask for their keys'} again.`,
          )
        },
      }),
    },
  })

export const movesFinding = (storage: Storage, secrets: Secrets, moves: readonly ExpectedMove[]): Found =>
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
