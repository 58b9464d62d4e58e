/** What the edge can not decide alone. Handed in, so that a test may hold the clock and the names. */
export interface Ports {
  /** Milliseconds since 1970. Leases are judged by this clock alone, never by a worker's. */
  now(): number;
  /** A name nobody can guess and nobody has: `{kind}_` and 26 characters that sort by time. No dot, no slash. */
  newId(kind: "dream" | "drm" | "job" | "key" | "req" | "webhook"): string;
}

export const realPorts: Ports = {
  now: () => Date.now(),
  newId: (kind) => `${kind}_${timePart(Date.now())}${randomPart()}`,
};

/** Crockford's alphabet in lower case: no i, l, o, u. */
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/** 48 bits of time, most significant first. */
function timePart(nowMs: number): string {
  let left = nowMs;
  let text = "";
  for (let i = 0; i < 10; i++) {
    text = alphabet.charAt(left % 32) + text;
    left = Math.floor(left / 32);
  }
  return text;
}

/** 80 random bits. */
function randomPart(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => alphabet.charAt(byte % 32)).join("");
}
