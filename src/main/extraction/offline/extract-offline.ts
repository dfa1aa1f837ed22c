import { fail, ok, type Result } from '#shared/result.ts'
import type { ExtractionFailure, ExtractionInput, NoteDraft, OfflineRecipe } from '../../services.ts'
import { type Analysis, analyse } from './analysis.ts'
import { booksMentioned } from './books-mentioned.ts'
import { frameworksMentioned } from './frameworks-mentioned.ts'
import { keyConcepts } from './key-concepts.ts'
import { peopleMentioned } from './people-mentioned.ts'
import { quotes } from './quotes.ts'
import type { Recipe } from './recipe.ts'
import { stepByStepPlan } from './step-by-step-plan.ts'
import { summary } from './summary.ts'
import { toolsMentioned } from './tools-mentioned.ts'

const recipes: Record<OfflineRecipe, Recipe> = {
  summary,
  quotes,
  'key-concepts': keyConcepts,
  'tools-mentioned': toolsMentioned,
  'books-mentioned': booksMentioned,
  'people-mentioned': peopleMentioned,
  'frameworks-mentioned': frameworksMentioned,
  'step-by-step-plan': stepByStepPlan,
}
/** These need only words that can be counted; the others need the grammar of English. */
const anyLanguage: ReadonlySet<OfflineRecipe> = new Set(['summary', 'quotes', 'key-concepts'])
const fewestWords = 40

export type TemplateResult = { template: string; result: Result<NoteDraft, ExtractionFailure> }

/** All templates from one analysis. Pure: the same input gives the same notes. */
export function extractOffline(input: ExtractionInput): TemplateResult[] {
  const analysis = analyse(input)
  return input.templates.map((template) => ({ template: template.name, result: make(analysis, template) }))
}

function make(
  analysis: Analysis,
  template: ExtractionInput['templates'][number],
): Result<NoteDraft, ExtractionFailure> {
  const { name, title, version, offlineRecipe } = template
  if (offlineRecipe === null)
    return fail(
      'needs-model',
      `“${title}” needs a language model, and none is set up. The other notes are made without one.`,
    )
  if (analysis.words < fewestWords)
    return fail(
      'transcript-empty',
      `The transcript has ${analysis.words} words, too few to make notes from. It is kept as it is.`,
    )
  const { language } = analysis
  if (!language.hasSpaces || (!language.isEnglish && !anyLanguage.has(offlineRecipe)))
    return fail(
      'language-not-supported',
      `“${title}” is made offline from English only; this transcript is in ${languageName(language.code)}. The transcript is kept.`,
    )
  const made = recipes[offlineRecipe](analysis)
  return ok({
    templateName: name,
    templateVersion: version,
    title,
    markdown: withRemarks(analysis, offlineRecipe, made.markdown),
    itemCount: made.itemCount,
    provider: 'offline',
    model: 'offline-1',
    costMicroUsd: 0,
    coveredFromSeconds: analysis.coveredFromSeconds,
    coveredToSeconds: analysis.coveredToSeconds,
  })
}

/** Says under the note what could not be done as well as elsewhere. */
function withRemarks(analysis: Analysis, recipe: OfflineRecipe, markdown: string): string {
  if (!anyLanguage.has(recipe)) return markdown
  const remarks = [
    ...(analysis.punctuated ? [] : ['The transcript has no punctuation, so that passages are cut at pauses.']),
    ...(analysis.language.isEnglish
      ? []
      : [
          `The transcript is in ${languageName(analysis.language.code)}: passages are chosen by the frequency of words.`,
        ]),
  ]
  return remarks.length === 0 ? markdown : `${markdown}\n\n*${remarks.join(' ')}*`
}

function languageName(code: string): string {
  if (code === 'und') return 'a language that was not recognised'
  try {
    return new Intl.DisplayNames(['en'], { type: 'language' }).of(code) ?? code
  } catch {
    return 'another language'
  }
}
