/** What a route hands to `serveCapability`, and what goes back to the client. */
export interface Reply {
  contentType: string;
  body: Buffer;
}

/** A checked request that is ready to be worked on. `shape` is everything that shapes the reply. */
export interface PreparedCall {
  shape: string;
  work(signal: AbortSignal): Promise<Reply>;
}
