import { expect, test } from 'vitest'
import { sniffSignature } from './signatures.ts'

const head = (text: string, length = 600): Buffer => Buffer.concat([Buffer.from(text, 'latin1'), Buffer.alloc(length)])
const mp3Frames = (): Buffer => {
  // MPEG 1 layer III, 128 kbit/s, 44.1 kHz: 417 bytes a frame.
  const frame = Buffer.alloc(417)
  frame.set([0xff, 0xfb, 0x90, 0x64])
  return Buffer.concat([frame, frame, frame])
}

test.each([
  ['mp3 with tags', head('ID3\x04\x00'), 'audio', 'mp3'],
  ['mp3 bare', mp3Frames(), 'audio', 'mp3'],
  ['m4a', head('\x00\x00\x00\x20ftypM4A '), 'audio', 'm4a'],
  ['mp4', head('\x00\x00\x00\x20ftypisom'), 'video', 'mp4'],
  ['quicktime', head('\x00\x00\x00\x14ftypqt  '), 'video', 'mov'],
  ['opus', head(`${'OggS\x00\x02'.padEnd(28, '\x00')}OpusHead`), 'audio', 'opus'],
  ['vorbis', head(`${'OggS\x00\x02'.padEnd(28, '\x00')}\x01vorbis`), 'audio', 'ogg'],
  ['flac', head('fLaC\x00'), 'audio', 'flac'],
  ['wav', head('RIFF\x24\x00\x00\x00WAVEfmt '), 'audio', 'wav'],
  ['webm', head('\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm'), 'video', 'webm'],
  ['mkv', head('\x1aE\xdf\xa3\xa3B\x86\x81\x01B\x82\x88matroska'), 'video', 'mkv'],
  ['aac', head('\xff\xf1\x50\x80\x02\x1f\xfc'), 'audio', 'aac'],
  ['aiff', head('FORM\x00\x00\x00\x00AIFF'), 'audio', 'aiff'],
  ['elf', head('\x7fELF\x02\x01'), 'program', 'bin'],
  ['exe', head('MZ\x90\x00\x03'), 'program', 'bin'],
  ['zip', head('PK\x03\x04'), 'archive', 'zip'],
  ['png', head('\x89PNG\r\n'), 'image', 'png'],
  ['playlist', head('#EXTM3U\nfile:///etc/passwd'), 'playlist', 'm3u'],
])('%s', (_, bytes, family, extension) => {
  expect(sniffSignature(bytes)).toMatchObject({ family, extension })
})

test('text in any language is nothing else', () => {
  for (const text of ['WEBVTT', 'MZ is a label', 'Formal notes', '<html>', '{"a":1}', 'ÿûbelow', 'Größe', '字幕です'])
    expect([text, sniffSignature(Buffer.from(text.padEnd(80, '.')))]).toEqual([text, null])
})
