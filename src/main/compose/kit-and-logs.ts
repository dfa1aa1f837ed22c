import { passphraseSubject, readConfig } from '../backup/config.ts'
import { joinSecretSubjects, type SecretSubjects } from '../credentials/secret-subjects.ts'
import { type Credentials, createCredentials } from '../credentials/service.ts'
import type { FeedsService } from '../feeds/service.ts'
import { createKitService, type KitDeps, type KitService } from '../kit/service.ts'
import type { FileLog } from '../log.ts'
import { createLogsService, type LogsDeps, type LogsService } from '../logs/service.ts'
import type { ModelsService } from '../models/service.ts'
import type { SecretStore } from '../ports.ts'
import type { Reader } from '../storage/storage.ts'

/** Secrets of this profile, and those of another one on this computer, which a kit or a backup may belong to. */
export const credentialsByProfile =
  (stores: { keychain: SecretStore; session: SecretStore; log: FileLog }) =>
  (profileId: string): Credentials =>
    createCredentials({ keychain: stores.keychain, session: stores.session, profileId, hide: stores.log.hide })

/** The kit holds what every feature names; a feature that keeps secrets is added here. */
export function joinKitAndLogs(
  deps: Omit<KitDeps, 'subjects' | 'log'> &
    Omit<LogsDeps, 'reader' | 'log'> & {
      log: FileLog
      feeds: Pick<FeedsService, 'secretSubjects'>
      models: Pick<ModelsService, 'secretSubjects'>
    },
): { kit: KitService; logs: LogsService } {
  const { secretSubjects } = deps.feeds
  const subjects = joinSecretSubjects({
    feed: secretSubjects,
    move: secretSubjects,
    backup: backupSubjects(deps.storage),
    model: deps.models.secretSubjects,
  })
  return {
    kit: createKitService({ ...deps, subjects }),
    logs: createLogsService({ ...deps, reader: deps.storage }),
  }
}

const backupSubjects = (reader: Reader): SecretSubjects => ({
  list: () => (readConfig(reader, '').encrypted ? [{ subject: passphraseSubject, where: 'keychain' }] : []),
})
