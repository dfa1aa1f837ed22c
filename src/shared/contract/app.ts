import { z } from 'zod'
import { command, event, Nothing, query, Text } from './define.ts'

export const app = {
  info: query(
    Nothing,
    z.object({
      version: z.string(),
      electron: z.string(),
      node: z.string(),
      sqlite: z.string(),
      profilePath: z.string(),
    }),
  ),
  /** http, https and mailto only. */
  openExternal: command(z.strictObject({ url: Text(4096) }), Nothing),
  /** A defect in the page; answers the reference to show. */
  reportDefect: command(
    z.strictObject({ message: Text(2_000), stack: Text(20_000) }),
    z.object({ reference: z.string() }),
  ),
  /** Main asks the window to go somewhere (menu, second start). */
  navigate: event(z.object({ path: z.string() })),
}
