import { describe, expect, it } from 'vitest'
import { breachesOf } from './house-rules.ts'

const planted: [file: string, text: string][] = [
  ['src/main/feeds/service.ts', "import { ipcMain } from 'x'"],
  ['src/renderer/app/App.tsx', 'ipcRenderer.invoke()'],
  ['src/main/feeds/service.ts', "import { app } from 'electron'"],
  ['src/renderer/app/App.tsx', "import { feeds } from '../../main/feeds/service.ts'"],
  ['src/renderer/app/App.tsx', "import { Feed } from '#shared/contract/feeds.ts'"],
  ['src/renderer/app/App.tsx', '<p dangerouslySetInnerHTML={x} />'],
  ['src/main/feeds/service.test.ts', 'it.only("x", () => {})'],
  ['src/main/feeds/service.ts', '// TODO later'],
  ['src/main/feeds/service.ts', 'x\n'.repeat(401)],
]

describe('house rules', () => {
  it.each(planted)('finds what is planted in %s: %s', (file, text) => {
    expect(breachesOf(file, text)).toHaveLength(1)
  })

  it('lets the places pass that may', () => {
    expect(breachesOf('src/main/ipc/register.ts', "import { ipcMain } from 'electron'")).toEqual([])
    expect(breachesOf('src/preload/index.ts', "import { ipcRenderer } from 'electron'")).toEqual([])
    expect(breachesOf('src/renderer/app/App.tsx', "import type { Feed } from '#shared/contract/feeds.ts'")).toEqual([])
  })
})
