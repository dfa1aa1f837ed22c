import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import fc from 'fast-check'
import type { z } from 'zod'
import type { Entry } from '#shared/contract/define.ts'
import { contract } from '#shared/contract/index.ts'
import { encodeHeader, type Header, readHeader } from '../../../src/main/backup/archive/format.ts'
import { isSafePath, Manifest } from '../../../src/main/backup/archive/manifest.ts'
import { profileInUse } from '../../../src/main/compose/profile-in-use.ts'
import { answer } from '../../../src/main/ipc/answer.ts'
import { malformedFrom, validFrom } from '../../../src/main/ipc/malformed.ts'
import { runKitTask } from '../../../src/main/kit/age-task.ts'
import { silentLog } from '../../../src/main/log.ts'
import {
  list,
  plain,
  readMapping,
  tagOf,
  text,
  withoutFrontmatter,
  yamlMapping,
} from '../../../src/main/notes/frontmatter.ts'
import { joinBlocks, splitBlocks } from '../../../src/main/notes/merge-blocks.ts'
import { compareTexts, type Take } from '../../../src/main/notes/merge-text.ts'
import { metadataText, verifyMetadata } from '../../../src/main/notes/metadata.ts'
import { episode } from '../../../src/main/notes/notes-testing.ts'
import { markdown, mutated, mutation, threeTexts } from './corpus.ts'

/** What was expected of a case, in words; thrown on. */
export function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise)
}
const words = 'abandon ability able about above absent'
type Case = fc.IAsyncPropertyWithHooks<unknown>
const property = <Value>(of: fc.Arbitrary<Value>, work: (value: Value) => void | Promise<void>): Case =>
  fc.asyncProperty(of, async (value) => void (await work(value))) as unknown as Case

export interface Fuzzed {
  readonly name: string
  readonly make: (scratch: string) => Promise<Case>
}

const title = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), markdown)
const metadata = fc
  .record({
    title,
    feedTitle: title,
    templates: fc.uniqueArray(fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,19}$/), { maxLength: 5 }),
  })
  .map(({ title, feedTitle, templates }) =>
    metadataText(
      episode({ title, feedTitle }),
      { source: 'publisher' },
      templates.map((name) => ({ name, version: '1.0', costMicroUsd: 12 })),
      Date.UTC(2026, 10, 23),
    ),
  )

