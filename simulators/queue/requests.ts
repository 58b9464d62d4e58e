/** Parses request bodies. @throws CloudflareError, by every function, with Cloudflare's code for the fault */
import { type ApiFault, apiFaults, CloudflareError } from "./envelope.ts";
import * as limits from "./limits.ts";
import type { AckRequest } from "./message-queue.ts";
import type { ContentType, NewMessage } from "./messages.ts";

type Json = Record<string, unknown>;

/** The JSON object of the body; `{}` when the body is empty. */
export async function readBody(request: Request): Promise<Json> {
  const text = await request.text();
  if (text === "") return {};
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new CloudflareError(apiFaults.bodyMalformed);
  }
  if (!isObject(body)) throw new CloudflareError(apiFaults.bodyInvalid, "an object is expected");
  return body;
}

/** The options of a pull. */
export function readPull(body: Json): { batchSize: number; visibilityTimeoutMs: number } {
  return {
    batchSize: readBatchSize(body),
    visibilityTimeoutMs: readInteger(
      body,
      "visibility_timeout_ms",
      { default: limits.visibilityTimeoutMs.default, min: 0, max: limits.visibilityTimeoutMs.max },
      apiFaults.bodyInvalid,
    ),
  };
}

/** The number of messages to pull. */
export function readBatchSize(body: Json): number {
  const { default: usual, max } = limits.pullMessages;
  return readInteger(body, "batch_size", { default: usual, min: 1, max }, apiFaults.bodyInvalid);
}

/** The leases to ack and to retry. */
export function readAck(body: Json): AckRequest {
  const delay = { default: 0, min: 0, max: limits.delaySeconds };
  return {
    acks: readObjects(body, "acks").map((ack) => readString(ack, "lease_id")),
    retries: readObjects(body, "retries").map((retry) => ({
      leaseId: readString(retry, "lease_id"),
      delaySeconds: readInteger(retry, "delay_seconds", delay, apiFaults.bodyInvalid),
    })),
  };
}

/** The refs of the messages to purge. */
export function readRefs(body: Json): string[] {
  if (body.refs === undefined) throw new CloudflareError(apiFaults.bodyInvalid, "refs is missing");
  return readObjects(body, "refs").map((entry) => readString(entry, "ref"));
}

/** Checks the confirmation that the purge of a whole queue needs. */
export function readPurgeAll(body: Json): void {
  if (body.delete_messages_permanently !== true)
    throw new CloudflareError(apiFaults.bodyInvalid, "delete_messages_permanently must be true");
}

/** The message of a push. */
export function readPush(body: Json, nowMs: number): NewMessage {
  return readMessage(body, undefined, nowMs);
}

/** The messages of a batch. A message's own delay wins over the batch's. */
export function readBatch(body: Json, nowMs: number): NewMessage[] {
  const delay = { default: 0, min: 0, max: limits.delaySeconds };
  const batchDelay =
    body.delay_seconds === undefined
      ? undefined
      : readInteger(body, "delay_seconds", delay, apiFaults.batchDelayInvalid);
  const entries = readObjects(body, "messages");
  if (entries.length === 0 || entries.length > limits.batchMessages)
    throw new CloudflareError(apiFaults.batchCount, `${entries.length} messages`);
  const messages = entries.map((entry) => readMessage(entry, batchDelay, nowMs));
  const bytes = messages.reduce((sum, message) => sum + message.size_bytes, 0);
  if (bytes > limits.batchBytes) throw new CloudflareError(apiFaults.batchTooLarge, `${bytes} bytes`);
  return messages;
}

function readMessage(entry: Json, batchDelay: number | undefined, nowMs: number): NewMessage {
  const { content_type: contentType = "json", body } = entry;
  const delay = { default: batchDelay ?? -1, min: 0, max: limits.delaySeconds };
  const delaySeconds = readInteger(entry, "delay_seconds", delay, apiFaults.messageMetadataInvalid);
  if (contentType !== "json" && contentType !== "text")
    throw new CloudflareError(apiFaults.messageMetadataInvalid, "content_type must be json or text");
  if (body === undefined) throw new CloudflareError(apiFaults.bodyInvalid, "body is missing");
  if (contentType === "text" && typeof body !== "string")
    throw new CloudflareError(apiFaults.bodyInvalid, "a text body must be a string");
  return {
    id: newMessageId(),
    ...encodeBody(contentType, body),
    source: "api",
    delay_seconds: delaySeconds < 0 ? null : delaySeconds,
    sent_at_ms: nowMs,
  };
}

/**
 * Encodes a body as a pull returns it.
 * @throws CloudflareError messageTooLarge
 */
export function encodeBody(
  contentType: ContentType,
  body: unknown,
): Pick<NewMessage, "body" | "content_type" | "size_bytes"> {
  const bytes =
    contentType === "bytes"
      ? (body as Uint8Array)
      : new TextEncoder().encode(contentType === "json" ? JSON.stringify(body) : String(body));
  if (bytes.byteLength > limits.messageBytes)
    throw new CloudflareError(apiFaults.messageTooLarge, `${bytes.byteLength} bytes`);
  return {
    body: contentType === "text" ? String(body) : toBase64(bytes),
    content_type: contentType,
    size_bytes: bytes.byteLength,
  };
}

/** The body that was sent, from the form that a pull returns. */
export function decodeBody({ body, content_type }: Pick<NewMessage, "body" | "content_type">): unknown {
  if (content_type === "text") return body;
  const bytes = Uint8Array.from(atob(body), (char) => char.charCodeAt(0));
  return content_type === "json" ? JSON.parse(new TextDecoder().decode(bytes)) : bytes;
}

function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function newMessageId(): string {
  return crypto.randomUUID().replaceAll("-", "");
}

function readInteger(
  from: Json,
  key: string,
  range: { default: number; min: number; max: number },
  fault: ApiFault,
): number {
  const value = from[key];
  if (value === undefined) return range.default;
  if (typeof value !== "number" || !Number.isInteger(value) || value < range.min || value > range.max)
    throw new CloudflareError(fault, `${key} must be an integer from ${range.min} to ${range.max}`);
  return value;
}

function readObjects(from: Json, key: string): Json[] {
  const value = from[key] ?? [];
  if (!Array.isArray(value) || !value.every(isObject))
    throw new CloudflareError(apiFaults.bodyInvalid, `${key} must be an array of objects`);
  return value;
}

function readString(from: Json, key: string): string {
  const value = from[key];
  if (typeof value !== "string") throw new CloudflareError(apiFaults.bodyInvalid, `${key} must be a string`);
  return value;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
