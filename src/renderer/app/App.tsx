import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { Router } from 'wouter'
import { useHashLocation } from 'wouter/use-hash-location'
import { cssVariablesResolver, theme } from '../ui/theme.ts'
import { ColorScheme, colorSchemeManager } from './ColorScheme.tsx'
import { DropLayer } from './DropLayer.tsx'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import { LiveRegions } from './LiveRegions.tsx'
import { Routes } from './Routes.tsx'
import { Shell } from './Shell.tsx'
import { ShortcutKeys } from './ShortcutKeys.tsx'

export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      colorSchemeManager={colorSchemeManager}
      defaultColorScheme="auto"
    >
      <ErrorBoundary where="the window" outermost>
        <Router hook={useHashLocation}>
          <ColorScheme />
          <LiveRegions />
          <Shell>
            <Routes />
          </Shell>
          <ShortcutKeys />
          <DropLayer />
        </Router>
      </ErrorBoundary>
      <Notifications
        position="bottom-right"
        limit={3}
        pauseResetOnHover="notification"
        containerWidth={420}
        transitionDuration={220}
      />
    </MantineProvider>
  )
}
