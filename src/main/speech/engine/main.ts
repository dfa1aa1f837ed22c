/** The process that recognises speech: native code that ends with a damaged model, away from everything else. */
import { loadSherpa } from './recogniser.ts'
import { portOfProcess, serveEngine } from './serve.ts'

serveEngine(portOfProcess(), loadSherpa)
