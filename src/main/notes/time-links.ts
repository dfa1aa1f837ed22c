import { inertUrl } from './links.ts'

const clock = String.raw`(?:\d{1,3}:)?\d{1,2}:\d{2}`
const ours = new RegExp(String.raw`\[(${clock})\]\(#t=(\d+)(?:\.\d+)?(?:,\d+(?:\.\d+)?)?\)`, 'g')
const withAddress = new RegExp(String.raw`\[(${clock})\]\(https?://[^\s()<>]*#t=(\d+)(?:\.\d+)?(?:,[\d.]+)?\)`, 'g')
const bare = new RegExp(String.raw`(?<![\[\]\\])\[(${clock})\](?![(:\[])`, 'g')

/**
 * `[41:12](#t=2472)`, which only Inkwell's reader follows, as it stands in the file: a link into the recording
 * (Media Fragments) where it has a public address, else plain `[41:12]`.
 */
export function timesToFile(markdown: string, recordingUrl: string | null): string {
  const url = recordingUrl === null ? null : inertUrl(recordingUrl.replace(/#.*$/s, ''))
  return markdown.replace(ours, (_, label: string, seconds: string) =>
    url === null ? `[${label}]` : `[${label}](${url}#t=${seconds})`,
  )
}

/** The way back: every time of either form is `[41:12](#t=2472)` again. */
export const timesFromFile = (markdown: string): string =>
  markdown
    .replace(withAddress, (_, label: string, seconds: string) => `[${label}](#t=${seconds})`)
    .replace(bare, (_, label: string) => `[${label}](#t=${secondsOf(label)})`)

const secondsOf = (label: string): number => label.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)

/** `41:12` or `1:02:03`; hours only where there are some. */
export function clockLabel(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const [hours, minutes, rest] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60, whole % 60]
  const two = (part: number): string => String(part).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}
