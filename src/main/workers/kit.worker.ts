import { type KitTask, type KitTaskAnswer, runKitTask } from '../kit/age-task.ts'
import { serve } from './serve.ts'

serve<KitTask, KitTaskAnswer>(runKitTask)
