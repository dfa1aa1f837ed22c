const names: Readonly<Record<string, string>> = {
  english: 'en',
  german: 'de',
  french: 'fr',
  spanish: 'es',
  italian: 'it',
  portuguese: 'pt',
  dutch: 'nl',
  swedish: 'sv',
  norwegian: 'no',
  danish: 'da',
  finnish: 'fi',
  polish: 'pl',
  russian: 'ru',
  ukrainian: 'uk',
  turkish: 'tr',
  arabic: 'ar',
  hindi: 'hi',
  chinese: 'zh',
  japanese: 'ja',
  korean: 'ko',
}
const tag = /^([a-z]{2,3})(?:[-_][a-z0-9]{2,8})*$/i

/** `en-US`, `en_us`, `English` → a tag such as `en-US`; null when it is none. */
export function plainLanguage(value: string | null | undefined): string | null {
  const text = value?.trim() ?? ''
  const named = names[text.toLowerCase()]
  if (named) return named
  return tag.test(text) && text.length <= 35 ? text.replaceAll('_', '-') : null
}

/** `en-US` and `en` are one language. */
export const sameLanguage = (left: string, right: string): boolean =>
  left.split('-')[0]!.toLowerCase() === right.split('-')[0]!.toLowerCase()

const twoLetters = new Set(
  Object.values(names).concat([
    'cs',
    'el',
    'he',
    'hu',
    'id',
    'ro',
    'sk',
    'th',
    'vi',
    'ca',
    'bg',
    'hr',
    'sl',
    'sr',
    'nb',
    'fa',
  ]),
)

/** `talk.en.srt`, `talk.pt-BR.vtt` → the language in the name; null when there is none. */
export function languageOfFileName(fileName: string | null): string | null {
  const found = /[^.]\.([a-z]{2}(?:-[A-Za-z0-9]{2,8})?)\.[a-z0-9]{2,8}$/i.exec(fileName ?? '')?.[1]
  return found && twoLetters.has(found.slice(0, 2).toLowerCase()) ? found : null
}
