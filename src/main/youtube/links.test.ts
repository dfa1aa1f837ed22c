import { expect, test } from 'vitest'
import { readYouTubeLink, videoIdOf } from './links.ts'

test.each([
  ['https://www.youtube.com/watch?v=dQw4w9WgXcQ', 'video', 'dQw4w9WgXcQ'],
  ['https://www.youtube.com/watch?v=dQw4w9WgXcQ&list=PL0123456789abcdef&index=3&t=42s', 'video', 'dQw4w9WgXcQ'],
  ['youtu.be/dQw4w9WgXcQ?si=abc', 'video', 'dQw4w9WgXcQ'],
  ['https://m.youtube.com/shorts/dQw4w9WgXcQ', 'video', 'dQw4w9WgXcQ'],
  ['https://www.youtube.com/live/dQw4w9WgXcQ?feature=share', 'video', 'dQw4w9WgXcQ'],
  ['https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ', 'video', 'dQw4w9WgXcQ'],
  ['https://music.youtube.com/watch?v=dQw4w9WgXcQ', 'video', 'dQw4w9WgXcQ'],
  ['https://www.youtube.com/playlist?list=PL0123456789abcdef', 'playlist', 'PL0123456789abcdef'],
])('%s is a %s', (text, kind, id) => {
  expect(readYouTubeLink(text)).toEqual({ kind, id })
})

test.each([
  'https://www.youtube.com/@tides',
  'https://www.youtube.com/channel/UC0123456789012345678901',
  'https://www.youtube.com/watch?v=short',
  'https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ',
  'https://evil.example/?u=https://youtu.be/dQw4w9WgXcQ',
  'https://www.youtube.com/playlist?list=../../etc',
  'not a link',
])('%s is no video', (text) => {
  expect(readYouTubeLink(text)).toBeNull()
})

test('an episode of a channel’s feed is its video', () => {
  expect(videoIdOf({ link: null, guid: 'yt:video:dQw4w9WgXcQ' })).toBe('dQw4w9WgXcQ')
  expect(videoIdOf({ link: 'https://youtu.be/dQw4w9WgXcQ', guid: 'x' })).toBe('dQw4w9WgXcQ')
  expect(videoIdOf({ link: 'https://tides.example/118', guid: '118' })).toBeNull()
})
