import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Result } from '#shared/result.ts'
import { createCredentials } from '../credentials/service.ts'
import { createSessionSecrets } from '../credentials/session-secrets.ts'
import { feedSubject, moveSubject } from '../feeds/feed-secrets.ts'
import { upsertMove } from '../feeds/move-store.ts'
import { newEntry } from '../feeds/private-entry.ts'
import { insertFeed, updateFeed } from '../feeds/store.ts'
import { createIds } from '../ids.ts'
import { storeMedia } from '../intake/media-store.ts'
import { storeSteps } from '../jobs/store.ts'
import { writeModels } from '../models/settings.ts'
import { draft, transcript } from '../notes/notes-testing.ts'
import type { HealthHouse } from './health-testing.ts'

export const value = <Value>(result: Result<Value>): Value => {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`)
  return result.value
}

export const ownTemplate =
  'name: mine\nversion: "1.0"\ndescription: What to try next\nuser_prompt_template: |\n  What should I try after {{ transcript }}?\n'
const png = Buffer.from(`\x89PNG\r\n\x1a\n${'picture '.repeat(50)}`, 'latin1')
const vtt = (word: string): Buffer =>
  Buffer.from(`WEBVTT\n\n00:00.000 --> 00:09.000\n<v Maren>${`The keeper reads the ${word} gauge. `.repeat(20)}\n`)

/** Something of everything that Inkwell keeps, by its own services. */
export async function furnish({ house, profile, vault, outside, root }: HealthHouse): Promise<void> {
  const { storage, feeds, episodes, transcripts, notes, jobs, costs, interviews, backup, settings, templates } = house
  const clock = { now: () => Date.now() }
  const ids = createIds(clock)
  settings.takeVault(vault)

  const { feed } = await feeds.addSample()
  const [sample] = episodes.list(feed.id)
  value(
    await transcripts.store(sample!.id, 'publisher', { bytes: vtt('river'), fileName: 'a.vtt', declaredType: null }),
  )

  mkdirSync(join(profile, 'artwork'), { recursive: true })
  const sha = createHash('sha256').update(png).digest('hex')
  writeFileSync(join(profile, 'artwork', `${sha}.png`), png)
  storage.writeUnaudited((tx) =>
    updateFeed(tx, feed.id, { artwork_sha256: sha, artwork_type: 'image/png', artwork_key: 'k' }),
  )

  writeFileSync(join(root, 'talk.mp3'), Buffer.alloc(300_000, 'sound'))
  const media = value(await storeMedia(profile, join(root, 'talk.mp3'), 'mp3'))
  const local = episodes.addLocal({
    title: 'A talk',
    contentSha256: media.sha256,
    publishedAtMs: null,
    durationSeconds: 9,
    language: 'en',
    mediaPath: media.path,
    mediaType: 'audio/mpeg',
    link: null,
  })
  value(await transcripts.store(local.id, 'file', { bytes: vtt('tide'), fileName: 'b.vtt', declaredType: null }))

  const write = async (body: string, runId: string) =>
    value(
      await notes.write({
        episodeId: local.id,
        runId,
        vaultPath: vault,
        drafts: [draft('summary', body), draft('quotes', `${body} quoted`)],
        transcript: { ...transcript, episodeId: local.id },
        chapters: [],
      }),
    )
  const written = await write('First words.', 'run-1')
  // Edited by the user, a newer text comes beside, and the user takes it: their own goes to history.
  const summary = join(written.folder, 'summary.md')
  writeFileSync(summary, `${readFileSync(summary, 'utf8')}\nMine.\n`)
  await write('Other words.', 'run-2')
  const edited = value(await notes.list(local.id)).find(({ newerFileName }) => newerFileName !== null)
  value(await notes.takeNew(edited!.id))
  await notes.settled()

  const feedId = ids.next()
  const url = 'https://private.example/feed?token=s3cret-token-of-mine'
  storage.write('feeds.add', (tx) => {
    insertFeed(tx, {
      id: feedId,
      kind: 'rss',
      own_title: 'Members only',
      url: null,
      url_display: 'https://private.example/feed?token=•••',
      url_key: 'key-of-private',
      is_private: 1,
      secret_storage: 'keychain',
      added_at_ms: clock.now(),
      state_kind: 'fine',
      state_message: 'Fine',
    })
    tx.audit(`feed:${feedId}`, null, { title: 'Members only' })
  })
  const profileId = storage.get<{ value_json: string }>("SELECT value_json FROM settings WHERE name = 'profile.id'")!
  const moves = { from: ids.next(), to: ids.next() }
  storage.write('feeds.acceptMove', (tx) => {
    const more = { feed_id: feedId, reason: 'permanent-redirect', matching_episodes: 3, known_episodes: 3 } as const
    const at = { proposed_at_ms: clock.now(), to_display: 'https://next.example/feed?token=•••', to_url: null }
    upsertMove(tx, { ...more, ...at, id: moves.to, status: 'proposed', to_key: 'key-of-next' })
    upsertMove(tx, { ...more, ...at, id: moves.from, status: 'proposed', to_key: 'key-of-private' })
    tx.run(
      "UPDATE feed_moves SET status = 'accepted', decided_at_ms = ?, from_key = 'k', from_display = ? WHERE id = ?",
      [clock.now(), 'https://former.example/feed?token=•••', moves.from],
    )
    tx.audit(`feed:${feedId}`, { urlDisplay: 'former' }, { urlDisplay: 'now' })
  })
  const credentials = createCredentials({
    keychain: {
      kind: 'keychain',
      get: async () => ({ ok: true, value: null }),
      set: async (account, secret) => {
        outside.keychain.set(account, secret)
        return { ok: true, value: null }
      },
      delete: async () => ({ ok: true, value: null }),
    },
    session: createSessionSecrets(),
    profileId: JSON.parse(profileId.value_json),
  })
  storage.write('models.setKey', (tx) => {
    writeModels(tx, 'keys', { claude: { origin: 'https://api.anthropic.com' } }, clock.now())
    tx.audit('model:claude', null, { keyKept: true })
  })
  value(await credentials.set('model/claude', 'sk-not-a-key', 'keychain'))
  for (const subject of [feedSubject(feedId), moveSubject(moves.from, 'from'), moveSubject(moves.to, 'to')])
    value(await credentials.set(subject, JSON.stringify(newEntry(url, null)), 'keychain'))

  const job = value(jobs.start({ episodeIds: [local.id], templates: ['summary'] })).jobIds[0]!
  storage.writeUnaudited((tx) => storeSteps(tx, job, 'source', { step: { done: true } }, clock.now()))

  for (const [month, cost] of [
    [3, 900],
    [9, 22_000],
    [9, null],
    [10, 4_100],
  ] as const)
    storage.write('costs.append', (tx) =>
      value(
        costs.appendIn(
          tx,
          {
            id: ids.next(),
            at_ms: Date.UTC(2026, month, 12),
            provider: 'claude',
            model: 'model-1',
            operation: 'extraction',
            outcome: 'succeeded',
            amount_kind: cost === null ? 'unknown' : 'known',
            cost_micro_usd: cost,
            input_tokens: 1_000,
            output_tokens: 200,
            cached_tokens: 0,
            audio_ms: null,
            feed_id: null,
            episode_id: local.id,
            template_name: 'summary',
            job_id: null,
            price_version: '2026-11',
            imported_from: null,
          },
          {
            estimate_low_micro_usd: 800,
            estimate_high_micro_usd: 30_000,
            estimate_reason: 'About as long as it is.',
            cache_write_tokens: null,
            saved_micro_usd: 0,
          },
        ),
      ),
    )
  storage.write('retention.sweep', (tx) => {
    costs.sweepIn(tx, Date.UTC(2026, 5, 1))
    tx.audit('costs', null, { swept: 1 })
  })
  value(await house.handlers.costs.setLimit({ scope: 'month', kind: 'stops', limitMicroUsd: 20_000_000 }))
  value(
    await house.handlers.costs.setPrice({
      provider: 'claude',
      model: 'model-1',
      inputPerMillion: 3_000_000,
      outputPerMillion: 15_000_000,
      cachedInputPerMillion: null,
      cacheWritePerMillion: null,
      audioPerHour: null,
      asOf: '2026-11-01',
      source: 'The bill',
    }),
  )

  value(await house.handlers.transcripts.addCorrection({ feedId: local.feedId, heard: 'tied', meant: 'tide' }))
  value(await house.handlers.transcripts.nameSpeaker({ episodeId: local.id, label: 'Maren', name: 'Maren Example' }))

  const session = interviews.start({
    episodeId: local.id,
    episodeTitle: 'A talk',
    feedTitle: 'Your files and texts',
    style: 'reflective',
    maxQuestions: 5,
    guidelines: [],
  })
  const asked = ids.next()
  const first = value(interviews.ask(session.id, session.revision, { exchangeId: asked, text: 'Why?', details: {} }))
  const second = value(interviews.answer(session.id, first.revision, asked, 'Because of the tide.'))
  const open = ids.next()
  value(interviews.ask(session.id, second.revision, { exchangeId: open, text: 'And then?', details: {} }))
  value(interviews.saveDraft(session.id, { exchangeId: open, text: 'Then the wat', seenRevision: 0 }))

  value(await templates.save(ownTemplate))
  // By hand: one that Inkwell never saw, and one that the user went on with in an editor.
  writeFileSync(join(profile, 'templates', 'by-hand.yml'), ownTemplate.replace('mine', 'by-hand'))
  value(await templates.save(ownTemplate.replace('mine', 'edited')))
  writeFileSync(join(profile, 'templates', 'edited.yaml'), `${ownTemplate.replace('mine', 'edited')}category: talks\n`)

  value(await backup.create({}))
}
