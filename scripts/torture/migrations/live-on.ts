import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HealthReport } from '#shared/contract/health.ts'
import type { Note } from '#shared/contract/notes.ts'
import { notesInput } from '../ground.ts'
import { filesUnder, openHome } from '../home.ts'
import type { Content } from './rows.ts'

/**
 * The real house on a profile of an earlier release: what the user edited or deleted in the notes folder stays so through
 * a recovery and a new run, changes are taken, and the health check finds nothing wrong. @returns what is not so
 */
export async function liveOn(root: string, before: Content): Promise<string[]> {
  const losses: string[] = []
  const vault = join(root, 'vault')
  const was = filesUnder(vault)
  const home = await openHome(root)
  try {
    const { house } = home
    await house.start()
    await house.notes.recover()
    await house.notes.settled()
    for (const [name, bytes] of was)
      if (!filesUnder(vault).get(name)?.equals(bytes)) losses.push(`opening it changed ${name}`)
    const color = (before.rows.get('settings') ?? []).find(({ name }) => name === 'colorScheme')?.value_json
    const { colorScheme } = await house.settings.get()
    if (JSON.stringify(colorScheme) !== color) losses.push(`the colours were ${String(color)} and are ${colorScheme}`)
    for (const row of before.rows.get('feeds') ?? [])
      if (house.feeds.list().find(({ id }) => id === row.id)?.title !== (row.user_title ?? row.own_title))
        losses.push(`the feed ${String(row.id)} is not there under its name`)
    losses.push(...(await named(home)))

    const episodes = new Set((before.rows.get('note_folders') ?? []).map(({ episode_id }) => String(episode_id)))
    for (const episodeId of episodes) {
      const notes = await home.ask<Note[]>('notes.list', { episodeId })
      const texts = Object.fromEntries(notes.map(({ templateName }) => [templateName, `Told anew of ${templateName}.`]))
      const written = await house.notes.write(notesInput(home, episodeId, `after-${episodeId}`, texts))
      if (!written.ok) losses.push(`no new notes: ${written.error.message}`)
      const folder = house.notes.folderOf(episodeId)!
      for (const { fileName, state } of notes) {
        const path = join(folder, fileName)
        const then = was.get(path.slice(vault.length + 1))
        if (state === 'edited' && !(existsSync(path) && then?.equals(readFileSync(path))))
          losses.push(`the user's ${fileName} is not as it was`)
        if (state === 'deleted' && existsSync(path)) losses.push(`${fileName}, which the user deleted, is there again`)
        if (state === 'current' && !readFileSync(path, 'utf8').includes('Told anew'))
          losses.push(`${fileName} is not the new text`)
      }
      const states = new Set(notes.map(({ state }) => state))
      if (episodes.size > 0 && states.size === 0) losses.push('the notes are not known')
    }
    await house.notes.settled()
    await house.settings.set({ singleKeyShortcuts: false })
    losses.push(...(await named(home)))
  } finally {
    await home.close()
  }
  return losses
}

/** What depends on this computer, and what is only worth knowing, is left out. */
async function named(home: Awaited<ReturnType<typeof openHome>>): Promise<string[]> {
  const { checks } = await home.ask<HealthReport>('health.check', { full: true })
  return checks
    .filter(({ check }) => !['keychain', 'disk', 'backups'].includes(check))
    .flatMap(({ findings }) => findings)
    .filter(({ severity }) => severity !== 'info')
    .map(({ id, title, subjects }) => `health names ${id}: ${title} ${subjects.slice(0, 3).join(', ')}`)
}
