import css from './ui.module.css'

/** Keys as written on this computer, e.g. `mod+1`. */
export function Kbd({ words }: { words: readonly string[] }) {
  return (
    <span className={css.keys}>
      {words.map((word) => (
        <kbd key={word}>{word}</kbd>
      ))}
    </span>
  )
}
