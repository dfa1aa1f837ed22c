import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { flipByte, type HealthHouse } from '../health-testing.ts'
import { ownTemplate } from '../healthy-house.ts'
import type { Fault } from './fault.ts'

const mine = ({ profile }: HealthHouse): string => join(profile, 'templates', 'mine.yaml')
const byHand = ({ profile }: HealthHouse): string => join(profile, 'templates', 'by-hand.yml')
/** In the middle of the prompt, where any letter reads as well as another. */
const inPrompt = ownTemplate.indexOf('should')

const faults: readonly (Omit<Fault, 'mends'> & { mends?: boolean })[] = [
  { name: 'a template is gone', inject: (house) => rmSync(mine(house)), finds: 'templates/missing' },
  {
    name: 'the folder of templates is gone',
    inject: ({ profile }) => rmSync(join(profile, 'templates'), { recursive: true }),
    finds: 'templates/missing',
  },
  { name: 'an empty template', inject: (house) => truncateSync(mine(house), 0), finds: 'templates/damaged' },
  { name: 'a template cut short', inject: (house) => truncateSync(mine(house), 40), finds: 'templates/damaged' },
  {
    name: 'a template cut short that still reads well',
    inject: (house) => truncateSync(mine(house), inPrompt + 10),
    finds: 'templates/nearly',
  },
  {
    name: 'a template that is not YAML any more',
    inject: (house) => writeFileSync(mine(house), 'name: ['),
    finds: 'templates/damaged',
  },
  {
    name: 'a template in which one bit makes it no text',
    inject: (house) => {
      const bytes = readFileSync(mine(house))
      bytes[inPrompt]! ^= 0x80
      writeFileSync(mine(house), bytes)
    },
    finds: 'templates/damaged',
  },
  {
    name: 'a flipped byte in a template that still reads well',
    inject: (house) => flipByte(mine(house), inPrompt),
    finds: 'templates/nearly',
  },
  {
    name: 'a rotten template that still reads well: its times say that nobody saved it',
    inject: (house) => {
      const path = mine(house)
      execFileSync('cp', ['-a', path, `${path}.times`])
      for (const at of [inPrompt, inPrompt + 1, inPrompt + 2]) flipByte(path, at)
      execFileSync('touch', ['-r', `${path}.times`, path])
      rmSync(`${path}.times`)
    },
    finds: 'templates/damaged',
  },
  {
    name: 'a folder in the place of a template',
    inject: (house) => {
      rmSync(mine(house))
      mkdirSync(mine(house))
    },
    finds: 'templates/damaged',
  },
  {
    name: 'a template made by hand that cannot be read any more',
    inject: (house) => truncateSync(byHand(house), 30),
    finds: 'templates/unreadable',
    mends: false,
  },
]
export const templateFaults: readonly Fault[] = faults.map((fault) => ({ quick: true, mends: true, ...fault }))

/** What is the user's own affair: no finding. */
export const templateEdits: readonly { name: string; inject(house: HealthHouse): void | Promise<void> }[] = [
  { name: 'a template edited by hand', inject: (house) => appendFileSync(mine(house), 'category: talks\n') },
  {
    name: 'a template written anew by hand',
    inject: (house) => writeFileSync(mine(house), 'name: mine\nuser_prompt_template: Say it in one line.\n'),
  },
  {
    name: 'a template whose last line break an editor took',
    inject: (house) => truncateSync(mine(house), ownTemplate.length - 1),
  },
  {
    name: 'a template whose file was renamed by hand',
    inject: (house) => renameSync(mine(house), join(house.profile, 'templates', 'For talks.yml')),
  },
  {
    name: 'a template whose name was changed by hand, and that was then saved',
    inject: async (house) => {
      writeFileSync(mine(house), ownTemplate.replace('mine', 'yours'))
      const saved = await house.house.templates.save(ownTemplate.replace('mine', 'yours').replace('next', 'then'))
      if (!saved.ok) throw new Error(saved.error.message)
    },
  },
  {
    name: 'a template removed through Inkwell, and one brought back',
    inject: async ({ house }) => {
      for (const name of ['mine', 'edited']) await house.templates.remove(name)
      const back = await house.templates.undoRemove('edited')
      if (!back.ok) throw new Error(back.error.message)
    },
  },
]
