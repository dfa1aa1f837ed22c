/** "1 note", "2,114 notes". */
export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number.toLocaleString('en')} ${number === 1 ? one : many}`

/** The verb that goes with a count. */
export const are = (number: number): string => (number === 1 ? 'is' : 'are')
export const were = (number: number): string => (number === 1 ? 'was' : 'were')
export const have = (number: number): string => (number === 1 ? 'has' : 'have')
export const they = (number: number): string => (number === 1 ? 'it' : 'they')
export const They = (number: number): string => (number === 1 ? 'It' : 'They')
export const them = (number: number): string => (number === 1 ? 'it' : 'them')

/** e.g. "86 GB", in powers of ten as file managers show them. */
export function bytesInWords(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_000
    unit += 1
  }
  return `${value.toLocaleString('en', { maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0 })} ${units[unit]}`
}

/** "23 November 2026", by the computer's own calendar day. */
export const dayInWords = (atMs: number): string =>
  new Date(atMs).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })

/** "November 2026" for `2026-11`. */
export const monthInWords = (month: string): string =>
  new Date(`${month}-15T12:00:00Z`).toLocaleDateString('en-GB', { month: 'long', year: 'numeric' })
