/** Larger transcript files are refused. */
export const maxTranscriptBytes = 20_000_000
/** Of text and Markdown; what comes after is left out, with a warning. */
export const maxLines = 500_000
/** What comes after is left out, with a warning. */
export const maxSegments = 200_000
/** Bytes of a podcast:chapters file. */
export const maxChaptersBytes = 2_000_000
export const maxChapters = 5_000
