import type { Reply } from "./prepared-call.ts";

/** The latest replies by fingerprint, up to `mostBytes` in all: a repeated call is answered without work. */
export class ReplyMemory {
  readonly #mostBytes: number;
  #bytes = 0;
  #replies = new Map<string, Reply>();

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  recall(fingerprint: string): Reply | undefined {
    const reply = this.#replies.get(fingerprint);
    if (!reply) return undefined;
    // Last used, last forgotten.
    this.#replies.delete(fingerprint);
    this.#replies.set(fingerprint, reply);
    return reply;
  }

  keep(fingerprint: string, reply: Reply): void {
    if (this.#replies.has(fingerprint) || reply.body.length > this.#mostBytes) return;
    this.#replies.set(fingerprint, reply);
    this.#bytes += reply.body.length;
    for (const [oldest, { body }] of this.#replies) {
      if (this.#bytes <= this.#mostBytes) return;
      this.#replies.delete(oldest);
      this.#bytes -= body.length;
    }
  }
}
