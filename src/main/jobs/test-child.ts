/** A process of its own for the tests: `node test-child.ts <database> <trace> <killAt> [before|after]`. */
import { openJobs, tracingStages } from './testing.ts'

const [databasePath, trace, killAt, when] = process.argv.slice(2) as [string, string, string, string]
const { jobs, storage } = openJobs(
  databasePath,
  tracingStages(trace, (step, now) => {
    if (step === killAt && now === when) process.kill(process.pid, 'SIGKILL')
  }),
)
jobs.begin()
await jobs.idle()
await jobs.stop()
storage.close()
