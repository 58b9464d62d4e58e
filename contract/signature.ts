/**
 * Standard Webhooks 1.0: `v1,base64(HMAC-SHA256(secret, id.timestamp.body))`, over the body's raw bytes as
 * sent. Used for the worker's calls and for clients' webhooks, with different secrets.
 *
 * @source https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
import { Webhook } from "standardwebhooks";
import { signatureToleranceSeconds } from "./limits.ts";

export interface SignatureHeaders {
  "webhook-id": string;
  "webhook-timestamp": string;
  "webhook-signature": string;
}

export type SignatureFault = "signature.missing" | "signature.invalid" | "signature.stale";

/**
 * Signs `body` as message `id`. `secret` is `whsec_` and base64 of 24-64 bytes; `id` must not contain a dot.
 */
export function signMessage(secret: string, id: string, atSeconds: number, body: string): SignatureHeaders {
  return {
    "webhook-id": id,
    "webhook-timestamp": String(atSeconds),
    "webhook-signature": new Webhook(secret).sign(id, new Date(atSeconds * 1000), body),
  };
}

/** The number of a message within its sender, counted from 1. */
export interface Sequence {
  /** 33 digits of random hex. */
  sender: string;
  number: number;
}

/**
 * A `webhook-id` that contains the sender and the number; the signature covers it. For a receiver that does
 * not know this form it is a unique id.
 */
export const sequencedId = ({ sender, number }: Sequence) => `seq_${sender}_${number}`;

/**
 * The receiver remembers the newest 63 numbers of a sender. With 16 senders, 1,000 later messages may
 * overtake one.
 */
const sendersPerProcess = 16;

/** Returns a function that gives each message of a process its id. `uuid`: random, drawn once per process. */
export function numberMessages(uuid: string): () => string {
  const process = uuid.replaceAll("-", "");
  let sent = 0;
  return () => {
    const [lane, number] = [sent % sendersPerProcess, Math.floor(sent / sendersPerProcess) + 1];
    sent++;
    return sequencedId({ sender: `${process}${lane.toString(16)}`, number });
  };
}

/** The sequence that `sequencedId` wrote, or null for an id of another form. */
export function readSequencedId(id: string): Sequence | null {
  const [, sender, digits] = /^seq_([0-9a-f]{33})_([1-9][0-9]{0,14})$/.exec(id) ?? [];
  return sender === undefined ? null : { sender, number: Number(digits) };
}

/**
 * The message's id, or why it is refused. Any of `secrets` may have signed, so that a secret can be rotated.
 * Does not detect replays: the receiver that acts on the message remembers its id.
 */
export function verifyMessage(
  secrets: readonly string[],
  header: (name: keyof SignatureHeaders) => string | null | undefined,
  body: string,
  nowSeconds: number,
): { id: string } | { fault: SignatureFault } {
  const id = header("webhook-id");
  const timestamp = header("webhook-timestamp");
  const presented = header("webhook-signature");
  if (!id || !timestamp || !presented) return { fault: "signature.missing" };
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(id)) return { fault: "signature.invalid" };
  if (!/^[0-9]{1,12}$/.test(timestamp)) return { fault: "signature.stale" };
  const atSeconds = Number(timestamp);
  if (Math.abs(nowSeconds - atSeconds) > signatureToleranceSeconds) return { fault: "signature.stale" };
  const candidates = presented.split(" ");
  const genuine = secrets.some((secret) => {
    const expected = signMessage(secret, id, atSeconds, body)["webhook-signature"];
    return candidates.some((candidate) => equalInConstantTime(candidate, expected));
  });
  return genuine ? { id } : { fault: "signature.invalid" };
}

function equalInConstantTime(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}
