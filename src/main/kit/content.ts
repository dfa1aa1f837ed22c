import { z } from 'zod'

export const schemaVersion = 1

/** What a kit holds, as JSON below the encryption. A newer version is told apart before anything else is read. */
export const KitContent = z.object({
  schemaVersion: z.literal(schemaVersion),
  /** Of the profile whose secrets they are (credentials/profile-identity.ts). */
  profileId: z.string().regex(/^[0-9a-f]{8,64}$/),
  madeAt: z.iso.datetime(),
  /** Base64; the key of the marks by which a profile knows which secrets its last kit holds (marks.ts). */
  marksKey: z.base64(),
  secrets: z
    .array(z.object({ subject: z.string().min(1).max(300), secret: z.string().min(1).max(50_000) }))
    .max(100_000),
})
export type KitContent = z.infer<typeof KitContent>
