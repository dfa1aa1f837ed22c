import type { ModelChoice, ModelInfo, Provider } from '#shared/contract/models.ts'

export const keyOf = ({ providerId, model }: ModelChoice): string =>
  providerId === 'offline' ? 'offline' : `${providerId}/${model}`

export function choiceOf(key: string): ModelChoice {
  const at = key.indexOf('/')
  return at < 0
    ? { providerId: 'offline', model: 'offline' }
    : { providerId: key.slice(0, at), model: key.slice(at + 1) }
}

/** "Claude Sonnet 5", "qwen3:14b"; of a model nobody has heard of, its name. */
export const titleOf = (choice: ModelChoice, models: readonly ModelInfo[]): string =>
  choice.providerId === 'offline'
    ? 'This computer'
    : (models.find(({ providerId, id }) => providerId === choice.providerId && id === choice.model)?.title ??
      choice.model)

/** The models that write, below their providers; `chosen` is among them though its provider was never asked. */
export function modelGroups(
  models: readonly ModelInfo[],
  providers: readonly Provider[],
  chosen: ModelChoice | null,
): { group: string; items: { value: string; label: string }[] }[] {
  const writing = models.filter(({ does }) => does.includes('text'))
  const groups = [...new Set(writing.map(({ providerId }) => providerId))].map((providerId) => ({
    group: providers.find(({ id }) => id === providerId)?.title ?? providerId,
    items: writing
      .filter((model) => model.providerId === providerId)
      .map(({ id, title }) => ({ value: keyOf({ providerId, model: id }), label: title })),
  }))
  const isListed =
    chosen === null ||
    chosen.providerId === 'offline' ||
    groups.some(({ items }) => items.some(({ value }) => value === keyOf(chosen)))
  return isListed ? groups : [...groups, { group: 'Chosen', items: [{ value: keyOf(chosen), label: chosen.model }] }]
}
