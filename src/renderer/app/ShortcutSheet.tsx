import { Modal } from '@mantine/core'
import { inkwell } from '../lib/inkwell.ts'
import { isSingleKey, keyWords, type Shortcut, useShortcutStore } from '../lib/shortcuts.ts'
import { Kbd } from '../ui/Kbd.tsx'
import css from './shell.module.css'

const groups: Shortcut['group'][] = ['Anywhere', 'Lists', 'Episode']

/** Every key that works here and now. */
export function ShortcutSheet({ singleKeys, onClose }: { singleKeys: boolean; onClose: () => void }) {
  const shortcuts = Object.values(useShortcutStore((store) => store.byId))
  return (
    <Modal opened onClose={onClose} title="Keyboard" size={520} closeButtonProps={{ 'aria-label': 'Close' }}>
      {groups.map((group) => {
        const lines = [
          ...new Map(shortcuts.filter((one) => one.group === group).map((one) => [one.label, one])).values(),
        ]
        if (lines.length === 0) return null
        return (
          <section key={group} className={css.sheet}>
            <h3>{group}</h3>
            <dl>
              {lines.map((line) => (
                <div key={line.label} data-off={(!singleKeys && isSingleKey(line.keys)) || undefined}>
                  <dt>{line.label}</dt>
                  <dd>
                    {line.keys.split(' ').map((keys) => (
                      <Kbd key={keys} words={keyWords(keys, inkwell.platform)} />
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        )
      })}
      <p className="ik-dim">
        {singleKeys
          ? 'Single keys act only when no field has the focus. They can be switched off in Settings.'
          : 'Single keys are switched off in Settings.'}
      </p>
    </Modal>
  )
}
