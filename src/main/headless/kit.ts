import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { House } from '../compose.ts'
import type { ParsedArguments } from './arguments.ts'
import type { CommandResult, Io } from './output.ts'
import { count, dateOf, done, failed } from './words.ts'

type Run = (house: House, parsed: ParsedArguments, io: Io) => Promise<CommandResult>

/** `inkwell kit make|test|restore|status` and `kit words`. */
export const recoveryKit: Run = async (house, parsed, io) => {
  const [what = 'status', file, ...more] = parsed.args
  const run = { status, words, make, test, restore }[what as 'status']
  if (!run) return usage('Say what to do with the kit: status, words, make, test or restore.')
  if (more.length > 0 || (file !== undefined && what !== 'test' && what !== 'restore'))
    return usage(`“kit ${what}” does not take “${more[0] ?? file}”.`)
  if ((what === 'test' || what === 'restore') && file === undefined)
    return usage(`“kit ${what}” needs the file of the kit.`)
  return run(house, parsed, io)
}

const status: Run = async ({ kit }) => {
  const now = await kit.status()
  const { madeAtMs, testedAtMs } = now
  return done(now, [
    now.keychain === 'available'
      ? `${count(now.secretCount, 'secret')} in the keychain.`
      : 'The keychain does not answer, or it is locked.',
    ...(now.sessionOnly > 0 ? [`${count(now.sessionOnly, 'secret')} for one session only: no kit can hold them.`] : []),
    ...(now.missing > 0 ? [`${count(now.missing, 'secret')} missing: their feeds need the password again.`] : []),
    madeAtMs === null
      ? 'No kit was made yet. Make one with: inkwell kit make --out FILE --words-stdin'
      : `Kit made on ${dateOf(madeAtMs)}${testedAtMs === null ? '' : `, last opened on ${dateOf(testedAtMs)}`}.`,
    ...(now.outdated ? ['It is outdated: secrets were added or changed since. Make a new one.'] : []),
  ])
}

const words: Run = async ({ kit }) => {
  const suggested = kit.suggestWords()
  return done(suggested, [suggested.words])
}

const make: Run = async (house, { given }, io) => {
  if (given.out === undefined) return usage('“kit make” needs --out FILE.')
  const typed = await wordsFrom(given, io)
  if (typeof typed !== 'string') return typed
  const path = resolve(io.cwd, given.out)
  // The older one may hold secrets that this computer has lost.
  if (existsSync(path))
    return failed({
      code: 'file-exists',
      message: `${path} is there already. Nothing was written. Choose another name.`,
      retryable: false,
    })
  const made = await house.kit.makeAt(path, typed)
  if (!made.ok) return failed(made.error)
  const { secrets, sessionOnly, missing } = made.value
  return done({ path, ...made.value }, [
    `${count(secrets, 'secret')} written to ${path}, read back and compared. Keep it away from this computer, and the words away from it.`,
    ...(sessionOnly > 0 ? [`Not in it: ${count(sessionOnly, 'secret')} for one session only.`] : []),
    ...(missing > 0 ? [`Not in it: ${count(missing, 'secret')} that the keychain lost. Keep the older kit too.`] : []),
  ])
}

const test: Run = async (house, { args, given }, io) => {
  const typed = await wordsFrom(given, io)
  if (typeof typed !== 'string') return typed
  const tested = await house.kit.testAt(resolve(io.cwd, args[1]!), typed)
  if (!tested.ok) return failed(tested.error)
  const { madeAtMs, secrets, otherProfile, missingHere, differentHere } = tested.value
  return done(tested.value, [
    `The kit is whole: ${count(secrets, 'secret')}, made on ${dateOf(madeAtMs)}${otherProfile ? ' by another profile' : ''}.`,
    `${missingHere} missing here, ${differentHere} different here.`,
  ])
}

const restore: Run = async (house, { args, given }, io) => {
  const typed = await wordsFrom(given, io)
  if (typeof typed !== 'string') return typed
  const restored = await house.kit.restoreAt(resolve(io.cwd, args[1]!), typed, given.replace ?? false)
  if (!restored.ok) return failed(restored.error)
  await house.feeds.settled()
  const { restored: set, kept, otherProfile } = restored.value
  return done(restored.value, [
    `${count(set, 'secret')} restored into the keychain.`,
    ...(kept > 0 ? [`${kept} differ here and were left; --replace takes those of the kit.`] : []),
    ...(otherProfile ? ['They belong to another profile and wait for its backup: restore that next.'] : []),
  ])
}

/** Never on the command line, where every program here could read them. */
async function wordsFrom(given: ParsedArguments['given'], io: Io): Promise<string | CommandResult> {
  if (!given['words-stdin']) return usage('Give the words on standard input, with --words-stdin.')
  const typed = (await io.stdin()).trim()
  if (typed === '') return usage('There were no words on standard input.')
  return typed.length <= 1_000 ? typed : usage('More than 1,000 characters are no words of a kit.')
}

const usage = (message: string): CommandResult => failed({ code: 'usage', message, retryable: false })
