import type { NameSpan } from './names.ts'
import { toolNouns } from './words/tools.ts'

const nounPattern = `(?:${toolNouns})`
const usedBefore =
  /\b(?:use|uses|used|using|install|installs|installed|installing|(?:built|build|building|written|implemented|coded|write|wrote|based|run|runs|running|deployed|deploy) (?:it |this |that |them )?(?:with|in|on|using|on top of)|run|running|switch(?:ed|ing)? (?:to|from)|moved? (?:to|from)|migrat(?:e|ed|ing) (?:to|from)|adopt(?:ed|ing)?|download(?:ed)?|configure[ds]?|deploy(?:ed|ing)?|a fan of|familiar with|powered by|on top of|works? with|integrat(?:e|es|ed|ion) with|instead of|alternative to|version of|plugin for|support(?:s|ed)? for|client for|hosted (?:on|in)|stored? in|typed? (?:it )?into|organi[sz]e .{0,30}\bin|edit(?:ed)? .{0,30}\bin|transcribe[ds]? .{0,30}\bwith|(?:people|folks|team|makers|company|developers) behind)(?: (?:the|a|an|our|my|your|like|something like|things like|stuff like|tools like|just|also|both|either|and|or))*$/i
/** "wrote the checks in Rust", "write it down in Notion": only of what is known to be a tool. */
const usedLoosely =
  /\b(?:writ\w+|wrote|built|build\w*|implement\w*|cod\w+|keep|kept|track\w*|not(?:e|ed)|log\w*|plan\w*|stor\w+|put|draw|drew|record\w*|mak\w+|made|do|did|open\w*|sav\w+|run\w*) (?:[\w']+ ){0,5}(?:in|with|on)$/i
const introducedBefore = new RegExp(
  `\\b(?:${nounPattern}|(?:open[- ]source |side )?projects?|proof of concept)(?:,| that(?:'s| is)| which is| is)? (?:(?:that )?(?:i|we|they|he|she) (?:\\w+ )*)?(?:called|named|known as|like|such as)(?: the)?$`,
  'i',
)
const saidAfter = new RegExp(
  `^(?:['’]s)?,? (?:is|was|as|which is|,)? ?(?:a|an|the|another|this|our)(?: (?!of\\b|to\\b|in\\b)[\\w-]+){0,3} (?:${nounPattern}|open[- ]source project)\\b|^,? which is (?:free|open[- ]source|made for|built for|used for)\\b`,
  'i',
)
/** "A tool which I like is X", "It's called X" where a tool is spoken of. */
const isIt =
  /\b(?:tools?|apps?|editor|software|library|plugin|extension|program|emulator|website)\b[^.;]{0,80}\bis(?: just| called)?$/i
const isCalled = /\b(?:it['’]s|it is|one|which is|that['’]s|is|(?<=\w)['’]s)(?: just)? called$/i
const toolWord =
  /\b(?:tools?|apps?|editor|software|library|plugin|extension|program|terminal|emulator|website|service|database|language)\b/i
/** "I use X for …" */
const ownUse = /\b(?:i|we|you|they) (?:just |mostly |always |still |only |also |mainly |do )*use$/i
const afterUse = /^(?:[.,;!?]|$| (?:for|to|when|on|and|because|all|every|a lot|instead|as)\b)/i
/** "the X plugin", "an X user" */
const goesBefore =
  /^ (?:tool(?:s|set)?\b|CLI|API|SDK|plugin|extension|library|app|editor|IDE|framework|dashboard|compiler|operator|users?\b|config\b|configuration|bindings?|binary|setup\b|UI\b|store\b|account|install\b|files?\b|community\b|VM\b)\b/i
/** "If I had an app called Egg": no tool. */
const supposed = /\b(?:if (?:i|you|we)|imagine|suppose|let's say|don't have|doesn't exist|pretend)\b/i

const around = ({ sentence, from, to }: NameSpan): [string, string] => [
  sentence.text.slice(0, sentence.tokens[from]!.start).trimEnd(),
  sentence.text.slice(sentence.tokens[to - 1]!.end),
]

/** Said to be a tool: "a database called X", "X is an editor", "the X plugin". */
export function introduces(span: NameSpan, previous: string): boolean {
  const [before, after] = around(span)
  if (/^\w/.test(after) || supposed.test(before)) return false
  if (isIt.test(before)) return true
  if (isCalled.test(before) && toolWord.test(`${previous} ${before}`)) return true
  return (
    introducedBefore.test(before.replace(/["“]$/, '').trimEnd()) ||
    saidAfter.test(after) ||
    (goesBefore.test(after) && !/^\p{Lu}{2,3}$/u.test(span.text))
  )
}
/** 0 without a word of using before it, 2 where somebody says that they use it. */
export function usesOf(span: NameSpan, isListed: boolean): 0 | 1 | 2 {
  const [before, after] = around(span)
  // "HashiCorp's Vault", "Chesterton's fence": whose it is, not the tool.
  const owner = /['’]s?$/.test(span.sentence.tokens[span.to - 1]?.text ?? '')
  if (owner || /^['’]s\b/.test(after) || !(usedBefore.test(before) || (isListed && usedLoosely.test(before)))) return 0
  return ownUse.test(before) && afterUse.test(after) ? 2 : 1
}

const joint =
  /^,? ?(?:(?:and|or|versus|vs\.?|plus|rather than|instead of|over|to)(?: (?:the|like|even|maybe|also))*)?,?$/i

/** Names that stand side by side: "Flux, and Argo, and Kubernetes", "X or Y". */
export function neighboursOf(spans: readonly NameSpan[]): [NameSpan, NameSpan][] {
  const pairs: [NameSpan, NameSpan][] = []
  for (let index = 1; index < spans.length; index++) {
    const [left, right] = [spans[index - 1]!, spans[index]!]
    if (left.sentence !== right.sentence) continue
    const between = left.sentence.text
      .slice(left.sentence.tokens[left.to - 1]!.end, right.sentence.tokens[right.from]!.start)
      .trim()
    if (between !== '' && between.length < 24 && joint.test(between)) pairs.push([left, right])
  }
  return pairs
}
