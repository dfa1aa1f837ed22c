/** The gate draws the same chance each time; `npm run torture` draws new one. `FC_SEED=n npm run unit` tries another. */
import fc from 'fast-check'

fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 20_261_123) })
