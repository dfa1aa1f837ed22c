import { createHmac } from 'node:crypto'

/**
 * A mark tells one secret from another without telling anything of it: HMAC with a random key that lies in the keychain,
 * beside the secrets themselves. The marks of the last kit are in the database; without the keychain they say nothing.
 */
export const markOf = (key: Buffer, subject: string, essence: string): string =>
  createHmac('sha256', key)
    .update(JSON.stringify([subject, essence]))
    .digest('base64url')
    .slice(0, 16)

/** Where the key lies. */
export const marksKeySubject = 'kit/marks-key'
