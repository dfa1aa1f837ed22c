import { Modal } from '@mantine/core'
import { useState } from 'react'
import { formatCount, plural } from '../../lib/format.ts'
import { useCommand } from '../../lib/live.ts'
import { say } from '../../ui/index.ts'
import { ChooseKitWords } from './ChooseKitWords.tsx'
import { ProveKitWords } from './ProveKitWords.tsx'

export interface KitWords {
  readonly words: string
  /** Inkwell's suggestion, or the user's own. */
  readonly suggested: boolean
}

/** Words first, then the proof that they are written down, and only then the file. */
export function MakeKitDialog({ onClose }: { onClose: () => void }) {
  const make = useCommand('kit', 'make')
  const [chosen, setChosen] = useState<KitWords | null>(null)
  const [proving, setProving] = useState(false)
  const save = async (words: string) => {
    const made = await make.run({ words })
    if (!made.ok || !made.value) return
    const left = made.value.sessionOnly + made.value.missing
    say(
      `Recovery kit made: ${plural(made.value.secrets, 'secret')} in ${made.value.fileName}, opened again with your words.${left > 0 ? ` ${formatCount(left)} not in it.` : ''}`,
    )
    onClose()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title="Make a recovery kit"
      size={560}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {proving && chosen ? (
        <ProveKitWords
          chosen={chosen}
          saving={make.running}
          failure={make.failure}
          onBack={() => setProving(false)}
          onSave={() => void save(chosen.words)}
        />
      ) : (
        <ChooseKitWords
          chosen={chosen}
          onChosen={(words) => {
            setChosen(words)
            setProving(true)
          }}
          onClose={onClose}
        />
      )}
    </Modal>
  )
}
