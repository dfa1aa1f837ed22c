import { constants } from 'node:fs'
import * as nodeFs from 'node:fs/promises'
import { open, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSwapNames, type SwapNames, swapNotOffered } from '../storage/swap-names.ts'
import type { FileSystem } from '../storage/write-file.ts'
import { onlyFolder } from './kill-scenario.ts'
import { callsOf, swapOf, ways } from './kill-testing.ts'
import { draft, episodeId, filesUnder, type House, house, systemError } from './notes-testing.ts'

let home: House
let folder: string
let note: string
beforeEach(async () => {
  home = await house()
  await home.notes.write(home.input([draft('summary', 'One.')], 'run-1'))
  folder = await onlyFolder(home.vault)
  note = join(folder, 'summary.md')
})
afterEach(() => home.close())

const rewrite = async (fs: Partial<FileSystem> = {}, swapNames: SwapNames = createSwapNames()): Promise<House> => {
  const other = await house({ fs: { ...nodeFs, ...fs }, swapNames }, home.root)
  const result = await other.notes.write(other.input([draft('summary', 'Two.')], 'run-2'))
  expect(result).toMatchObject({ ok: true })
  return other
}
const texts = async (): Promise<string[]> => Object.values(await filesUnder(home.vault))
/** As exFAT: a free name is taken by a call of its own, or, where the disk has none either, by a copy. */
const noLinks = { link: () => Promise.reject(systemError('EPERM')) }
/** The profile on another disk than the vault. */
const otherDisk = {
  rename: async (from: Parameters<FileSystem['rename']>[0], to: Parameters<FileSystem['rename']>[1]) => {
    if (String(to).includes('/keep/')) throw systemError('EXDEV')
    await nodeFs.rename(from, to)
  },
  link: async (from: Parameters<FileSystem['link']>[0], to: Parameters<FileSystem['link']>[1]) => {
    if (String(to).includes('/keep/')) throw systemError('EXDEV')
    await nodeFs.link(from, to)
  },
}

test.each([
  ['exchange', {}, createSwapNames()],
  ['exchange, the profile on another disk', otherDisk, createSwapNames()],
  ['hard links', {}, swapNotOffered],
  ['hard links, the profile on another disk', otherDisk, swapNotOffered],
  ['neither exchange nor hard links', noLinks, swapNotOffered],
])(
  'what an editor with an open file writes after the exchange comes back beside (%s)',
  async (_name, fs, swapNames) => {
    const editor = await open(note, 'r+')
    const other = await rewrite(fs, swapNames)
    expect(await readFile(note, 'utf8')).toContain('Two.')
    await editor.truncate(0)
    await editor.write('Typed in the gap.', 0)
    await editor.close()
    await other.notes.settled()
    expect(await readFile(note, 'utf8')).toContain('Two.')
    expect(await readFile(join(folder, 'summary (edited 2026-11-23).md'), 'utf8')).toBe('Typed in the gap.')
    // Where it cannot be moved into the profile it stays beside, out of sight, for as long as it can be had back.
    const beside = async () => (await readdir(folder)).filter((name) => name.startsWith('.~')).length
    expect(await beside()).toBe(fs === otherDisk ? 1 : 0)
    const once = await filesUnder(home.vault)
    await other.notes.recover()
    expect(await filesUnder(home.vault)).toEqual(once)
    other.clock.ms += 31 * 86_400_000
    await other.notes.recover()
    expect(await beside()).toBe(0)
    expect(await texts()).toContain('Typed in the gap.')
    other.leave()
  },
)

test.each([
  ['exchange', {}, createSwapNames()],
  ['exchange, the profile on another disk', otherDisk, createSwapNames()],
  ['hard links', {}, swapNotOffered],
  ['hard links, the profile on another disk', otherDisk, swapNotOffered],
  ['neither exchange nor hard links', noLinks, swapNotOffered],
])('what it writes a minute later does too (%s)', async (_name, fs, swapNames) => {
  const editor = await open(note, 'r+')
  const other = await rewrite(fs, swapNames)
  await other.notes.settled()
  other.clock.ms += 60_000
  await editor.truncate(0)
  await editor.write('Typed a minute later.', 0)
  await editor.close()
  await other.notes.recover()
  expect(await readFile(note, 'utf8')).toContain('Two.')
  expect(await readFile(join(folder, 'summary (edited 2026-11-23).md'), 'utf8')).toBe('Typed a minute later.')
  other.leave()
})

test('so it does when the program ended before it could look again', async () => {
  const editor = await open(note, 'r+')
  ;(await rewrite()).leave()
  await editor.truncate(0)
  await editor.write('Typed in the gap.', 0)
  await editor.close()
  const later = await house({}, home.root)
  later.clock.ms += 60_000
  await later.notes.recover()
  expect(await texts()).toContain('Typed in the gap.')
  later.leave()
})

