import { Link } from 'wouter'
import type { NotedEpisode } from '#shared/contract/notes.ts'
import { formatMoment, plural } from '../../lib/format.ts'
import { Cover, SectionHead } from '../../ui/index.ts'
import css from './home.module.css'

/** The newest notes. */
export function ReadyToRead({ episodes }: { episodes: NotedEpisode[] }) {
  if (episodes.length === 0) return null
  return (
    <section className={css.ready} aria-labelledby="home-ready">
      <SectionHead id="home-ready" title="Ready to read" />
      <ul>
        {episodes.map((episode) => (
          <li key={episode.episodeId}>
            <Link href={`/episodes/${episode.episodeId}`}>
              <Cover title={episode.feedTitle} artworkPath={episode.artworkPath} size={36} />
              <span>
                <b dir="auto" title={episode.title}>
                  {episode.title}
                </b>
                <small>
                  {plural(episode.noteCount, 'note')}, {formatMoment(episode.writtenAtMs)}
                </small>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
