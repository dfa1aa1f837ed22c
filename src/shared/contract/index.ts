import { app } from './app.ts'
import { audit } from './audit.ts'
import { backup } from './backup.ts'
import { costs } from './costs.ts'
import { episodes } from './episodes.ts'
import { feeds } from './feeds.ts'
import { health } from './health.ts'
import { intake } from './intake.ts'
import { jobs } from './jobs.ts'
import { kit } from './kit.ts'
import { logs } from './logs.ts'
import { models } from './models.ts'
import { notes } from './notes.ts'
import { retention } from './retention.ts'
import { settings } from './settings.ts'
import { speech } from './speech.ts'
import { templates } from './templates.ts'
import { transcripts } from './transcripts.ts'

/** Everything that may cross between the windows and main. */
export const contract = {
  app,
  audit,
  backup,
  costs,
  episodes,
  feeds,
  health,
  intake,
  jobs,
  kit,
  logs,
  models,
  notes,
  retention,
  settings,
  speech,
  templates,
  transcripts,
}
