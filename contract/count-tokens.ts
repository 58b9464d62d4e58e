/** Bytes of the text in UTF-8. */
export const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** Tokens are never more than bytes; text that is mostly letters has one in three or four. */
export const bytesPerTokenAtLeast = 2;

/** The most tokens that a provider counts for the text. */
export const tokensAtMost = (text: string): number => bytesOf(text) / bytesPerTokenAtLeast;
