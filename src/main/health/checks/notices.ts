import { ok } from '#shared/result.ts'
import type { StorageNotice, StorageNotices } from '../../storage/notices.ts'
import { type Found, found } from '../check.ts'

/** What befell the database while it was opened or open, until the user has seen it. */
export const noticeFindings = (notices: StorageNotices): Found[] =>
  notices
    .list()
    // One that the database could not take is about that database, of which its own check tells.
    .filter(({ id, seenAtMs }) => seenAtMs === null && id > 0)
    .map((notice) => findingOf(notices, notice))

const findingOf = (notices: StorageNotices, { id, kind, title, detail, keptIn, atMs }: StorageNotice): Found =>
  found({
    id: `disk/notice-${id}`,
    severity: kind === 'damaged' ? 'error' : 'warning',
    title,
    detail,
    subjects: keptIn === null ? [] : [keptIn],
    look: atMs,
    mend: {
      label: 'I have read it',
      prepare: () => ({
        scope: 'Takes this message off the list. What was set aside stays where it is.',
        rows: [{ before: title, after: '', remark: new Date(atMs).toISOString().slice(0, 10) }],
        perform: () => {
          notices.markSeen(id)
          return ok('The message is off the list.')
        },
      }),
    },
  })
