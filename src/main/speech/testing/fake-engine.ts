/**
 * The process of the engine with the real detector of speech and a recogniser that says how loud each half second is:
 * started by tests and the bench in place of engine/main.ts. A model file that holds a word of the list below does as it says.
 */
import { readFileSync } from 'node:fs'
import { portOfProcess, serveEngine } from '../engine/serve.ts'
import { sampleRate } from '../engine/wave-file.ts'

let heard = 0
serveEngine(portOfProcess(), async ({ files }) => {
  const model = 'encoder' in files ? readFileSync(files.encoder, 'utf8') : ''
  if (model.includes('abort-on-load')) process.abort()
  if (model.includes('throw-on-load')) throw new Error('Protobuf parsing failed')
  return {
    recognise: async (samples) => {
      heard += 1
      if (model.includes('abort-on-second') && heard === 2) process.abort()
      const step = sampleRate / 2
      const tokens: string[] = []
      const timestamps: number[] = []
      for (let at = 0; at + step <= samples.length; at += step) {
        const power = samples.subarray(at, at + step).reduce((sum, sample) => sum + sample ** 2, 0) / step
        if (power < 1e-5) continue
        tokens.push(` w${Math.round(Math.log10(power) * 10)}`)
        timestamps.push(at / sampleRate)
      }
      return { text: tokens.join('').trim(), tokens, timestamps, language: 'en' }
    },
  }
})
