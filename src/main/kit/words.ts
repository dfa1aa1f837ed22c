import { generateMnemonic, validateMnemonic } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { fail, ok, type Result } from '#shared/result.ts'

/** A guess of 60 bits costs more than any secret of a feed is worth: each try takes age's scrypt a second. */
const enoughBits = 60
/** Longer ones are judged by their beginning: the estimate is quadratic. */
const judgedCharacters = 120

/** Twelve words of 128 bits (BIP-39). Kept nowhere. */
export const suggestWords = (): string => generateMnemonic(wordlist, 128)

/**
 * As they are used for encryption: one space between words, none around; composed letters (NFC). Words of the list are
 * written small, since a person who copies them from paper may write them large.
 */
export function usedWords(typed: string): string {
  const words = typed.normalize('NFC').trim().replace(/\s+/g, ' ')
  const small = words.toLowerCase()
  return validateMnemonic(small, wordlist) ? small : words
}

/** For what is encrypted from now on, be it a kit or a backup. @returns the words as they are used */
export async function checkedWords(typed: string): Promise<Result<string, 'weak-words'>> {
  const words = usedWords(typed)
  if (words.length < 8 || (await bitsOf(words)) < enoughBits)
    return fail(
      'weak-words',
      'Somebody who has the file could guess these words. Nothing was written. Take more words that have nothing to do with each other (six or more), or the twelve that Inkwell suggests for a recovery kit.',
    )
  return ok(words)
}

/** How hard they are to guess, in bits: zxcvbn's estimate, which knows common passwords, keyboards, dates and repetitions. */
async function bitsOf(words: string): Promise<number> {
  // Its dictionaries take 70 ms to load: not at every start, for what is asked once a year.
  const { ZxcvbnFactory } = await import('@zxcvbn-ts/core')
  const { adjacencyGraphs, dictionary } = await import('@zxcvbn-ts/language-common')
  const judge = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs })
  return judge.check(words.slice(0, judgedCharacters)).guessesLog10 * Math.log2(10)
}
