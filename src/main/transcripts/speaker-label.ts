/** Words before a colon that begin a sentence rather than name a person. */
const leadIns = new Set(
  (
    'note notes warning caution remember example examples question answer ps nb tip tips update edit source sources ' +
    'conclusion summary introduction title date time location subject re fact spoiler hint bonus links link transcript ' +
    'chapter part step section figure table first second third also so okay ok well today however meaning http https ' +
    'author authors published duration length episode guests topics keywords tags url website email phone pros cons ' +
    'subtitle subtitles subtitled subs caption captions captioned translated translation synced ' +
    'hinweis achtung beispiel frage antwort quelle nota ejemplo exemple remarque'
  ).split(' '),
)
/** Labels that stand for sounds and breaks, not for a person. */
const notPeople = new Set(
  'break jingle outro intro music sponsor sponsors ad ads advertisement commercial applause laughter silence'.split(
    ' ',
  ),
)
const generic =
  /^(?:(?:unknown )?speaker|spk|host|co-?host|guest|interviewer|interviewee|narrator|moderator|participant|caller|announcer|sprecher(?:in)?|locuteur|orador|hablante)[ _-]?(?:\d{1,3}|[A-Z])?$/i
const particle = /^(?:de|da|do|dos|del|della|der|den|di|du|la|le|van|von|zu|bin|ibn|al|el|y|e|und|and|of|the|&|-)$/i
const nameWord = /^["'“(]?(?:\p{Lu}|\p{Lt}|\p{Lo}|\d)[\p{L}\p{M}\p{N}.'’\-_/]*[,)"'”]?$/u

/** Whether it stands for one voice without naming it: "Speaker 1", "SPEAKER_00", "Host". */
export const isGenericLabel = (label: string): boolean => generic.test(label.trim())

export const isBreakLabel = (label: string): boolean => notPeople.has(label.trim().toLowerCase())

export const isLeadIn = (label: string): boolean => leadIns.has(label.trim().toLowerCase())

/** Whether the words before a colon can be somebody's name: capitalised, at most five, no sentence. */
export function looksLikeName(label: string): boolean {
  const trimmed = label.trim()
  if (trimmed === '' || trimmed.length > 60 || isLeadIn(trimmed)) return false
  if (isGenericLabel(trimmed)) return true
  const words = trimmed.split(/\s+/)
  if (words.length > 6) return false
  const names = words.filter((word) => !particle.test(word))
  return names.length > 0 && names.length <= 5 && /\p{L}/u.test(names[0]!) && names.every((word) => nameWord.test(word))
}

const captionLabel =
  /^(?:>{2,9}\s*)?(?:\[([^\]\n]{1,60})\]|\(([^)\n]{1,60})\)|([^:\n[\]()]{1,60}(?:\([^)\n]{1,30}\))?))\s*(?::(?:\s+|$)|：\s*)/

/** `Maren: Hello` → the label and what it says; null when there is no label. */
export function splitLabel(text: string): { label: string; rest: string } | null {
  const onItsOwn = /^\[((?:speaker|spk)[ _-]?\d{1,3})\]\s*/i.exec(text)
  if (onItsOwn) return { label: onItsOwn[1]!, rest: text.slice(onItsOwn[0].length) }
  // No label is longer, and a megabyte of blanks would be tried at every place.
  const match = captionLabel.exec(text.slice(0, 300))
  if (!match) return null
  const label = (match[1] ?? match[2] ?? match[3])!.trim()
  return looksLikeName(label) ? { label, rest: text.slice(match[0].length).trim() } : null
}
