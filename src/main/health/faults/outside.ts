import { mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeConfig } from '../../backup/config.ts'
import { backupStore } from '../../backup/store.ts'
import { flipByte, type HealthHouse } from '../health-testing.ts'
import type { Fault } from './fault.ts'

const newest = ({ profile }: HealthHouse): string =>
  join(profile, 'backups', readdirSync(join(profile, 'backups')).find((name) => name.endsWith('.inkwell-backup'))!)

const accountOf = ({ keychain }: HealthHouse['outside'], ...parts: string[]): string =>
  [...keychain.keys()].find((account) => parts.every((part) => account.includes(part)))!

export const outsideFaults: readonly Fault[] = [
  { name: 'a rotten backup', inject: (house) => flipByte(newest(house)), finds: 'backups/damaged', mends: true },
  {
    name: 'a backup cut short',
    inject: (house) => truncateSync(newest(house), 1_000),
    finds: 'backups/damaged',
    mends: true,
  },
  {
    name: 'a file that only has the name of a backup',
    inject: ({ profile }) => writeFileSync(join(profile, 'backups', 'mine.inkwell-backup'), 'no backup at all'),
    finds: 'backups/damaged',
    quick: true,
    mends: true,
  },
  {
    name: 'a deleted backup',
    inject: (house) => rmSync(newest(house)),
    finds: 'backups/gone',
    quick: true,
    mends: true,
  },
  {
    name: 'the folder of backups is deleted',
    inject: ({ profile }) => rmSync(join(profile, 'backups'), { recursive: true }),
    finds: 'backups/gone',
    quick: true,
    mends: true,
  },
  {
    name: 'a file in the place of the folder of backups',
    inject: ({ profile }) => {
      rmSync(join(profile, 'backups'), { recursive: true })
      writeFileSync(join(profile, 'backups'), 'mine')
    },
    finds: 'backups/folder',
    quick: true,
    mends: false,
  },
  {
    name: 'a backup nobody compared',
    inject: ({ raw }) => raw((database) => database.exec('UPDATE backups SET verified_at_ms = NULL')),
    finds: 'backups/not-compared',
    quickOnly: true,
    mends: true,
  },
  {
    name: 'an automatic backup that was not made',
    inject: ({ house }) => {
      const now = Date.now() + 1_000
      const reason = 'The disk was not plugged in.'
      house.storage.writeUnaudited((tx) =>
        backupStore.miss(tx, { day: new Date(now).toISOString().slice(0, 10), at_ms: now, reason }),
      )
    },
    finds: 'backups/missed',
    quick: true,
    mends: true,
  },
  {
    name: 'the newest backup is old',
    inject: ({ outside }) => {
      outside.aheadMs = 5 * 86_400_000
    },
    finds: 'backups/old',
    quick: true,
    mends: true,
  },
  {
    name: 'the folder of backups is away',
    inject: ({ house, root }) =>
      house.storage.write('backup.chooseFolder', (tx) =>
        writeConfig(tx, 'folder', join(root, 'unplugged'), Date.now()),
      ),
    finds: 'backups/folder',
    quick: true,
    mends: false,
  },
  {
    name: 'what says which profile is in use is damaged, and there was no restore',
    inject: ({ profile }) => writeFileSync(join(profile, 'current-profile.json'), '{"schemaVersion":1,"path":"rest'),
    finds: 'backups/profile',
    quick: true,
    mends: true,
  },
  {
    name: 'a password is not in the keychain any more',
    inject: ({ outside }) => void outside.keychain.delete(accountOf(outside, 'feed/')),
    finds: 'keychain/missing',
    quick: true,
    mends: true,
  },
  {
    name: 'something else is in the keychain in its place',
    inject: ({ outside }) => {
      outside.keychain.set(accountOf(outside, 'feed/'), '{"v":1,"url":"nonsense"}')
    },
    finds: 'keychain/damaged',
    quick: true,
    mends: true,
  },
  {
    name: 'what the keychain gives back is not text of ours',
    inject: ({ outside }) => {
      outside.keychain.set(accountOf(outside, 'feed/'), 'x\0y')
    },
    finds: 'keychain/missing',
    quick: true,
    mends: true,
  },
  ...(['to', 'from'] as const).map(
    (end): Fault => ({
      name: `the private address that a feed ${end === 'to' ? 'is to move to' : 'moved away from'} is not in the keychain`,
      inject: ({ outside }) => void outside.keychain.delete(accountOf(outside, 'move/', `/${end}`)),
      finds: 'keychain/moves',
      quick: true,
      mends: true,
    }),
  ),
  {
    name: 'the key of a provider of models is not in the keychain any more',
    inject: ({ outside }) => void outside.keychain.delete(accountOf(outside, 'model/')),
    finds: 'keychain/model-keys',
    quick: true,
    mends: true,
  },
  {
    name: 'the key of a provider of models is cut in two',
    inject: ({ outside }) => void outside.keychain.set(accountOf(outside, 'model/'), 'sk-not a\nkey'),
    finds: 'keychain/model-keys',
    quick: true,
    mends: true,
  },
  {
    name: 'the keychain does not answer',
    inject: ({ outside }) => {
      outside.keychainAnswers = false
    },
    finds: 'keychain/no-answer',
    quick: true,
    mends: false,
  },
  {
    name: 'the passphrase of the backups is gone',
    inject: ({ house }) =>
      house.storage.write('backup.setPassphrase', (tx) => writeConfig(tx, 'encrypted', true, Date.now())),
    finds: 'keychain/backup-words',
    quick: true,
    mends: false,
  },
  {
    name: 'the reserve for a full disk is gone',
    inject: async ({ findings, profile }) => {
      await findings(false)
      rmSync(join(profile, 'ballast'))
    },
    finds: 'disk/ballast',
    quick: true,
    mends: true,
  },
  {
    name: 'the reserve for a full disk is too small',
    inject: async ({ findings, profile }) => {
      await findings(false)
      truncateSync(join(profile, 'ballast'), 100)
    },
    finds: 'disk/ballast',
    quick: true,
    mends: true,
  },
  {
    name: 'a damaged database was set aside, and nobody has read of it yet',
    inject: async ({ house }) => {
      const notice = {
        kind: 'recovered',
        title: 'The database was damaged.',
        detail: 'It was brought back.',
        keptIn: 'quarantine/x',
      }
      house.storageNotices.add(notice as Parameters<typeof house.storageNotices.add>[0])
      await new Promise((resolve) => setTimeout(resolve, 20))
    },
    finds: 'disk/notice-1',
    quick: true,
    mends: true,
  },
  {
    name: 'the disk is nearly full',
    inject: ({ outside }) => {
      outside.freeBytes = 700_000_000
    },
    finds: 'disk/room-profile',
    quick: true,
    mends: false,
  },
  {
    name: 'a file stands where the folder of the log should be',
    inject: ({ profile }) => {
      rmSync(join(profile, 'logs'), { recursive: true, force: true })
      writeFileSync(join(profile, 'logs'), 'in the way')
    },
    finds: 'disk/logs',
    quick: true,
    mends: true,
  },
  {
    name: 'a part of Inkwell that failed',
    inject: ({ house }) => house.log.error('feeds.refresh-failed', { error: new Error('a defect') }),
    finds: 'disk/log-problems',
    quick: true,
    mends: false,
  },
  {
    name: 'lines of the log that could not be written',
    inject: ({ house }) => {
      house.log.problem = () => ({ code: 'EIO', sinceMs: 1, lostLines: 3 })
    },
    finds: 'disk/log-lines',
    quick: true,
    mends: false,
  },
  {
    name: 'the profile lies in a folder that Syncthing keeps in step',
    inject: ({ root }) => void mkdirSync(join(root, '.stfolder')),
    finds: 'disk/profile-synced',
    quick: true,
    mends: false,
  },
]
