/**
 * The provider's bill. A call is entered when its work begins: a client that disconnects, or gets no answer,
 * still pays.
 */
export type Capability = "text" | "picture" | "voice" | "transcription";

export interface Call {
  n: number;
  capability: Capability;
  /**
   * SHA-256 of everything that determines the answer: two calls with one fingerprint bought the same thing
   * twice.
   */
  fingerprint: string;
  at: string;
  billed: boolean;
  /** The HTTP status of the answer; null until it is sent. */
  status: number | null;
  /** The client closed the connection before the end of the answer. */
  aborted: boolean;
  fault: string | null;
  ms: number | null;
  /** The tokens of a Realtime response, by which it is billed. */
  tokens: RealtimeTokens | null;
  /** The words that a voice spoke. */
  said: string | null;
}

export interface RealtimeTokens {
  text_in: number;
  text_out: number;
  audio_out: number;
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
      tokens: null,
      said: null,
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
