import { useEffect, useState } from 'react'
import { inkwell } from '../lib/inkwell.ts'
import css from './ui.module.css'

/** Quiet grounds with ink that is readable on them. */
const pigments = [
  ['#14403f', '#d9e6cf'],
  ['#1e3766', '#dde4f0'],
  ['#7a2048', '#fbe9dc'],
  ['#5b3514', '#f4e3bd'],
  ['#2f4a36', '#e3ecd8'],
  ['#3a2b52', '#e8dff2'],
  ['#5a4a17', '#fbe9a9'],
  ['#33414d', '#e2e9ee'],
] as const

const hashOf = (text: string): number => {
  let hash = 7
  for (const character of text) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) >>> 0
  return hash
}

/** Two initials of the words that carry a name: "The Slow Almanac" gives "SA". */
export const initialsOf = (title: string): string => {
  const words = title.split(/[\s\p{P}]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word))
  const telling = words.filter((word) => !/^(the|a|an|of|and|der|die|das|le|la|les|el)$/i.test(word))
  return (telling.length > 0 ? telling : words)
    .slice(0, 2)
    .map((word) => [...word][0]?.toUpperCase() ?? '')
    .join('')
}

/** Artwork of a feed or episode; drawn from its name where there is none. Decoration: the name stands beside it. */
export function Cover(props: {
  title: string
  artworkPath?: string | null | undefined
  size?: number
  className?: string
}) {
  const { title, artworkPath, size = 48 } = props
  const [missing, setMissing] = useState<string | null>(null)
  const [attempt, setAttempt] = useState(0)
  // Its file may come with the next reading of the feed.
  useEffect(() => {
    if (missing === null) return
    return inkwell.on('feeds.changed', () => {
      setMissing(null)
      setAttempt((now) => now + 1)
    })
  }, [missing])
  const className = [css.cover, props.className].filter(Boolean).join(' ')
  if (artworkPath && missing !== artworkPath)
    return (
      <img
        className={className}
        src={attempt === 0 ? artworkPath : `${artworkPath}?again=${attempt}`}
        width={size}
        height={size}
        alt=""
        loading="lazy"
        decoding="async"
        draggable={false}
        onError={() => setMissing(artworkPath)}
      />
    )
  const hash = hashOf(title)
  const [ground, ink] = pigments[(hash >>> 11) % pigments.length]!
  return (
    <svg className={className} width={size} height={size} viewBox="0 0 100 100" aria-hidden="true">
      <rect width="100" height="100" fill={ground} />
      <path d={`M0 ${72 + (hash % 9)}h100`} stroke={ink} strokeWidth="1.5" opacity=".45" />
      <path d={`M0 ${80 + (hash % 7)}h100`} stroke={ink} strokeWidth="1.5" opacity=".25" />
      <text x="50" y="58" textAnchor="middle" fontFamily="var(--ik-serif)" fontSize="44" fontWeight="500" fill={ink}>
        {initialsOf(title)}
      </text>
    </svg>
  )
}
