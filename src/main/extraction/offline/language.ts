import * as stopwordLists from 'stopword'

/** ISO 639-1 → the list's name. Languages of Latin script whose words are parted by spaces. */
const lists: Record<string, readonly string[]> = {
  en: stopwordLists.eng,
  de: stopwordLists.deu,
  fr: stopwordLists.fra,
  es: stopwordLists.spa,
  it: stopwordLists.ita,
  pt: stopwordLists.por,
  nl: stopwordLists.nld,
  sv: stopwordLists.swe,
  da: stopwordLists.dan,
  no: stopwordLists.nob,
  nb: stopwordLists.nob,
  fi: stopwordLists.fin,
  pl: stopwordLists.pol,
  cs: stopwordLists.ces,
  ro: stopwordLists.ron,
  hu: stopwordLists.hun,
  tr: stopwordLists.tur,
  ca: stopwordLists.cat,
  hr: stopwordLists.hrv,
  id: stopwordLists.ind,
  vi: stopwordLists.vie,
  ru: stopwordLists.rus,
  uk: stopwordLists.ukr,
  el: stopwordLists.ell,
}

export interface Language {
  /** ISO 639-1, or `und` when nothing fits. */
  readonly code: string
  readonly isEnglish: boolean
  readonly stopwords: ReadonlySet<string>
  /** The script parts words by spaces; without that nothing here can be counted. */
  readonly hasSpaces: boolean
}

/** By the words of the text; the tag of the feed decides only where the text does not. */
export function languageOf(words: readonly string[], tag: string | null): Language {
  const sample = words.slice(0, 6_000)
  const tagged = tag?.toLowerCase().split(/[-_]/)[0] ?? null
  let best = { code: 'und', share: 0 }
  for (const [code, list] of Object.entries(lists)) {
    // Nothing else has so many words of English.
    if (best.code === 'en' && best.share > 0.35) break
    const known = new Set(list)
    const hits = sample.reduce((sum, word) => sum + (known.has(word) ? 1 : 0), 0)
    // Long lists hit more by chance: each is weighed by what a list of its length finds.
    const share = hits / Math.max(1, sample.length) - list.length / 20_000 + (code === tagged ? 0.05 : 0)
    if (share > best.share + 0.001) best = { code, share }
  }
  const code = best.share > 0.15 ? best.code : (tagged ?? 'und')
  const text = sample.join('')
  const unspaced = text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu)?.length ?? 0
  return {
    code,
    isEnglish: code === 'en',
    stopwords: new Set(lists[code] ?? frequentShortWords(words)),
    hasSpaces: unspaced * 3 < text.length,
  }
}

/** Where there is no list: the words that are everywhere and short carry the grammar, in any language. */
function frequentShortWords(words: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts]
    .filter(([word, count]) => word.length <= 5 && count * 250 > words.length)
    .sort((left, right) => right[1] - left[1])
    .slice(0, 120)
    .map(([word]) => word)
}
