import { runBackupTask } from '../backup/tasks.ts'
import { serve } from './serve.ts'

serve(runBackupTask)
