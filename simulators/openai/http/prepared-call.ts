/** The answer to the client. */
export interface Reply {
  contentType: string;
  body: Buffer;
}

/** A validated request. `shape`: everything that determines the reply. */
export interface PreparedCall {
  shape: string;
  work(signal: AbortSignal): Promise<Reply>;
}
