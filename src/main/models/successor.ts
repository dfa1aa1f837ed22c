interface Named {
  readonly id: string
}
interface Parts {
  readonly family: string
  /** Words such as `sonnet` or `flash-lite`, which make the price. */
  readonly tier: string
  readonly version: readonly number[]
  /** Not a model like the others: a preview, or one for another purpose. */
  readonly special: string
}

const tiers = [
  'opus',
  'sonnet',
  'haiku',
  'flash-lite',
  'flash',
  'pro',
  'ultra',
  'mini',
  'nano',
  'lite',
  'turbo',
  'large',
  'medium',
  'small',
  'codex',
  'coder',
  'vision',
  'chat',
  'instant',
  'versatile',
]
const specials = /preview|exp(erimental)?\b|thinking|image|audio|search|latest|instruct|beta|computer-use|customtools/g

/** `claude-3-5-haiku-20241022` → claude, haiku, [3, 5]. Rules about names only. */
function partsOf(id: string): Parts {
  const bare = id
    .toLowerCase()
    .replace(/^.*\//, '')
    .replace(/[-@_](20\d{6}|20\d\d-\d\d-\d\d|\d{2}-\d{2,4})(?=$|[-:])/g, '')
  const words = bare.split(/[-_:]/).filter(Boolean)
  const family = /^[a-z]+/.exec(words[0] ?? '')?.[0] ?? bare
  const tier = tiers.find((word) => `-${bare}-`.includes(`-${word}-`)) ?? ''
  const version = (/\d+(?:[.-]\d{1,2}(?!\d|b))*/.exec(bare)?.[0] ?? '').split(/[.-]/).filter(Boolean).map(Number)
  return { family, tier, version, special: [...new Set(bare.match(specials) ?? [])].sort().join(' ') }
}

const compare = (a: readonly number[], b: readonly number[]): number => {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/**
 * The model to take the place of one that is gone: of the same family and tier, finished rather than a preview, the
 * next version up, or else the newest below. Null when no model of that family is there.
 */
export function proposeSuccessor<Model extends Named>(gone: string, offered: readonly Model[]): Model | null {
  const old = partsOf(gone)
  const family = offered
    .map((model, at) => ({ model, at, parts: partsOf(model.id) }))
    .filter(({ model, parts }) => model.id !== gone && parts.family === old.family)
  const rank = ({ parts }: (typeof family)[number]) => {
    const step = compare(parts.version, old.version)
    return [
      parts.tier === old.tier ? 0 : 1,
      parts.special === '' || parts.special === old.special ? 0 : 1,
      step >= 0 ? 0 : 1,
    ]
  }
  return (
    family.sort((a, b) => {
      const [mine, theirs] = [rank(a), rank(b)]
      const by = mine.map((value, at) => value - theirs[at]!).find((value) => value !== 0)
      if (by !== undefined) return by
      const up = mine[2] === 0 ? 1 : -1
      return up * compare(a.parts.version, b.parts.version) || a.at - b.at
    })[0]?.model ?? null
  )
}

/** Whether a provider that lists these takes that name: names without a date or a tag stand for one with it. */
export function isOffered(id: string, offered: readonly Named[]): boolean {
  const stem = id.replace(/:(latest|free|nitro|floor|online|extended|exacto)$/, '').replace(/-(latest|0)$/, '')
  return offered.some(
    (model) =>
      model.id === id ||
      model.id === stem ||
      model.id === `${id}:latest` ||
      (model.id.startsWith(`${stem}-`) &&
        /^-(20\d{6}|latest|0|00\d|20\d\d-\d\d-\d\d)$/.test(model.id.slice(stem.length))) ||
      // `gemini-flash-latest` follows whatever is newest.
      (id.endsWith('-latest') && model.id.startsWith(`${stem.split('-')[0]}-`)),
  )
}
