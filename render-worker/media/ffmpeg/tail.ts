/** The last `limit` characters of a stream of text, in bounded memory. */
export class Tail {
  /** The number of characters added so far. */
  seen = 0;
  #text = "";
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(part: string): void {
    this.seen += part.length;
    this.#text += part;
    if (this.#text.length > 4 * this.#limit) this.#text = this.text();
  }

  text(): string {
    return this.#text.slice(-this.#limit);
  }
}