export const fuzzed: readonly Fuzzed[] = [
  {
    name: 'front matter',
    make: async () =>
      property(markdown, (text) => {
        readMapping(text)
        verifyMetadata(text)
        const rest = withoutFrontmatter(text)
        must(text.endsWith(rest), 'what is left without front matter is not the end of the text')
      }),
  },
  {
    name: 'yaml round trip',
    make: async () =>
      property(fc.tuple(title, fc.array(title, { maxLength: 5 })), ([one, many]) => {
        // Reads it back itself, and throws when it is not as it was meant.
        yamlMapping([
          ['title', text(one)],
          ['tags', list(many.map((word) => tagOf(word.toWellFormed())))],
          ['date', plain('2026-11-23')],
        ])
      }),
  },
  {
    name: '.metadata.yaml',
    make: async () =>
      property(fc.tuple(metadata, mutation), ([{ bytes }, changes]) => {
        const whole = verifyMetadata(bytes.toString('utf8'))
        must(whole.seal === 'fits' && whole.schemaVersion === 2, 'what was written does not verify')
        const other = mutated(bytes, changes)
        const seal = verifyMetadata(other.toString('utf8')).seal
        const tail = other.toString('utf8').trimEnd() === bytes.toString('utf8').trimEnd()
        must(tail || seal !== 'fits', 'a changed file verifies')
      }),
  },
  {
    name: 'blocks',
    make: async () =>
      property(markdown, (text) => must(joinBlocks(splitBlocks(text)) === text, 'blocks do not make the text again')),
  },
  {
    name: 'merge',
    make: async () =>
      property(
        fc.tuple(threeTexts, fc.boolean(), fc.array(fc.constantFrom<Take>('mine', 'both', 'new'), { minLength: 1 })),
        ([{ mine, newer, base }, withBase, takes]) => {
          const compared = compareTexts(mine, newer, withBase ? base : null)
          const differing = compared.blocks.filter(({ kind }) => kind !== 'same')
          const all = (take: Take) => new Map(differing.map(({ index }) => [index, take]))
          must(compared.merge(new Map()) === mine || differing.length === 0, 'nothing chosen is not the user’s text')
          must(compared.merge(all('mine')) === mine || differing.length === 0, 'all of mine is not mine')
          const chosen = new Map(differing.map(({ index }, at) => [index, takes[at % takes.length]!]))
          const merged = compared.merge(chosen)
          for (const block of compared.blocks) {
            const take = chosen.get(block.index)
            if (block.mine !== null && take !== 'new')
              must(merged.includes(block.mine), `lost of the user: ${JSON.stringify(block.mine)}`)
            if (block.newer !== null && take !== undefined && take !== 'mine')
              must(merged.includes(block.newer), `lost of the new: ${JSON.stringify(block.newer)}`)
          }
        },
      ),
  },
  {
    name: 'backup header',
    make: async () =>
      property(
        fc.tuple(
          fc.record({
            madeAtMs: fc.integer(),
            app: fc.string({ maxLength: 20 }),
            profile: fc.string({ maxLength: 20 }),
            payload: fc.integer({ min: 1 }),
          }),
          mutation,
        ),
        ([given, changes]) => {
          const header: Header = {
            format: 'inkwell-backup',
            version: 1,
            automatic: false,
            media: true,
            compression: 'zstd',
            encryption: null,
            chunk: 65_536,
            ...given,
          }
          const bytes = encodeHeader(header)
          const read = readHeader(bytes)
          must(
            read.kind === 'header' && JSON.stringify({ ...header, ...read.header }) === JSON.stringify(header),
            'a header does not read back',
          )
          const other = mutated(bytes, changes).subarray(0, 512)
          must(other.equals(bytes) || readHeader(other).kind !== 'header', 'a changed header is taken')
        },
      ),
  },
  {
    name: 'paths of a backup',
    make: async (scratch) =>
      property(
        fc
          .array(
            fc.oneof(
              fc.constantFrom('blobs', 'keep', '..', '.', '', 'C:', '~', 'a\\..\\b', '\0'),
              fc.string({ maxLength: 6 }),
            ),
          )
          .map((parts) => parts.join('/')),
        (path) => {
          const manifest = Manifest.safeParse({ schemaVersion: 1, entries: [{ path, bytes: 0, sha256: 'x' }] })
          must(!manifest.success, 'half a manifest is taken')
          if (!isSafePath(path)) return
          const base = join(scratch, 'inside')
          must(resolve(base, ...path.split('/')).startsWith(base + sep), `${JSON.stringify(path)} leads out`)
          must(!/[\\\0]/.test(path), `${JSON.stringify(path)} is no name`)
        },
      ),
  },
  {
    name: 'kit file',
    async make() {
      const answer = await runKitTask({ do: 'seal', text: '{"schemaVersion":1}', words, workFactor: 2 })
      if (!('sealed' in answer)) throw new Error('no kit is sealed')
      const whole = Buffer.from(answer.sealed)
      return property(mutation, async (changes) => {
        const other = mutated(whole, changes).toString('utf8')
        const read = await runKitTask({ do: 'open', armored: other, words })
        // Mail adds and takes away just these.
        const bare = (armored: string) => armored.replace(/\r\n/g, '\n').replace(/^\n+|[ \n]+$/g, '')
        const same = bare(other) === bare(answer.sealed)
        must(same === 'opened' in read, same ? 'a whole kit is refused' : 'a changed kit opens')
      })
    },
  },
  {
    name: 'current-profile.json',
    async make(scratch) {
      const base = join(scratch, 'pointer')
      rmSync(base, { recursive: true, force: true })
      mkdirSync(join(base, 'restored', '20261123T030000000Z'), { recursive: true })
      for (const folder of [base, join(base, 'restored', '20261123T030000000Z')])
        writeFileSync(join(folder, 'inkwell.db'), '')
      const pointer = { schemaVersion: 1, path: 'restored/20261123T030000000Z', previous: '.', switchedAtMs: 1 }
      const whole = Buffer.from(JSON.stringify(pointer))
      const content = fc.oneof(
        mutation.map((changes) => mutated(whole, changes)),
        fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
        fc
          .tuple(fc.string(), fc.anything())
          .map(([path, more]) => Buffer.from(safeJson({ ...pointer, path, older: more }))),
      )
      return property(content, (bytes) => {
        writeFileSync(join(base, 'current-profile.json'), bytes)
        const { profilePath } = profileInUse(base)
        must(
          profilePath === base || profilePath === join(base, 'restored', '20261123T030000000Z'),
          `${profilePath} is in use`,
        )
      })
    },
  },
  {
    name: 'ipc',
    async make() {
      const calls = Object.entries(contract).flatMap(([feature, entries]) =>
        Object.entries(entries as Record<string, Entry>).flatMap(([name, entry]) =>
          entry.kind === 'event' ? [] : [{ channel: `${feature}.${name}`, entry }],
        ),
      )
      const call = fc.constantFrom(...calls)
      return property(
        fc.tuple(call, fc.anything({ withBigInt: true, withDate: true, withMap: true }), fc.nat()),
        async (one) => {
          const [{ channel, entry }, anything, nth] = one
          const bad = malformedFrom(entry.input)
          const good = validFrom(entry.input)
          const mixed =
            typeof good === 'object' && good !== null && !Array.isArray(good)
              ? { ...good, [Object.keys(good)[nth % Math.max(1, Object.keys(good).length)] ?? 'x']: anything }
              : anything
          for (const input of [anything, mixed, bad[nth % bad.length]!.input]) {
            let called: unknown = null
            const handler = (parsed: unknown): never => {
              called = parsed
              throw new Error('reached')
            }
            const result = await answer(channel, { entry, handler }, input, silentLog)
            if (called === null)
              must(!result.ok && result.error.code === 'invalid-input', `${channel}: refused otherwise`)
            else must((entry.input as z.ZodType).safeParse(called).success, `${channel}: let through what does not fit`)
          }
        },
      )
    },
  },
]

const safeJson = (value: unknown): string => {
  try {
    return JSON.stringify(value) ?? 'null'
  } catch {
    return '{'
  }
}
