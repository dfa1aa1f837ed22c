import { expect, it } from 'vitest'
import loaded from './mantine-styles.ts?raw'

const views = import.meta.glob<string>('../**/*.tsx', { query: '?raw', import: 'default', eager: true })
const styles = import.meta.glob('/node_modules/@mantine/core/styles/*.css')

it('holds the styles of every Mantine component that is used', () => {
  const used = Object.values(views)
    .flatMap((text) => [...text.matchAll(/import \{([^}]*)\} from '@mantine\/core'/g)])
    .flatMap(([, names]) => names!.split(',').map((name) => name.trim()))
  expect(used).toContain('Button')
  const missing = used.filter(
    (name) => `/node_modules/@mantine/core/styles/${name}.css` in styles && !loaded.includes(`/styles/${name}.css`),
  )
  expect([...new Set(missing)]).toEqual([])
})
