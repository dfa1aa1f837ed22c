import { ok, type Result } from '#shared/result.ts'
import type { ExampleValue, TemplatePrompt } from '../../services.ts'
import { type Fence, fenceRule } from './fence.ts'
import { clock } from './passages.ts'
import { compilePrompt, type PromptFailure, type PromptWarning, renderPrompt, unknownNames } from './prompt/render.ts'
import type { Translated } from './prompt/translate.ts'

/** What a template may say about the episode. */
export interface PromptSource {
  readonly feedTitle: string
  readonly episodeTitle: string
  readonly url: string | null
  readonly publishedAtMs: number | null
  readonly durationSeconds: number | null
  readonly language: string | null
  readonly descriptionText: string | null
  readonly persons: readonly string[]
}
export interface Prompt {
  readonly system: string
  readonly user: string
  readonly warnings: readonly PromptWarning[]
}
/** What this request sees. */
export interface Portion {
  /** The transcript, or a part of it, or notes of its parts. */
  readonly text: string
  /** Said after the template's own words; outside of every fence. */
  readonly remark: string | null
}

const mostCharacters = 12_000_000
/** A value that is longer, or has lines, is material and stands in a fence. */
const shortValue = 300

const formatRules = {
  json: 'Answer with one JSON value and nothing else: no words before or after it, no code fence.',
  yaml: 'Answer with one YAML document and nothing else: no words before or after it, no code fence.',
  text: 'Answer in plain text without any markup.',
  markdown: 'Answer in Markdown, without a first-level heading and without frontmatter.',
} as const

/** The exact request for one portion of the transcript. */
export function composePrompt(
  template: TemplatePrompt,
  source: PromptSource,
  portion: Portion,
  fence: Fence,
): Result<Prompt, PromptFailure> {
  const user = compilePrompt(template.userPromptTemplate, template.userLine)
  if (!user.ok) return user
  const system = compilePrompt(template.systemPrompt, template.systemLine)
  if (!system.ok) return system
  const scope = scopeOf(template, source, portion)
  const trusted = new Set(template.variables.flatMap(({ defaultText }) => defaultText ?? []))
  for (const example of template.examples) collectTexts(example, trusted)
  let fenced = false
  const show = (text: string): string => {
    const isMaterial = text !== '' && text === portion.text
    fenced ||= isMaterial
    if (isMaterial) return fence.wrap(text)
    if (trusted.has(text) || text === '') return text
    return text.length > shortValue || text.includes('\n') ? fence.wrap(text) : oneLine(text)
  }
  const render = (translated: Translated) => renderPrompt(translated, scope, show, mostCharacters)
  const systemText = render(system.value)
  if (!systemText.ok) return systemText
  const userText = render(user.value)
  if (!userText.ok) return userText
  const warnings = [
    ...unknownNames(system.value, scope, template.systemLine),
    ...unknownNames(user.value, scope, template.userLine),
  ]
  if (!fenced)
    warnings.push({
      line: template.userLine,
      message: '{{ transcript }} does not stand in the prompt by itself; it is put at the end.',
    })
  const usesExamples = user.value.reads.has('examples') || system.value.reads.has('examples')
  const blocks = [
    userText.value.trim(),
    ...(fenced ? [] : [fence.wrap(portion.text)]),
    ...(usesExamples || template.examples.length === 0 ? [] : [examplesText(template.examples)]),
    ...(portion.remark === null ? [] : [portion.remark]),
  ]
  return ok({
    system: [systemText.value.trim(), formatRules[template.expectedFormat], fenceRule(fence)]
      .filter((block) => block !== '')
      .join('\n\n'),
    user: blocks.join('\n\n'),
    warnings,
  })
}

function scopeOf(template: TemplatePrompt, source: PromptSource, portion: Portion): Record<string, unknown> {
  const seconds = source.durationSeconds
  const metadata = {
    podcast_name: source.feedTitle,
    episode_title: source.episodeTitle,
    episode_url: source.url ?? '',
    published_date: source.publishedAtMs === null ? '' : new Date(source.publishedAtMs).toISOString().slice(0, 10),
    duration_seconds: seconds ?? '',
    duration: seconds === null ? '' : clock(seconds),
    language: source.language ?? '',
    description: source.descriptionText ?? '',
    speakers: [...source.persons],
  }
  return {
    ...Object.fromEntries(template.variables.map(({ name, defaultText }) => [name, defaultText ?? ''])),
    ...metadata,
    metadata,
    examples: template.examples,
    few_shot_examples: template.examples,
    transcript: portion.text,
  }
}

function collectTexts(value: ExampleValue, into: Set<string>): void {
  if (typeof value === 'string') into.add(value)
  else for (const one of Object.values(value)) collectTexts(one as ExampleValue, into)
}

const examplesText = (examples: readonly ExampleValue[]): string =>
  ['Examples of good answers:', ...examples.map((example) => exampleText(example))].join('\n\n')
const exampleText = (example: ExampleValue): string =>
  typeof example === 'string' ? example : JSON.stringify(example, null, 2)

const oneLine = (text: string): string => text.replace(/[\p{Cc}\s]+/gu, ' ').trim()
