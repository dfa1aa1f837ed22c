/** A free name for a copy: `quotes-mine`, `quotes-mine-2` … */
export function copyName(name: string, taken: readonly string[]): string {
  const base = `${name.slice(0, 90)}-mine`
  let candidate = base
  for (let number = 2; taken.includes(candidate); number += 1) candidate = `${base}-${number}`
  return candidate
}

/** The YAML of a template under another name; the rest stays as it is, comments too. */
export const renamed = (yaml: string, name: string): string =>
  /^name:.*$/m.test(yaml) ? yaml.replace(/^name:.*$/m, `name: ${name}`) : `name: ${name}\n${yaml}`

/** "line 12" in a message of main, counted from 1; null without one. */
export const lineIn = (message: string): number | null => {
  const line = /\bline (\d+)/i.exec(message)?.[1]
  return line === undefined ? null : Number(line)
}

/** Where line `line` (from 1) lies in the text. */
export function rangeOfLine(text: string, line: number): [start: number, end: number] {
  const lines = text.split('\n')
  const index = Math.min(Math.max(line, 1), lines.length) - 1
  const start = lines.slice(0, index).reduce((sum, one) => sum + one.length + 1, 0)
  return [start, start + lines[index]!.length]
}

/** Puts the cursor's selection on a line and brings it into the middle of the field. */
export function goToLine(field: HTMLTextAreaElement, line: number): void {
  const lineCount = field.value.split('\n').length
  field.focus({ preventScroll: true })
  field.setSelectionRange(...rangeOfLine(field.value, line))
  field.scrollTo({ top: (field.scrollHeight / lineCount) * (line - 1) - field.clientHeight / 2, left: 0 })
}
