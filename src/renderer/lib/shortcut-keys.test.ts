import { expect, it } from 'vitest'
import { isSingleKey, keysOf, keyWords } from './shortcut-keys.ts'

const press = (key: string, held: Partial<Parameters<typeof keysOf>[0]> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
})

it('takes Ctrl on Linux and ⌘ on macOS for the same', () => {
  expect(keysOf(press('1', { ctrlKey: true }), 'linux')).toBe('mod+1')
  expect(keysOf(press('1', { metaKey: true }), 'darwin')).toBe('mod+1')
  expect(keysOf(press('1', { metaKey: true }), 'linux')).not.toBe('mod+1')
})

it('never takes a letter held with another modifier for the letter alone', () => {
  expect(isSingleKey(keysOf(press('n', { metaKey: true }), 'linux'))).toBe(false)
  expect(isSingleKey(keysOf(press('n', { ctrlKey: true }), 'darwin'))).toBe(false)
  expect(isSingleKey(keysOf(press('n'), 'linux'))).toBe(true)
})

it('reads ? as typed, whatever the layout needs for it', () => {
  expect(keysOf(press('?', { shiftKey: true }), 'linux')).toBe('?')
})

it('keeps Shift beside named keys', () => {
  expect(keysOf(press('ArrowUp', { shiftKey: true }), 'linux')).toBe('shift+ArrowUp')
  expect(keysOf(press('ArrowLeft', { altKey: true }), 'linux')).toBe('alt+ArrowLeft')
})

it('writes keys as they stand on this computer', () => {
  expect(keyWords('mod+1', 'linux')).toEqual(['Ctrl', '1'])
  expect(keyWords('mod+,', 'darwin')).toEqual(['⌘', ','])
  expect(keyWords('alt+ArrowLeft', 'linux')).toEqual(['Alt', '←'])
})
