import type { AppContract, Handlers } from '#shared/contract/types.ts'
import { ok } from '#shared/result.ts'
import type { BackupService } from './service.ts'

export const backupHandlers = (backup: BackupService): Handlers<AppContract['backup']> => ({
  status: async () => ok(await backup.status()),
  list: () => backup.list(),
  create: ({ withMedia }) => backup.create({ withMedia }),
  cancel: () => {
    backup.cancel()
    return ok({})
  },
  set: (change) => backup.set(change),
  chooseFolder: () => backup.chooseFolder(),
  setPassphrase: ({ passphrase }) => backup.setPassphrase(passphrase),
  chooseFile: () => backup.chooseFile(),
  verify: (source) => backup.verify(source),
  remove: ({ fileName }) => backup.remove(fileName),
  planRestore: (source) => backup.planRestore(source),
  restore: (source) => backup.restore(source),
  switchBack: () => backup.switchBack(),
  forgetPrevious: () => backup.forgetPrevious(),
})
