import type { AppContract, Handlers } from '#shared/contract/types.ts'
import { ok } from '#shared/result.ts'
import type { ModelsService } from './service.ts'

export const modelsHandlers = (models: ModelsService): Handlers<AppContract['models']> => ({
  providers: () => ok(models.providers()),
  presets: () => ok([...models.presets()]),
  saveServer: (input) => models.saveServer(input),
  removeServer: ({ id }) => models.removeServer(id),
  undoRemoveServer: ({ id }) => models.undoRemoveServer(id),
  setKey: (input) => models.setKey(input),
  removeKey: ({ id }) => models.removeKey(id),
  check: ({ id }) => models.check(id),
  list: ({ providerId }) => ok(models.list(providerId)),
  assignments: () => ok(models.assignments()),
  assign: ({ task, choice, fallback }) => models.assign(task, { choice, fallback }),
  templateChoices: () => ok(models.templateChoices()),
  setTemplateChoice: ({ template, choice }) => models.setTemplateChoice(template, choice),
})
