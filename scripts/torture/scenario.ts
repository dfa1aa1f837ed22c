import type { Home } from './home.ts'

/** Something a person does that the house acknowledges, told in one place for every kind of trouble. */
export interface Scenario {
  readonly name: string
  /** Makes what is there before; the ground that all share is laid already. */
  prepare(home: Home): Promise<void>
  /** Before the house opens, e.g. an older schema. Paths only. */
  prepareClosed?(root: string): void
  /**
   * Does it. `ack` is called with what the house has acknowledged, at once and only then: after it, nothing may take it
   * away. Done again it goes on where it was.
   */
  act(home: Home, ack: (what: string) => void): Promise<void>
  /** What of the acknowledged is missing, and what is there that nobody asked for, in sentences. */
  /** Names of notes that the user edited or deleted before, which the manifest may not know yet. */
  readonly touched?: readonly string[]
  check(home: Home, acked: readonly string[]): Promise<string[]>
}

/** Texts of the user in the notes folder, which nothing may change. By path from the vault. */
export const userTexts: Readonly<Record<string, string>> = {
  'My own/diary.md': '# Diary\n\nNot of Inkwell.\n',
  'loose.md': 'A loose page.\n',
}
/** A secret that stands in no file, whatever happens. */
export const canary = 'c4n4ryT0rtur3Zq7Mx29'
