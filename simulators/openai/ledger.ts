/**
 * What a provider's bill would list. A call is written down when its work begins, before anything can go wrong
 * with the answer: a client that hangs up, or never hears, has still paid.
 */
export type Capability = "text" | "picture" | "voice" | "transcription";

export interface Call {
  n: number;
  capability: Capability;
  /** SHA-256 of all that shaped the request: two calls with one fingerprint bought the same thing twice. */
  fingerprint: string;
  at: string;
  billed: boolean;
  /** HTTP status that was sent; null while in progress, and for ever if no answer was sent. */
  status: number | null;
  /** The client closed the connection before it had the whole answer. */
  aborted: boolean;
  fault: string | null;
  ms: number | null;
}

export class Ledger {
  #calls: Call[] = [];
  #count = 0;

  open(capability: Capability, fingerprint: string, billed: boolean, fault: string | null): Call {
    this.#count += 1;
    const at = new Date().toISOString();
    const call: Call = {
      n: this.#count,
      capability,
      fingerprint,
      at,
      billed,
      status: null,
      aborted: false,
      fault,
      ms: null,
    };
    this.#calls.push(call);
    return call;
  }

  list(): { billed: Call[]; unbilled: Call[] } {
    return {
      billed: this.#calls.filter((call) => call.billed),
      unbilled: this.#calls.filter((call) => !call.billed),
    };
  }

  clear(): void {
    this.#calls = [];
  }
}
