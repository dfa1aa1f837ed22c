import type { AppContract, Handlers } from '#shared/contract/types.ts'
import { ok } from '#shared/result.ts'
import type { TemplatePreviews } from '../extraction/with-models/preview.ts'
import type { TemplatesService } from './service.ts'

export const templatesHandlers = (
  templates: TemplatesService,
  previews: TemplatePreviews,
): Handlers<AppContract['templates']> => ({
  list: () => ok(templates.list()),
  source: ({ name }) => templates.source(name),
  save: ({ yaml }) => templates.save(yaml),
  remove: ({ name }) => templates.remove(name),
  undoRemove: ({ name }) => templates.undoRemove(name),
  setDefaults: ({ names }) => templates.setDefaults(names),
  preview: (input) => previews.preview(input),
  testRun: (input) => previews.testRun(input),
})
