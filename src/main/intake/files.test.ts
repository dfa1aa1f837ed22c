import { execFileSync } from 'node:child_process'
import { readdirSync, rmSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { accept, file, folder, look, offer, prose, rows, srt, started, transcripts, wav } from './intake-testing.ts'

describe('files', () => {
  test('a recording with its transcript beside it; the transcript is not a second thing', async () => {
    const recording = file('2026-04-08 tide talk.wav', wav(100))
    const beside = file('2026-04-08 tide talk.en.srt', srt)
    file('2026-04-08 tide talk.txt', prose)
    const tokens = await offer(recording, beside)
    const items = await look({ tokens })
    expect(items).toMatchObject([{ kind: 'media', title: 'tide talk', action: 'make-notes' }])
    expect(items[0]!.sentence).toMatch(
      /^A WAV recording \(2 min, 800 kB\) with its transcript beside it in “2026-04-08 tide talk.en.srt”/,
    )
    const accepted = await accept({ tokens })
    expect(accepted.jobIds).toHaveLength(1)
    const [episode] = rows()
    expect(episode).toMatchObject({
      publishedAtMs: Date.UTC(2026, 3, 8),
      durationSeconds: 100,
      mediaType: 'audio/wav',
      language: 'en',
    })
    expect(transcripts.stored(episode!.id)).toMatchObject({ source: 'sidecar', hasSpeakers: true })
    expect(readdirSync(join(folder, 'profile/media'))).toHaveLength(1)
  })
  test('a recording alone is kept and listed, without a job', async () => {
    const tokens = await offer(file('talk.mp3', wav(3)))
    const [item] = await look({ tokens })
    expect(item).toMatchObject({ kind: 'media', action: 'store' })
    expect(item!.sentence).toContain('Its words need speech recognition')
    const accepted = await accept({ tokens })
    expect(accepted).toMatchObject({ jobIds: [], problems: [] })
    expect(accepted.episodeIds).toHaveLength(1)
    expect(started).toEqual([])
    const [name] = readdirSync(join(folder, 'profile/media'))
    // Its own name and type: from its content, never from the file's name.
    expect(name).toMatch(/^[0-9a-f]{64}\.wav$/)
    const again = await accept({ tokens: await offer(file('other name.mp3', wav(3))) })
    expect(again.episodeIds).toEqual(accepted.episodeIds)
    expect(rows()).toHaveLength(1)
  })
  test('articles, transcripts, lists of feeds', async () => {
    const article = file('2026-01-02 tides.md', `# On tides\n\n${prose}`)
    const talk = file('talk.vtt', `WEBVTT\n\n00:00.000 --> 00:09.000\n<v Maren>Hello you.\n`)
    const list = file('feeds.xml', '<?xml version="1.0"?><opml version="2.0"><body/></opml>')
    utimesSync(talk, 1_700_000_000, 1_700_000_000)
    const tokens = await offer(article, talk, list)
    expect((await look({ tokens })).map(({ kind, title, action }) => [kind, title, action])).toEqual([
      ['article', 'On tides', 'make-notes'],
      ['transcript', 'talk', 'make-notes'],
      ['opml', 'feeds.xml', 'import-opml'],
    ])
    const accepted = await accept({ tokens })
    expect(accepted.episodeIds).toHaveLength(2)
    expect(accepted.problems).toEqual(['Line 3, Bad: It failed.'])
    expect(rows().map(({ publishedAtMs }) => publishedAtMs)).toEqual([Date.UTC(2026, 0, 2), 1_700_000_000_000])
  })
  test.each([
    ['empty.mp3', '', '0 bytes'],
    ['page.mp3', `<html><title>Log in</title><input type="password"></html>`, 'login page'],
    ['program.mp3', '\x7fELF\x02\x01\x01', 'a program'],
    ['list.mp3', '#EXTM3U\nfile:///etc/passwd', 'a playlist'],
    ['concat.mp3', "ffconcat version 1.0\nfile 'http://10.0.0.1/'", 'a playlist'],
    ['noise.mp3', Buffer.alloc(300, 7), 'not text'],
    ['short.txt', 'Hello.', '40 words'],
    ['feed.rss', '<rss version="2.0"/>', 'paste its web address'],
  ])('%s is refused with its reason', async (name, content, words) => {
    const tokens = await offer(file(name, content))
    expect(await look({ tokens })).toMatchObject([{ kind: 'unsupported', sentence: expect.stringContaining(words) }])
    const accepted = await accept({ tokens })
    expect(accepted).toMatchObject({ episodeIds: [], problems: [expect.stringContaining(words)] })
    expect(rows()).toEqual([])
  })
  test('hostile names name nothing on disk', async () => {
    const tokens = await offer(file('..%2f..%2fx.exe', wav(1)), file('CON.mp3', wav(2)))
    await accept({ tokens })
    for (const name of readdirSync(join(folder, 'profile/media'))) expect(name).toMatch(/^[0-9a-f]{64}\.wav$/)
  })
  test('tokens nobody made, and files that went away', async () => {
    expect(await look({ tokens: ['../../etc/passwd'] })).toMatchObject([{ kind: 'unsupported' }])
    const path = file('gone.srt', srt)
    const tokens = await offer(path)
    rmSync(path)
    expect(await look({ tokens })).toMatchObject([{ sentence: expect.stringContaining('no longer there') }])
  })
  test.skipIf(process.platform === 'win32')('a pipe put in a file’s place is not waited on', async () => {
    const path = file('talk.srt', srt)
    const tokens = await offer(path)
    rmSync(path)
    execFileSync('mkfifo', [path])
    expect(await look({ tokens })).toMatchObject([{ kind: 'unsupported' }])
  })
})
