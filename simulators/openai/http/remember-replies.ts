import type { Reply } from "./prepared-call.ts";

/** A cache of replies by fingerprint, of at most `maxBytes`: a repeated call needs no work. */
export class ReplyMemory {
  readonly #maxBytes: number;
  #bytes = 0;
  #replies = new Map<string, Reply>();

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get(fingerprint: string): Reply | undefined {
    const reply = this.#replies.get(fingerprint);
    if (!reply) return undefined;
    // Moves the reply to the end: the map's order is the order of use.
    this.#replies.delete(fingerprint);
    this.#replies.set(fingerprint, reply);
    return reply;
  }

  set(fingerprint: string, reply: Reply): void {
    if (this.#replies.has(fingerprint) || reply.body.length > this.#maxBytes) return;
    this.#replies.set(fingerprint, reply);
    this.#bytes += reply.body.length;
    for (const [oldest, { body }] of this.#replies) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#replies.delete(oldest);
      this.#bytes -= body.length;
    }
  }
}
