import { TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import { dollarsField, parseDollars } from './cost-words.ts'
import css from './limits.module.css'

/** A sum in dollars: kept on Enter and when the field is left, as it was on Escape. */
export function DollarField(props: {
  label: string
  /** What it belongs to, for screen readers. */
  of: string
  value: number | null
  onChange: (microUsd: number | null) => void
}) {
  const { value } = props
  const [typed, setTyped] = useState(dollarsField(value))
  useEffect(() => setTyped(dollarsField(value)), [value])
  const parsed = parseDollars(typed)
  const keep = () => {
    if (parsed === 'not-a-sum') return
    setTyped(dollarsField(parsed))
    if (parsed !== value) props.onChange(parsed)
  }
  return (
    <TextInput
      className={css.field}
      label={
        <>
          {props.label}
          <span className="ik-hidden">, {props.of}, in dollars</span>
        </>
      }
      inputMode="decimal"
      leftSection={<span aria-hidden="true">$</span>}
      placeholder="no limit"
      maxLength={14}
      value={typed}
      error={parsed === 'not-a-sum' ? 'A sum such as 15.00' : null}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={keep}
      onKeyDown={(event) => {
        if (event.key === 'Enter') keep()
        if (event.key === 'Escape') setTyped(dollarsField(value))
      }}
    />
  )
}
