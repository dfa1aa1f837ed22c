import type { AppContract, Handlers } from '#shared/contract/types.ts'
import type { IntakeService } from './service.ts'

export const intakeHandlers = (intake: IntakeService): Handlers<AppContract['intake']> => ({
  inspect: (input) => intake.inspect(input),
  accept: (input) => intake.accept(input),
  chooseFiles: () => intake.chooseFiles(),
  trySample: () => intake.trySample(),
})
