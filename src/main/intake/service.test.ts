import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  accept,
  asked,
  chosen,
  file,
  folder,
  intake,
  look,
  offer,
  pages,
  prose,
  rows,
  srt,
  started,
  storage,
  transcripts,
  wav,
} from './intake-testing.ts'

describe('pasted words', () => {
  test('a transcript becomes an episode with speakers and times, and a job', async () => {
    const [item] = await look({ text: srt })
    expect(item).toMatchObject({ kind: 'transcript', action: 'make-notes', costMicroUsd: 0 })
    expect(item!.sentence).toMatch(/^A transcript \(SRT, 2 min, 4 words, 2 speakers\): notes are made .*\.$/)
    const accepted = await accept({ text: srt, templates: ['quotes'] })
    expect(accepted).toMatchObject({ problems: [], feedIds: [], jobIds: [`job:${accepted.episodeIds[0]}`] })
    expect(started).toEqual([{ episodeIds: accepted.episodeIds, templates: ['quotes'] }])
    expect(transcripts.stored(accepted.episodeIds[0]!)).toMatchObject({
      source: 'text',
      format: 'srt',
      hasSpeakers: true,
    })
    expect(rows()[0]).toMatchObject({ durationSeconds: 100, feedKind: 'local' })
  })
  test('the same text again is the same episode', async () => {
    const first = await accept({ text: `# Tides\n\n${prose}` })
    const second = await accept({ text: `# Tides\n\n${prose}` })
    expect(second.episodeIds).toEqual(first.episodeIds)
    expect(rows().map(({ title }) => title)).toEqual(['Tides'])
  })
  test('too few words say why', async () => {
    expect(await look({ text: 'Hello there.' })).toEqual([
      {
        kind: 'unsupported',
        title: 'Hello there.',
        sentence: expect.stringContaining('notes need 40 words or more'),
        action: 'none',
        costMicroUsd: 0,
      },
    ])
    const accepted = await accept({ text: 'Hello there.' })
    expect(accepted).toMatchObject({ episodeIds: [], jobIds: [], problems: [expect.stringContaining('2 words')] })
    expect(started).toEqual([])
  })
  test('lists of feeds and sources of feeds', async () => {
    expect(await look({ text: '<?xml version="1.0"?><opml version="2.0"><body/></opml>' })).toMatchObject([
      { kind: 'opml', action: 'import-opml' },
    ])
    expect(await look({ text: '<rss version="2.0"><channel/></rss>' })).toMatchObject([{ kind: 'unsupported' }])
    expect(await accept({ text: '<opml/>' })).toMatchObject({
      feedIds: ['feed:added'],
      problems: ['Line 3, Bad: It failed.'],
    })
  })
  test('looking changes nothing', async () => {
    pages['https://example.com/a'] = { body: `<html><article><p>${prose}</p></article></html>` }
    const count = () =>
      storage.get(
        'SELECT (SELECT count(*) FROM audit) AS a, (SELECT count(*) FROM episodes) AS e, (SELECT count(*) FROM feeds) AS f',
      )
    const before = count()
    const tokens = await offer(file('talk.wav', wav(2)), file('notes.md', prose))
    await look({ text: srt, tokens })
    await look({ text: 'https://example.com/a' })
    expect(count()).toEqual(before)
    expect(readdirSync(folder).sort()).toEqual(['notes.md', 'talk.wav'])
  })
})

