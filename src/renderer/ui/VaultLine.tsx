import { IconFolder } from '@tabler/icons-react'
import { useVault } from '../lib/use-vault.ts'
import { say } from './say.tsx'
import css from './ui.module.css'

/** Names the folder notes will go to, and lets it be changed. Shown until one is chosen, and when it is not there. */
export function VaultLine({ always = false }: { always?: boolean }) {
  const vault = useVault()
  if (!vault.state || !vault.path || (vault.state === 'ready' && !always)) return null
  const choose = async () => {
    const chosen = await vault.choose()
    if (!chosen.ok) say(chosen.error.message, { tone: 'warn' })
    else if (chosen.value) say(`Notes go to ${chosen.value.vaultPath}.`)
  }
  const words = {
    'not-chosen': 'Notes will go to',
    ready: 'Notes go to',
    missing: 'The notes folder is not there:',
    'read-only': 'The notes folder cannot be written:',
  }[vault.state]
  return (
    <p className={css.vaultLine} data-state={vault.state}>
      <IconFolder size={15} stroke={1.6} aria-hidden="true" />
      <span>
        {words} <b>{vault.path}</b>
      </span>
      <button type="button" className="ik-link" onClick={choose}>
        Choose another folder
      </button>
    </p>
  )
}