test.each([
  ['in place', 'exchange'],
  ['by rename', 'exchange'],
  ['in place', 'links'],
  ['by rename', 'links'],
])('a save %s just before the exchange is seen, and the note is the user’s (%s)', async (how, way) => {
  let saved = false
  const save = async (): Promise<void> => {
    if (saved) return
    saved = true
    if (how === 'in place') await writeFile(note, 'Saved at the last moment.')
    else {
      await writeFile(join(folder, 'editor.tmp'), 'Saved at the last moment.')
      await rename(join(folder, 'editor.tmp'), note)
    }
  }
  const swap = createSwapNames()
  const other = await rewrite(
    {
      rename: async (from, to) => {
        if (from === note) await save()
        await nodeFs.rename(from, to)
      },
    },
    way === 'links'
      ? swapNotOffered
      : async (one, to) => {
          if (to === note) await save()
          return swap(one, to)
        },
  )
  expect(saved).toBe(true)
  expect(await readFile(note, 'utf8')).toBe('Saved at the last moment.')
  expect(await readFile(join(folder, 'summary (new 2026-11-23).md'), 'utf8')).toContain('Two.')
  await other.notes.settled()
  expect((await readdir(folder)).toSorted()).toEqual([
    '.metadata.yaml',
    '_transcript.md',
    'summary (new 2026-11-23).md',
    'summary.md',
  ])
  other.leave()
})

test.each(['in place', 'by rename'])('and so is a later save %s while the first is given back', async (how) => {
  const swap = createSwapNames()
  let swaps = 0
  const other = await rewrite({}, async (one, to) => {
    swaps += 1
    const text = `Save ${swaps}.`
    if (to === note && swaps <= 4)
      if (how === 'in place') await writeFile(note, text)
      else {
        await writeFile(join(folder, 'editor.tmp'), text)
        await rename(join(folder, 'editor.tmp'), note)
      }
    return swap(one, to)
  })
  expect(await readFile(note, 'utf8')).toBe('Save 4.')
  await other.notes.settled()
  expect(await readFile(note, 'utf8')).toBe('Save 4.')
  expect((await readdir(folder)).filter((name) => name.startsWith('.~'))).toEqual([])
  other.leave()
})

