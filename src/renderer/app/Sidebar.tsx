import { Tooltip } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconActivity, IconHome, IconReceipt2, IconRss, IconSettings, IconShield } from '@tabler/icons-react'
import { Link, useLocation } from 'wouter'
import { needsYou } from '../features/health/health-words.ts'
import { formatCount, plural } from '../lib/format.ts'
import { useLive } from '../lib/live.ts'
import { useShortcut } from '../lib/shortcuts.ts'
import { Mark } from '../ui/Mark.tsx'
import { MonthSpend } from './MonthSpend.tsx'
import css from './shell.module.css'

interface Place {
  path: string
  label: string
  icon: typeof IconHome
  keys: string
}
const reading: Place[] = [
  { path: '/', label: 'Home', icon: IconHome, keys: 'mod+1' },
  { path: '/feeds', label: 'Feeds', icon: IconRss, keys: 'mod+2' },
]
const desk: Place[] = [
  { path: '/activity', label: 'Activity', icon: IconActivity, keys: 'mod+3' },
  { path: '/costs', label: 'Costs', icon: IconReceipt2, keys: 'mod+4' },
  { path: '/health', label: 'Data & health', icon: IconShield, keys: 'mod+5' },
  { path: '/settings', label: 'Settings', icon: IconSettings, keys: 'mod+6 mod+,' },
]

/** What stands at the right of an entry: a number to see, words to hear, and whether it waits for the user. */
interface Count {
  shown: string
  spoken: string
  needsYou?: boolean
}

export function Sidebar() {
  const feeds = useLive('feeds', 'list', {}).value
  const jobs = useLive('jobs', 'list', {}).value
  const report = useLive('health', 'report', {}).value
  const findings = report ? needsYou(report) : 0
  const followed = feeds?.filter((feed) => feed.removedAtMs === null).length ?? 0
  const active = jobs?.filter((job) => job.state === 'running' || job.state === 'queued').length ?? 0
  const stopped = jobs?.filter((job) => job.state === 'failed').length ?? 0
  const counts: Record<string, Count | undefined> = {
    '/feeds': followed > 0 ? { shown: formatCount(followed), spoken: plural(followed, 'feed') } : undefined,
    '/activity':
      stopped > 0
        ? { shown: '', spoken: `${plural(stopped, 'job')} stopped, needs you`, needsYou: true }
        : active > 0
          ? { shown: formatCount(active), spoken: `${formatCount(active)} under way` }
          : undefined,
    '/health':
      findings > 0 ? { shown: '', spoken: `${plural(findings, 'finding')}, needs you`, needsYou: true } : undefined,
  }
  return (
    <nav className={css.side} aria-label="Main">
      <div className={css.brand}>
        <Mark />
        <span>Inkwell</span>
      </div>
      <ul>
        {reading.map((place) => (
          <Entry key={place.path} place={place} count={counts[place.path]} />
        ))}
      </ul>
      <ul className={css.low}>
        {desk.map((place) => (
          <Entry key={place.path} place={place} count={counts[place.path]} />
        ))}
      </ul>
      <MonthSpend />
    </nav>
  )
}

const isAt = (path: string, at: string): boolean =>
  path === '/'
    ? at === '/'
    : at === path ||
      at.startsWith(`${path}/`) ||
      (path === '/feeds' && at.startsWith('/episodes/')) ||
      (path === '/settings' && at.startsWith('/templates/'))

function Entry({ place, count }: { place: Place; count: Count | undefined }) {
  const [at, navigate] = useLocation()
  const rail = useMediaQuery('(max-width: 1000px)') ?? false
  useShortcut(place.keys, place.label, () => navigate(place.path))
  return (
    <li>
      <Tooltip label={place.label} position="right" disabled={!rail}>
        <Link href={place.path} className={css.nav} aria-current={isAt(place.path, at) ? 'page' : undefined}>
          <place.icon size={17} stroke={1.6} aria-hidden="true" />
          <span className={css.label}>{place.label}</span>
          {count && (
            <em data-needs-you={count.needsYou || undefined}>
              <span aria-hidden="true">{count.shown}</span>
              <span className="ik-hidden">, {count.spoken}</span>
            </em>
          )}
        </Link>
      </Tooltip>
    </li>
  )
}
