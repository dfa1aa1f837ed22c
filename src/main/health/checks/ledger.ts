import { ok } from '#shared/result.ts'
import type { Storage } from '../../storage/storage.ts'
import { ChangedMeanwhile, type Check, found, hashOf, type Mend } from '../check.ts'
import type { Ledger, LedgerFacts } from '../ports.ts'
import { count, monthInWords } from '../words.ts'

/** Looked at on each start. */
const quickIds = 500

const dollars = (microUsd: number): string =>
  `$${(microUsd / 1_000_000).toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`

/**
 * Sums of the rows against the journal that is kept beside them. Ids are primary keys, so that one twice is for the
 * database's check; months whose rows are damaged themselves are for the check of rows.
 * @param damagedMonths months with entries whose own checksum does not fit
 */
export function ledgerCheck(deps: {
  readonly storage: Storage
  readonly ledger: Ledger
  readonly damagedMonths: () => ReadonlySet<string>
  /** Ids that are not UUIDv7. @param newest only of so many */
  readonly foreignIds: (newest: number | null) => readonly string[]
  /** The journal as it says itself, when its whole sum is the one of all rows; null when each month has to be looked at. */
  readonly quickFacts: () => LedgerFacts | null
}): Check {
  const { storage, ledger } = deps
  return {
    name: 'ledger',
    words: 'Adding up the ledger',
    async run(pass) {
      const quick = deps.quickFacts()
      const facts = (pass.full ? null : quick) ?? ledger.facts()
      await pass.breathe()
      const explained = facts.wrongMonths.length > 0 ? deps.damagedMonths() : new Set<string>()
      const wrong = facts.wrongMonths.filter(({ month }) => !explained.has(month))
      const strange = deps.foreignIds(pass.full ? null : quickIds)
      const findings = []
      if (wrong.length > 0)
        findings.push(
          found({
            id: 'ledger/sums',
            severity: 'error',
            title: `The ledger of ${count(wrong.length, 'month')} does not add up to its journal.`,
            detail:
              'The rows that are there are whole, each with its own checksum. Rows are missing, were added by another program, or the journal itself is damaged.',
            subjects: wrong.map(({ month, journal, rows }) => `${month}: journal ${journal}, rows ${rows}`),
            // Whole sums that agree hide what only the months, or the days, show.
            deep: quick !== null,
            mend: rebuild(storage, ledger, wrong),
          }),
        )
      if (strange.length > 0)
        findings.push(
          found({
            id: 'ledger/ids',
            severity: 'warning',
            title: `${count(strange.length, 'entry', 'entries')} of the ledger ${strange.length === 1 ? 'has' : 'have'} an id that Inkwell does not make.`,
            detail: 'The sums are not changed by it. Another program wrote there.',
            subjects: strange,
          }),
        )
      return {
        title: findings.length === 0 ? 'Ledger adds up to the cent' : 'Ledger',
        facts:
          facts.entries === 0
            ? 'no entries yet'
            : `${dollars(facts.totalMicroUsd)}${facts.since ? ` since ${monthInWords(facts.since)}` : ''}, ${count(facts.entries, 'entry', 'entries')}`,
        findings,
      }
    },
  }
}

type WrongMonths = ReturnType<Ledger['facts']>['wrongMonths']

const rebuild = (storage: Storage, ledger: Ledger, months: WrongMonths): Mend => ({
  label: months.length === 1 ? 'Take the rows’ sum' : 'Take the sums of the rows',
  prepare: () => ({
    scope: 'Changes the journal’s sums of these months only. No row of the ledger is touched.',
    rows: months.map(({ month, journal, rows }) => ({ before: journal, after: rows, remark: month })),
    perform: () => {
      storage.write('health.mend.ledger', (tx) => {
        const now = ledger.facts().wrongMonths.filter(({ month }) => months.some((one) => one.month === month))
        if (hashOf(now) !== hashOf(months)) throw new ChangedMeanwhile()
        for (const { month, journal, rows } of months) {
          ledger.rebuildMonthIn(tx, month)
          tx.audit(`month:${month}`, { journal }, { journal: rows })
        }
      })
      return ok(`The journal of ${count(months.length, 'month')} says what the rows add up to.`)
    },
  }),
})
