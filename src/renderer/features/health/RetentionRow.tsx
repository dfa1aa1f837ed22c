import { Select } from '@mantine/core'
import type { RetentionRule } from '#shared/contract/retention.ts'
import { formatBytes } from '../../lib/format.ts'
import { useCommand } from '../../lib/live.ts'
import { say } from '../../ui/index.ts'
import css from './lists.module.css'
import { byteOptions, dayOptions, daysWords, limitOf, optionOf, storedWords } from './retention-words.ts'

export function RetentionRow({ rule }: { rule: RetentionRule }) {
  const set = useCommand('retention', 'set')
  const change = async (input: Omit<Parameters<typeof set.run>[0], 'kind'>, words: string) => {
    const done = await set.run({ kind: rule.kind, ...input })
    say(done.ok ? `${rule.title}: ${words}.` : done.error.message, done.ok ? {} : { tone: 'warn' })
  }
  const setDays = (value: string | null) => {
    const days = limitOf(value)
    void change({ days }, days === null ? 'never removed' : `removed after ${daysWords(days)}`)
  }
  const setBytes = (value: string | null) => {
    const maxBytes = limitOf(value)
    void change({ maxBytes }, maxBytes === null ? 'no size limit' : `up to ${formatBytes(maxBytes)}`)
  }
  return (
    <div className={css.rule}>
      <div>
        <b>{rule.title}</b>
        <small>{storedWords(rule)}</small>
      </div>
      <div className={css.limits}>
        {rule.kind === 'media' && (
          <Select
            aria-label={`Size limit of ${rule.title}`}
            data={byteOptions(rule.maxBytes)}
            value={optionOf(rule.maxBytes)}
            onChange={setBytes}
            allowDeselect={false}
          />
        )}
        <Select
          aria-label={`Time limit of ${rule.title}`}
          data={dayOptions(rule.days)}
          value={optionOf(rule.days)}
          onChange={setDays}
          allowDeselect={false}
        />
      </div>
    </div>
  )
}
