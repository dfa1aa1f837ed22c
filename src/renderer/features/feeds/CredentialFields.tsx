import { PasswordInput, TextInput } from '@mantine/core'
import type { RefObject } from 'react'
import css from './feeds.module.css'

export interface CredentialValues {
  readonly username: string
  readonly password: string
  readonly token: string
  readonly useToken: boolean
}

/** Name and password, or a token; says to whom alone they are sent. */
export function CredentialFields(props: {
  values: CredentialValues
  onChange: (values: Partial<CredentialValues>) => void
  host: string | null
  /** The field to fix. */
  fieldRef?: RefObject<HTMLInputElement | null>
}) {
  const { values, onChange, host } = props
  const toggle = { visibilityToggleButtonProps: { 'aria-label': 'Show what is typed' } }
  return (
    <div className={css.credentials}>
      {values.useToken ? (
        <PasswordInput
          {...toggle}
          label="Token"
          ref={props.fieldRef}
          data-autofocus
          autoComplete="off"
          value={values.token}
          onChange={(event) => onChange({ token: event.currentTarget.value })}
        />
      ) : (
        <div className={css.pair}>
          <TextInput
            label="Name"
            ref={props.fieldRef}
            data-autofocus
            autoComplete="off"
            spellCheck={false}
            value={values.username}
            onChange={(event) => onChange({ username: event.currentTarget.value })}
          />
          <PasswordInput
            {...toggle}
            label="Password"
            autoComplete="off"
            value={values.password}
            onChange={(event) => onChange({ password: event.currentTarget.value })}
          />
        </div>
      )}
      <p className={css.caption}>
        {host ? (
          <>
            Sent to <b>{host}</b> only.{' '}
          </>
        ) : null}
        <button type="button" className="ik-link" onClick={() => onChange({ useToken: !values.useToken })}>
          {values.useToken ? 'Use a name and password' : 'It gave me a token instead'}
        </button>
      </p>
    </div>
  )
}