test('an editor that saves in place all the time loses no save', async () => {
  let stop = false
  const saves: string[] = []
  const editor = (async () => {
    for (let n = 0; !stop; n++) {
      const file = await open(note, 'r+')
      // In the middle of an exchange this is the displaced file.
      await new Promise((resolve) => setTimeout(resolve, n % 3))
      await file.truncate(0)
      await file.write(`save ${n}`, 0)
      await file.close()
      saves.push(`save ${n}`)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  })()
  const other = await house({}, home.root)
  for (let n = 0; n < 15; n++) await other.notes.write(other.input([draft('summary', `Body ${n}.`)], `run-${n + 2}`))
  stop = true
  await editor
  await other.notes.settled()
  expect(saves.length).toBeGreaterThan(3)
  expect((await texts()).join('\n')).toContain(saves.at(-1)!)
  other.leave()
})

test('a disk without hard links: a first write replaces nobody’s file', async () => {
  const other = await house({ fs: { ...nodeFs, ...noLinks } }, home.root)
  await writeFile(join(folder, 'quotes.md'), 'Foreign.')
  const drafts = [draft('quotes', 'Q.'), draft('books', 'B.')]
  expect(await other.notes.write(other.input(drafts, 'run-2'))).toMatchObject({
    ok: true,
    value: { files: [{ outcome: 'beside-edited' }, { outcome: 'written' }] },
  })
  expect(await readFile(join(folder, 'quotes.md'), 'utf8')).toBe('Foreign.')
  expect(await readFile(join(folder, 'books.md'), 'utf8')).toContain('B.')
  other.leave()
})

/** A disk that fails after some bytes of a note of that name, `still` telling whether. */
const failingIn = (name: string, bytes: number, still: () => boolean): FileSystem => ({
  ...nodeFs,
  open: async (path, flags, mode) => {
    const file = await nodeFs.open(path, flags, mode)
    if (!String(path).endsWith(`/${name}`) || !still() || flags === constants.O_RDONLY) return file
    return new Proxy(file, {
      get(real, member) {
        const value = Reflect.get(real, member)
        if (typeof value !== 'function') return value
        if (member !== 'write') return value.bind(real)
        return async (text: Buffer, at: number) => {
          await real.write(text, at, bytes)
          throw systemError('EIO')
        }
      },
    })
  },
})

test.each([0, 100])('a copy that was ended after %i bytes is ended by the next one', async (bytes) => {
  let failing = true
  const fs = failingIn('books.md', bytes, () => failing)
  const other = await house(callsOf('copies', fs), home.root)
  expect(await other.notes.write(other.input([draft('books', 'B.')], 'run-2'))).toMatchObject({ ok: false })
  expect(await readFile(join(folder, 'books.md'), 'utf8')).toHaveLength(bytes)
  failing = false
  await other.notes.recover()
  expect(await readFile(join(folder, 'books.md'), 'utf8')).toContain('B.')
  expect((await readdir(folder)).filter((name) => name.includes('books'))).toEqual(['books.md'])
  other.leave()
})

test.each([0, 100])('also one in place of an earlier text, %i bytes of it', async (bytes) => {
  let failing = true
  const fs = failingIn('summary.md', bytes, () => failing)
  const other = await house(callsOf('copies', fs), home.root)
  expect(await other.notes.write(other.input([draft('summary', 'Two.')], 'run-2'))).toMatchObject({ ok: false })
  expect(await readFile(note, 'utf8')).toHaveLength(bytes)
  expect((await texts()).join()).toContain('One.')
  failing = false
  await other.notes.recover()
  expect(await readFile(note, 'utf8')).toContain('Two.')
  await other.notes.settled()
  expect((await readdir(folder)).toSorted()).toEqual(['.metadata.yaml', '_transcript.md', 'summary.md'])
  expect((await texts()).join()).not.toContain('One.')
  expect(Object.values(await filesUnder(home.profile)).join()).toContain('One.')
  other.leave()
})

test('a save into the name while the text is copied there is the user’s, and whole', async () => {
  let saved = false
  const fs: FileSystem = {
    ...nodeFs,
    open: async (path, flags, mode) => {
      const file = await nodeFs.open(path, flags, mode)
      if (path === note && Number(flags) & constants.O_CREAT && !saved) {
        saved = true
        await writeFile(note, 'Saved at the last moment.')
      }
      return file
    },
  }
  const other = await house(callsOf('copies', fs), home.root)
  const result = await other.notes.write(other.input([draft('summary', 'Two.')], 'run-2'))
  expect(saved).toBe(true)
  expect(result).toMatchObject({ ok: true, value: { files: [{ outcome: 'beside-edited' }] } })
  expect(await readFile(note, 'utf8')).toMatch(/^Saved at the last moment\./)
  expect(await readFile(join(folder, 'summary (new 2026-11-23).md'), 'utf8')).toContain('Two.')
  other.leave()
})

test.each(['links', 'moves', 'copies'] as const)(
  'a newer text that was saved in the moment it is taken away stays (%s)',
  async (way) => {
    await writeFile(note, 'Mine.')
    await home.notes.write(home.input([draft('summary', 'Two.')], 'run-2'))
    const newer = join(folder, 'summary (new 2026-11-23).md')
    const fs: FileSystem = {
      ...nodeFs,
      rename: async (from, to) => {
        if (from === newer) {
          await writeFile(join(folder, 'editor.tmp'), 'Edited at the last moment.')
          await rename(join(folder, 'editor.tmp'), newer)
        }
        await nodeFs.rename(from, to)
      },
    }
    const other = await house(callsOf(way, fs), home.root)
    const listed = await other.notes.list(episodeId)
    expect(await other.notes.keepMine(listed.ok ? listed.value[0]!.id : '')).toMatchObject({ ok: true })
    expect(await readFile(newer, 'utf8')).toBe('Edited at the last moment.')
    expect(await readFile(note, 'utf8')).toBe('Mine.')
    await other.notes.settled()
    expect((await readdir(folder)).filter((name) => name.includes('edited'))).toEqual([])
    other.leave()
  },
)

test.each(ways)(
  'a file that another program holds: the others are written, and it is written later (%s)',
  async (way) => {
    let held = true
    const other = await house(
      {
        swapNames: swapOf(way, (_, path) => {
          if (held && path.endsWith('summary.md')) throw systemError('EBUSY')
        }),
        fs: {
          ...nodeFs,
          rename: async (from, to) => {
            if (held && from === note) throw systemError('EBUSY')
            await nodeFs.rename(from, to)
          },
        },
      },
      home.root,
    )
    const result = await other.notes.write(other.input([draft('summary', 'Two.'), draft('quotes', 'Q.')], 'run-2'))
    expect(result).toMatchObject({ ok: true, value: { files: [{ outcome: 'waiting' }, { outcome: 'written' }] } })
    expect(await readFile(note, 'utf8')).toContain('One.')
    held = false
    await other.notes.recover()
    expect(await readFile(note, 'utf8')).toContain('Two.')
    other.leave()
  },
)
