import type { Answer } from "./serve-capability.ts";

/** The latest answers by fingerprint, up to so many bytes: asked again, the same is not worked out again. */
export class AnswerMemory {
  readonly #mostBytes: number;
  #bytes = 0;
  #answers = new Map<string, Answer>();

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  recall(fingerprint: string): Answer | undefined {
    const answer = this.#answers.get(fingerprint);
    if (!answer) return undefined;
    // Last used, last forgotten.
    this.#answers.delete(fingerprint);
    this.#answers.set(fingerprint, answer);
    return answer;
  }

  keep(fingerprint: string, answer: Answer): void {
    if (this.#answers.has(fingerprint) || answer.body.length > this.#mostBytes) return;
    this.#answers.set(fingerprint, answer);
    this.#bytes += answer.body.length;
    for (const [oldest, { body }] of this.#answers) {
      if (this.#bytes <= this.#mostBytes) return;
      this.#answers.delete(oldest);
      this.#bytes -= body.length;
    }
  }
}
