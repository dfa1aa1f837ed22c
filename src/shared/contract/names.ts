import type { Contract, Entry } from './define.ts'

/** feature → name → kind: all that the preload needs to know of the contract. */
export type ContractNames = Record<string, Record<string, Entry['kind']>>

export const channelOf = (feature: string, name: string): string => `${feature}.${name}`

export function namesOf(contract: Contract): ContractNames {
  return Object.fromEntries(
    Object.entries(contract).map(([feature, entries]) => [
      feature,
      Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, entry.kind])),
    ]),
  )
}
