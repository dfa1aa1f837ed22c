import { ok, type Result } from '#shared/result.ts'
import type { TemplatePrompt, Templates } from '../services.ts'
import type { Models } from '../services-models.ts'
import type { Transaction } from '../storage/storage.ts'
import { promptStore } from './prompts.ts'
import type { StartFailure, WhatToMake } from './service.ts'
import { offlineChoice, type PinnedTemplate } from './stage.ts'

export interface ToPin extends PinnedTemplate {
  readonly prompt: TemplatePrompt
}

/** What a job will make and by what: as templates and assignments are now. */
export function pinTemplates(
  { templates, models }: { readonly templates: Templates; readonly models?: Pick<Models, 'choiceFor'> },
  input: Pick<WhatToMake, 'templates' | 'choices'>,
): Result<ToPin[], StartFailure> {
  const pinned: ToPin[] = []
  for (const wanted of new Set(input.templates ?? templates.defaults())) {
    const template = templates.get(wanted)
    if (!template.ok) return template
    const { name, title, version, offlineRecipe, prompt } = template.value
    const own = input.choices?.find((one) => one.template === name)?.choice
    const assigned = models?.choiceFor('extraction', name) ?? { choice: offlineChoice, fallback: null }
    const by = own ? { choice: own, fallback: null } : preferred(assigned, prompt.modelPreference)
    pinned.push({ name, title, version, offlineRecipe, prompt, ...by })
  }
  return ok(pinned)
}

/** A template that asks for the maker which is only the fallback gets it first. Offline stays offline: nobody pays by surprise. */
function preferred(
  assigned: ReturnType<Models['choiceFor']>,
  preference: TemplatePrompt['modelPreference'],
): ReturnType<Models['choiceFor']> {
  const { choice, fallback } = assigned
  const swaps =
    choice.providerId !== 'offline' && choice.providerId !== preference && fallback?.providerId === preference
  return swaps ? { choice: fallback, fallback: choice } : assigned
}

/** As they stand in the job's parameters; the prompts go beside them. */
export const pinnedIn = (tx: Transaction, templates: readonly ToPin[]): PinnedTemplate[] =>
  templates.map(({ prompt, ...template }) => {
    const asks = [template.choice, template.fallback].some((choice) => choice && choice.providerId !== 'offline')
    return asks ? { ...template, promptSha256: promptStore.put(tx, prompt) } : template
  })
