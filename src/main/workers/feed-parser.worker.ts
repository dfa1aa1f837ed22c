import { parseFeed } from '../feeds/parse/parse-feed.ts'
import type { ParseOptions, ParseResult } from '../feeds/parse/types.ts'
import { serve } from './serve.ts'

export type FeedParserInput = { readonly bytes: Uint8Array } & ParseOptions

serve<FeedParserInput, ParseResult>(({ bytes, ...options }) => parseFeed(bytes, options))