describe('pasted addresses', () => {
  test('feeds, feed schemes, YouTube, Apple, private ones', async () => {
    pages['https://example.com/feed'] = {
      type: 'text/html',
      body: '<?xml version="1.0"?>\n<rss version="2.0"><channel/></rss>',
    }
    for (const text of [
      'https://example.com/feed',
      'feed://example.com/feed',
      'https://www.youtube.com/@tides',
      'https://podcasts.apple.com/gb/podcast/tides/id1234567',
      'https://me:secret@example.com/private',
    ])
      expect([text, (await look({ text }))[0]?.action]).toEqual([text, 'add-feed'])
    // Only the one that could be an article was fetched.
    expect(asked).toEqual(['https://example.com/feed'])
    const [item] = await look({ text: 'https://me:secret@example.com/private' })
    expect(JSON.stringify(item)).not.toContain('secret')
  })
  test('several, one per line, are several things', async () => {
    const accepted = await accept({ text: 'feed://a.example/1\nfeed://b.example/2\n\nfeed://refused.example/3' })
    expect(accepted.feedIds).toHaveLength(2)
    expect(accepted.problems).toEqual(['The server refuses to give it (403).'])
  })
  test('an article is read without its surroundings, and fetched once', async () => {
    pages['https://example.com/tides'] = {
      body: `<!doctype html><html lang="en-GB"><head><title>Tides | Example</title><meta property="og:type" content="article">
        <meta property="article:published_time" content="2026-04-08T10:00:00Z">
        <link rel="alternate" type="application/rss+xml" href="/feed"></head><body>
        <nav><p>${prose} navigation</p></nav><article><h1>How a tide table is made</h1>
        <p>${prose}</p><div class="share-buttons">Share this</div><h2>The clerk</h2><p>${prose} <a href="/x">A link</a>.</p>
        <script>alert(1)</script><p>${prose}</p></article>
        <div class="comments"><p>First! ${prose}</p></div><footer>${prose}</footer></body></html>`,
    }
    const [item] = await look({ text: 'https://example.com/tides' })
    expect(item).toMatchObject({ kind: 'web-page', title: 'How a tide table is made', action: 'make-notes' })
    const accepted = await accept({ text: 'https://example.com/tides' })
    expect(asked).toEqual(['https://example.com/tides'])
    const text = transcripts
      .stored(accepted.episodeIds[0]!)!
      .segments.map((segment) => segment.text)
      .join('\n')
    expect(text).toContain('The clerk')
    expect(text).not.toMatch(/navigation|Share this|First!|alert|How a tide table/)
    expect(rows()[0]).toMatchObject({
      link: 'https://example.com/tides',
      publishedAtMs: Date.UTC(2026, 3, 8, 10),
      language: 'en',
    })
  })
  test('a show’s page with a feed is followed', async () => {
    const link = '<link rel="alternate" type="application/rss+xml" href="/feed">'
    pages['https://example.com/'] = {
      body: `<html><head>${link}</head><body><article><p>${prose.repeat(4)}</p></article></body></html>`,
    }
    pages['https://example.com/show'] = { body: `<html><head>${link}</head><body><p>Soon.</p></body></html>` }
    expect(await look({ text: 'https://example.com/' })).toMatchObject([{ action: 'add-feed' }])
    expect(await look({ text: 'https://example.com/show' })).toMatchObject([{ action: 'add-feed' }])
  })
  test('a transcript at a link', async () => {
    pages['https://example.com/t/2026-tides.srt?x=1'] = { type: 'text/plain', body: srt }
    const [item] = await look({ text: 'https://example.com/t/2026-tides.srt?x=1' })
    expect(item).toMatchObject({ kind: 'transcript', action: 'make-notes' })
    await accept({ text: 'https://example.com/t/2026-tides.srt?x=1' })
    expect(transcripts.stored(rows()[0]!.id)).toMatchObject({ source: 'file', hasTimes: true, hasSpeakers: true })
  })
  test.each([
    ['a login page', { body: '<html><title>Log in</title><input type="password"></html>' }, 'login page'],
    ['an empty page', { body: '<html><body>Hi</body></html>' }, 'neither a feed nor an article'],
    ['a recording', { body: 'ID3\x04\x00 sound' }, 'download it and drop the file'],
    ['a missing page', { status: 404, body: 'no' }, '404'],
    ['a program', { body: '\x7fELF\x02\x01' }, 'a program'],
    ['a few words', { type: 'text/plain', body: 'Hello there you.' }, '40 words'],
  ])('%s is told apart', async (_, page, words) => {
    pages['https://example.com/x'] = page
    const [item] = await look({ text: 'https://example.com/x' })
    expect(item).toMatchObject({ kind: 'unsupported', action: 'none', sentence: expect.stringContaining(words) })
  })
  test('Spotify and unknown schemes say what to do', async () => {
    expect(await look({ text: 'https://open.spotify.com/show/abc' })).toMatchObject([{ kind: 'unsupported' }])
    for (const text of ['file:///etc/passwd', 'javascript://alert(1)', 'data://x'])
      expect([text, (await look({ text }))[0]?.kind]).toEqual([text, 'unsupported'])
    expect(asked).toEqual([])
  })
})

describe('the rest', () => {
  test('without a window: a folder, a text', async () => {
    file('talks/a.srt', srt)
    file('talks/b.txt', prose)
    const taken = await intake.takeFile(join(folder, 'talks'), { templates: ['summary'] })
    expect(taken.ok && taken.value.episodeIds).toHaveLength(2)
    expect(started[0]?.templates).toEqual(['summary'])
    expect(await intake.takeFile(join(folder, 'nowhere'))).toMatchObject({ ok: false, error: { code: 'no-files' } })
    const text = await intake.takeText(srt.replace('Maren', 'Ada'))
    expect(text.ok && text.value.episodeIds).toHaveLength(1)
  })
  test('files are chosen in a dialog, or not', async () => {
    expect(await intake.chooseFiles()).toEqual({ ok: true, value: null })
    chosen.push(...[file('a.srt', srt)])
    expect(await intake.chooseFiles()).toMatchObject({ ok: true, value: [{ name: 'a.srt', bytes: srt.length }] })
  })
  test('the sample', async () => {
    expect(await intake.trySample()).toEqual({ ok: true, value: { feedId: 'f', episodeId: 'e', jobId: 'job:e' } })
  })
})
