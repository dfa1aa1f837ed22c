import type { AppContract, Handlers } from '#shared/contract/types.ts'
import type { NotesService } from './service.ts'

export const notesHandlers = (notes: NotesService): Handlers<AppContract['notes']> => ({
  list: ({ episodeId }) => notes.list(episodeId),
  read: ({ noteId, newer }) => notes.read(noteId, newer),
  recent: ({ limit }) => notes.recent(limit),
  keepMine: ({ noteId }) => notes.keepMine(noteId),
  takeNew: ({ noteId }) => notes.takeNew(noteId),
  bringBack: ({ noteId }) => notes.bringBack(noteId),
  compare: ({ noteId }) => notes.compare(noteId),
  merge: ({ noteId, token, choices }) => notes.merge(noteId, token, choices),
  versions: ({ noteId }) => notes.versions(noteId),
  readVersion: ({ versionId }) => notes.readVersion(versionId),
  restoreVersion: ({ versionId }) => notes.restoreVersion(versionId),
  reveal: ({ episodeId, noteId }) => notes.reveal(episodeId, noteId),
})
