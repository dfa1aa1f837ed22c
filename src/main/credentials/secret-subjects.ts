/** What one feature keeps in the keychain; the recovery kit asks each for it, and nothing is guessed. */
export interface SecretSubjects {
  /** Also those whose secret is gone: the database knows what should be there. */
  list(): readonly SecretSubject[]
  /** The part of a secret that a person gave; the rest may change by itself (a feed's entry takes up new addresses). */
  essence?(subject: string, secret: string): string
  /** These are in the keychain again. */
  restored?(subjects: readonly string[]): void
}
export interface SecretSubject {
  /** As `Credentials` takes it, e.g. `feed/<id>`. */
  readonly subject: string
  readonly where: 'keychain' | 'session'
}

/** All features as one. A feature is asked only about subjects it lists, or whose first word is that of one it may list. */
export function joinSecretSubjects(features: Readonly<Record<string, SecretSubjects>>): Required<SecretSubjects> {
  const featureOf = (subject: string): SecretSubjects | undefined => {
    const [first = ''] = subject.split('/', 1)
    return Object.hasOwn(features, first) ? features[first] : undefined
  }
  return {
    list: () => [...new Set(Object.values(features))].flatMap((feature) => feature.list()),
    essence: (subject, secret) => featureOf(subject)?.essence?.(subject, secret) ?? secret,
    restored: (subjects) => {
      for (const feature of new Set(Object.values(features))) {
        const mine = subjects.filter((subject) => featureOf(subject) === feature)
        if (mine.length > 0) feature.restored?.(mine)
      }
    },
  }
}
