import { useLive } from '../../lib/live.ts'

/** Whether speech recognition is set up, on this computer or by a service: recordings without words can be taken then. */
export function useCanHear(): boolean {
  const speech = useLive('speech', 'state', {}).value
  const assignments = useLive('models', 'assignments', {}).value
  const hears = assignments?.find(({ task }) => task === 'transcription')?.choice.providerId ?? 'offline'
  return hears !== 'offline' || (speech?.models.some(({ state }) => state === 'ready') ?? false)
}
