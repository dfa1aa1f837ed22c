import { TemplateName } from '#shared/contract/templates.ts'
import { ok, type Result } from '#shared/result.ts'
import type { ExampleValue, OfflineRecipe } from '../services.ts'
import { booleanField, choiceField, FieldProblem, listField, numberField, textField } from './fields.ts'
import { invalid, readYamlMap, type YamlFailure, type YamlMap, type YamlValue } from './yaml-map.ts'

export const offlineRecipes = [
  'summary',
  'quotes',
  'key-concepts',
  'tools-mentioned',
  'books-mentioned',
  'people-mentioned',
  'frameworks-mentioned',
  'step-by-step-plan',
] as const satisfies readonly OfflineRecipe[]

export interface TemplateVariable {
  readonly name: string
  readonly description: string
  readonly defaultText: string | null
  readonly required: boolean
}

/** A template file in inkwell-cli's format, coerced field by field. */
export interface TemplateFile {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly systemPrompt: string
  /** Jinja2 and Liquid in their common subset. */
  readonly userPromptTemplate: string
  /** Where the words of the two begin in the file. */
  readonly systemLine: number
  readonly userLine: number
  /** `few_shot_examples`, every scalar as it is written. */
  readonly examples: readonly ExampleValue[]
  readonly expectedFormat: 'json' | 'markdown' | 'yaml' | 'text'
  readonly category: string
  readonly appliesTo: readonly string[]
  /** Lower is made first. */
  readonly priority: number
  readonly modelPreference: 'auto' | 'claude' | 'gemini'
  readonly maxTokens: number
  readonly temperature: number
  readonly variables: readonly TemplateVariable[]
  readonly offlineRecipe: OfflineRecipe | null
}

/** Names that are devices on Windows, where notes folders travel too. */
const deviceName = /^(con|prn|aux|nul|com\d|lpt\d)$/i

/** Fails with the first problem and its line. */
export function parseTemplate(source: string): Result<TemplateFile, YamlFailure> {
  const map = readYamlMap(source)
  if (!map.ok) return map
  try {
    return ok(fieldsOf(map.value, source))
  } catch (problem) {
    if (problem instanceof FieldProblem) return invalid(problem.line, problem.message)
    throw problem
  }
}

function fieldsOf(map: YamlMap, source: string): TemplateFile {
  const name = textField(map, 'name', { max: 100 })
  if (!TemplateName.safeParse(name).success || deviceName.test(name))
    throw new FieldProblem(
      map.entries.get('name')?.line ?? 1,
      `“${name}” cannot be a name. Use letters, digits, “-” and “_”, beginning with a letter or digit.`,
    )
  const variables = listField(map, 'variables').map(variableOf)
  return {
    name,
    version: textField(map, 'version', { max: 50, fallback: '1.0' }),
    description: textField(map, 'description', { max: 1_000, fallback: '' }),
    systemPrompt: textField(map, 'system_prompt', { max: 100_000, fallback: '' }),
    userPromptTemplate: textField(map, 'user_prompt_template', { max: 200_000 }),
    systemLine: wordsLine(source, map, 'system_prompt'),
    userLine: wordsLine(source, map, 'user_prompt_template'),
    examples: listField(map, 'few_shot_examples').slice(0, 50).map(exampleOf),
    expectedFormat: choiceField(map, 'expected_format', ['json', 'markdown', 'yaml', 'text'], 'markdown'),
    category: textField(map, 'category', { max: 100, fallback: 'general' }),
    appliesTo: listField(map, 'applies_to').map((item) => {
      if (item.kind !== 'text') throw new FieldProblem(item.line, '“applies_to” must hold words.')
      return item.text
    }),
    priority: numberField(map, 'priority', { min: 0, max: 1_000_000, integer: true, fallback: 0 }),
    modelPreference: choiceField(map, 'model_preference', ['auto', 'claude', 'gemini'], 'auto'),
    maxTokens: numberField(map, 'max_tokens', { min: 1, max: 1_000_000, integer: true, fallback: 2_000 }),
    temperature: numberField(map, 'temperature', { min: 0, max: 1, integer: false, fallback: 0.3 }),
    variables,
    offlineRecipe: recipeOf(map, variables),
  }
}

/** The words of a block (`|`, `>`) begin on the line after its mark. */
function wordsLine(source: string, map: YamlMap, name: string): number {
  const line = map.entries.get(name)?.line ?? 1
  return /(?:^|[:\s])[|>][+\-\d]*\s*(?:#.*)?$/.test(source.split('\n')[line - 1]?.trimEnd() ?? '') ? line + 1 : line
}

function exampleOf(value: YamlValue): ExampleValue {
  if (value.kind === 'text') return value.text
  if (value.kind === 'list') return value.items.map(exampleOf)
  if (value.kind === 'map') return Object.fromEntries([...value.entries].map(([key, one]) => [key, exampleOf(one)]))
  return ''
}

function variableOf(item: ReturnType<typeof listField>[number]): TemplateVariable {
  if (item.kind !== 'map') throw new FieldProblem(item.line, 'each of “variables” must have a “name”.')
  return {
    name: textField(item, 'name', { max: 100 }),
    description: textField(item, 'description', { max: 1_000, fallback: '' }),
    defaultText: textField(item, 'default', { max: 10_000, fallback: '' }) || null,
    required: booleanField(item, 'required', false),
  }
}

/** The variable `offline_recipe` says which of Inkwell's own recipes makes the note without a model. */
function recipeOf(map: YamlMap, variables: readonly TemplateVariable[]): OfflineRecipe | null {
  const at = variables.findIndex(({ name }) => name === 'offline_recipe')
  const wanted = variables[at]?.defaultText
  if (wanted === null || wanted === undefined) return null
  const recipe = offlineRecipes.find((candidate) => candidate === wanted)
  if (recipe === undefined)
    throw new FieldProblem(
      listField(map, 'variables')[at]?.line ?? map.line,
      `“offline_recipe” is “${wanted.slice(0, 40)}”; it must be one of ${offlineRecipes.join(', ')}.`,
    )
  return recipe
}
