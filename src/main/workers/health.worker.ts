import { type HealthTaskInput, type HealthTaskName, type HealthTasks, runHealthTask } from '../health/task.ts'
import { serve } from './serve.ts'

serve<HealthTaskInput, HealthTasks[HealthTaskName]['output']>(runHealthTask)
