/** What a writer was told is done, a line each. */
export type Acked = { readonly mutation: number } & (
  | { readonly kind: 'charge'; readonly id: string }
  | { readonly kind: 'feed'; readonly url: string }
  | { readonly kind: 'title'; readonly feedId: string; readonly title: string }
  | { readonly kind: 'shared' }
  | { readonly kind: 'change'; readonly sessionId: string; readonly seen: number }
  | { readonly kind: 'answer'; readonly sessionId: string; readonly exchangeId: string; readonly text: string }
  | { readonly kind: 'draft'; readonly exchangeId: string; readonly seen: number; readonly revision: number }
  | { readonly kind: 'done' }
)
export const ofKind = <Kind extends Acked['kind']>(acked: readonly Acked[], kind: Kind) =>
  acked.filter((one): one is Extract<Acked, { kind: Kind }> => one.kind === kind)
