import type { WordFault } from "../control.ts";

/** The answer to the client. */
export interface Reply {
  contentType: string;
  body: Buffer;
  /** The words that a voice speaks. */
  said?: string;
}

/** A validated request. `shape`: everything that determines the reply. */
export interface PreparedCall {
  shape: string;
  /** `wordFault`: the voice says other words. Other capabilities ignore it. */
  work(signal: AbortSignal, wordFault: WordFault | null): Promise<Reply>;
}
