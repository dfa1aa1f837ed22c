import { describe, expect, it } from 'vitest'
import { guessEncoding } from './guess-encoding.ts'

/** Text → bytes, by what TextDecoder makes of every byte and pair of bytes. */
function encode(label: string, text: string): Uint8Array {
  const bytesOf = new Map<string, number[]>()
  const decoder = new TextDecoder(label)
  const keep = (...bytes: number[]): void => {
    const character = decoder.decode(Uint8Array.from(bytes))
    if ([...character].length === 1 && character !== '\ufffd' && !bytesOf.has(character)) bytesOf.set(character, bytes)
  }
  for (let byte = 0; byte < 256; byte += 1) keep(byte)
  if (![...text].every((character) => bytesOf.has(character)))
    for (let lead = 0x81; lead < 0xff; lead += 1) for (let trail = 0x40; trail < 0xff; trail += 1) keep(lead, trail)
  return Uint8Array.from([...text].flatMap((character) => bytesOf.get(character)!))
}

describe('text in an encoding that nobody names', () => {
  it.each([
    ['windows-1251', 'Сегодня мы говорим о приливах и о том, кто накрывает на стол.'],
    ['koi8-r', 'Сегодня мы говорим о приливах и о том, кто накрывает на стол.'],
    ['shift_jis', 'こんにちは。今日は潮の話をします。'],
    ['euc-kr', '안녕하세요. 오늘은 조수에 대해 이야기합니다.'],
    ['big5', '大家好，今天我們談潮汐。'],
    ['gbk', '大家好，今天我们谈潮汐。'],
    ['windows-1253', 'Σήμερα μιλάμε για την παλίρροια και το φεγγάρι.'],
    ['windows-1256', 'اليوم نتحدث عن المد والجزر.'],
    ['windows-1252', 'Grüße aus München, schöne Übung über Öl.'],
    ['windows-1252', 'C’est l’été à côté de la forêt ; voilà où ça mène.'],
    ['windows-1252', 'Café'],
    ['windows-1252', '“Fine” – it’s 20 °C …'],
  ])('%s', (label, text) => {
    const bytes = encode(
      label,
      `1\n00:00:01,000 --> 00:00:05,000\n<description>All about the tides and the moon</description>${text}\n`,
    )
    expect(new TextDecoder(guessEncoding(bytes)).decode(bytes)).toContain(text)
  })
  it('bytes of no language are read somehow', () => {
    for (const bytes of [
      new Uint8Array(),
      Uint8Array.of(0xff),
      Uint8Array.from({ length: 300_000 }, (_, at) => (at * 7) & 255),
    ])
      expect(() => new TextDecoder(guessEncoding(bytes)).decode(bytes)).not.toThrow()
  })
})
