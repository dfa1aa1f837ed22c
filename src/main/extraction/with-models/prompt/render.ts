import { Liquid } from 'liquidjs'
import { fail, ok, type Result } from '#shared/result.ts'
import { variable } from './expression.ts'
import { asText, registerFilters } from './filters.ts'
import { PromptProblem } from './tokens.ts'
import { type Translated, translate } from './translate.ts'

export type PromptFailure = 'invalid-template'
export interface PromptWarning {
  readonly line: number
  readonly message: string
}
/** Template files hold 256 KB; words and expressions grow a little on the way to the engine. */
const longestSource = 2_000_000
const longestTime = 5_000
const mostSteps = 200_000

const invalid = (line: number | null, message: string) =>
  fail<PromptFailure>('invalid-template', line === null ? message : `Line ${line}: ${message}`, { details: { line } })

/** @param firstLine of the field in its file, so that the line named is the file's */
export function compilePrompt(source: string, firstLine = 1): Result<Translated, PromptFailure> {
  try {
    return ok(translate(source))
  } catch (problem) {
    if (problem instanceof PromptProblem) return invalid(problem.line + firstLine - 1, problem.message)
    throw problem
  }
}

/** Names that nothing stands for: they leave a hole in the prompt. */
export const unknownNames = (
  { reads }: Translated,
  known: Readonly<Record<string, unknown>>,
  firstLine = 1,
): PromptWarning[] =>
  [...reads]
    .filter(([name]) => !Object.hasOwn(known, name))
    .map(([name, line]) => ({
      line: line + firstLine - 1,
      message: `“${name}” is not known here and leaves nothing in its place.`,
    }))

/**
 * Renders with plain data only: no files, no functions, no prototype, within limits of time, steps and memory.
 * @param show what is written for a value: the place where data is fenced
 * @param mostCharacters of the result and of what is made on the way
 */
export function renderPrompt(
  { source, literals }: Translated,
  scope: Readonly<Record<string, unknown>>,
  show: (text: string) => string,
  mostCharacters: number,
): Result<string, PromptFailure> {
  let made = 0
  const grows = (characters: number): void => {
    made += characters
    if (made > 4 * mostCharacters) throw new PromptProblem(1, 'too long')
  }
  const engine = new Liquid({
    // An empty set: there is nothing to include.
    templates: {},
    groupedExpressions: true,
    strictFilters: true,
    ownPropertyOnly: true,
    cache: false,
    parseLimit: longestSource,
    renderLimit: longestTime,
    memoryLimit: 4 * mostCharacters + 1_000_000,
  })
  for (const name of Object.keys(engine.filters)) delete engine.filters[name]
  registerFilters(engine, grows)
  engine.registerFilter('words', (value: unknown) => asText(value))
  engine.registerFilter('shown', (value: unknown) => {
    const text = show(asText(value))
    grows(text.length)
    return text
  })
  try {
    const text: unknown = engine.parseAndRenderSync(
      source,
      { ...Object.fromEntries(Object.entries(scope).map(([name, value]) => [variable(name), value])), _s: literals },
      { templateLimit: mostSteps, renderLimit: longestTime },
    )
    return ok(String(text))
  } catch (error) {
    const name = (error as Error).name
    if (/limit|too long/i.test((error as Error).message))
      return invalid(null, 'This template makes a prompt that is longer, or takes longer, than Inkwell allows.')
    if (/ParseError|RenderError|UndefinedVariableError|TokenizationError|AssertionError/.test(name))
      return invalid(null, `This template cannot be run: ${(error as Error).message.split(', line:')[0]}.`)
    throw error
  }
}
