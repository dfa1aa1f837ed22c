import { State } from '../../ui/index.ts'
import { Row } from './Row.tsx'
import type { SectionProps } from './SettingsView.tsx'
import css from './settings.module.css'

export function Privacy({ settings }: SectionProps) {
  return (
    <>
      <p className={css.sub}>
        Passwords, tokens and the secret parts of private addresses go into this computer’s keychain. They cannot be
        read back, not even by this window.
      </p>
      <Row name="Keychain">
        {settings.keychain === 'available' ? (
          <State kind="ok">Found. Secrets are kept there and nowhere else.</State>
        ) : (
          <State kind="warn">
            None was found. A private feed can be added for this session only: its password is asked again after the
            next start. Nothing secret is written to disk.
          </State>
        )}
      </Row>
      <Row name="What leaves this computer">
        Requests to the feeds you follow and to the pages you paste, to read them. Notes are made on this computer
        unless you choose a model elsewhere in Models & keys: it is then sent the words they are made of. Inkwell sends
        no statistics.
      </Row>
    </>
  )
}
