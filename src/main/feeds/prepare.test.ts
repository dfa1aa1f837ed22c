import { expect, it } from 'vitest'
import { feedOf, parseBytes, rssOf } from './parse/fixtures/parse.ts'
import { prepareDrafts } from './prepare.ts'

function titlesOf(items: string): string[] {
  const feed = feedOf(parseBytes(rssOf(items)))
  const drafts = prepareDrafts(feed, { salt: Buffer.alloc(32), book: null })
  for (;;) {
    const step = drafts.next()
    if (step.done) return step.value.map(({ title }) => title)
  }
}

it('an item without a title is called by its first words', () => {
  const item = (description: string): string => `<item><guid>${description.length}</guid>${description}</item>`
  expect(
    titlesOf(
      item('<description><![CDATA[<p>Why there are <b>two tides</b> a day.</p>]]></description>') +
        item(`<description>${'The moon pulls at the sea. '.repeat(30)}</description>`) +
        item(`<description>${'🌊'.repeat(100)}</description>`) +
        item('<description><![CDATA[<img src="a.png">]]></description>'),
    ),
  ).toEqual([
    'Why there are two tides a day.',
    'The moon pulls at the sea. The moon pulls at the sea. The moon pulls at the…',
    `${'🌊'.repeat(80)}…`,
    'Untitled',
  ])
})
