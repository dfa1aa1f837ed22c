import { type ComponentType, lazy, Suspense } from 'react'
import { Link, Route, Switch, useLocation } from 'wouter'
import { HomeView } from '../features/home/HomeView.tsx'
import { EmptyState, Loading, Page, PageHead } from '../ui/index.ts'
import { ErrorBoundary } from './ErrorBoundary.tsx'

/** A view in its own chunk; Home is part of the first one. */
const view = <Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name) =>
  lazy(async () => ({ default: (await load())[name] }))

const FeedsView = view(() => import('../features/feeds/FeedsView.tsx'), 'FeedsView')
const FeedView = view(() => import('../features/feeds/FeedView.tsx'), 'FeedView')
const EpisodeView = view(() => import('../features/episodes/EpisodeView.tsx'), 'EpisodeView')
const ActivityView = view(() => import('../features/activity/ActivityView.tsx'), 'ActivityView')
const CostsView = view(() => import('../features/costs/CostsView.tsx'), 'CostsView')
const HealthView = view(() => import('../features/health/HealthView.tsx'), 'HealthView')
const SettingsView = view(() => import('../features/settings/SettingsView.tsx'), 'SettingsView')
const TemplateView = view(() => import('../features/templates/TemplateView.tsx'), 'TemplateView')

export function Routes() {
  const [path] = useLocation()
  return (
    <ErrorBoundary where="this page" key={path}>
      <Suspense
        fallback={
          <Page>
            <Loading />
          </Page>
        }
      >
        <Switch>
          <Route path="/" component={HomeView} />
          <Route path="/feeds" component={FeedsView} />
          <Route path="/feeds/:feedId" component={FeedView} />
          <Route path="/episodes/:episodeId" component={EpisodeView} />
          <Route path="/activity" component={ActivityView} />
          <Route path="/costs/:section?" component={CostsView} />
          <Route path="/health/:section?" component={HealthView} />
          <Route path="/templates/:name/:copy?" component={TemplateView} />
          <Route path="/settings/:section?" component={SettingsView} />
          <Route>
            <Nowhere />
          </Route>
        </Switch>
      </Suspense>
    </ErrorBoundary>
  )
}

function Nowhere() {
  return (
    <Page>
      <PageHead title="Nothing here" />
      <EmptyState
        title="This page does not exist."
        action={
          <Link href="/" className="ik-link">
            Go to Home
          </Link>
        }
      />
    </Page>
  )
}
