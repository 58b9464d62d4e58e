/**
 * A film's address contains its permission as one segment of the path: `{expiry}-{attempt}-{signature}`.
 * Relative addresses in a playlist keep it, so one grant opens all files of one film and nothing else,
 * without reading D1. A client that has the address can watch until it expires: a single grant cannot be
 * revoked.
 */
import { limits } from "../../contract/limits.ts";
import { ApiError } from "../errors/api-error.ts";

export interface FilmRef {
  dreamId: string;
  jobId: string;
  attempt: number;
}

/** Addresses stay the same for this time, so that a page which asks again does not restart its player. */
const steadySeconds = 3600;

/** A grant for the film, valid for at least `limits.playbackSeconds`. */
export async function grantFilm(secret: string, film: FilmRef, nowMs: number): Promise<string> {
  const earliest = Math.floor(nowMs / 1000) + limits.playbackSeconds;
  const expires = Math.ceil(earliest / steadySeconds) * steadySeconds;
  return `${expires}-${film.attempt}-${await sign(secret, message(film, expires))}`;
}

/**
 * The attempt whose film the grant opens, and when it expires.
 *
 * @throws ApiError `playback.invalid`, or `playback.expired` for a genuine grant that has expired
 */
export async function openGrant(
  secrets: readonly string[],
  dreamId: string,
  jobId: string,
  grant: string,
  nowMs: number,
): Promise<{ attempt: number; expiresMs: number }> {
  const [, expires, attempt, signature] =
    /^([0-9]{1,12})-([0-9]{1,6})-([A-Za-z0-9_-]{43})$/.exec(grant) ?? [];
  if (expires === undefined || attempt === undefined || signature === undefined) {
    throw new ApiError("playback.invalid");
  }
  const signed = message({ dreamId, jobId, attempt: Number(attempt) }, Number(expires));
  if (!(await verify(secrets, signature, signed))) throw new ApiError("playback.invalid");
  const expiresMs = Number(expires) * 1000;
  if (expiresMs <= nowMs) throw new ApiError("playback.expired");
  return { attempt: Number(attempt), expiresMs };
}

const message = ({ dreamId, jobId, attempt }: FilmRef, expires: number) =>
  `${dreamId}/${jobId}/${attempt}/${expires}`;

/** HMAC-SHA256 of the text, as 43 characters that need no escaping in an address. */
export async function sign(secret: string, text: string): Promise<string> {
  const signature = await crypto.subtle.sign("HMAC", await keyOf(secret), new TextEncoder().encode(text));
  return toBase64Url(new Uint8Array(signature));
}

/** Whether one of the secrets signed the text, compared in constant time. */
export async function verify(secrets: readonly string[], signature: string, text: string): Promise<boolean> {
  const bytes = fromBase64Url(signature);
  const signed = new TextEncoder().encode(text);
  const verdicts = await Promise.all(
    secrets.map(async (secret) => crypto.subtle.verify("HMAC", await keyOf(secret), bytes, signed)),
  );
  return verdicts.includes(true);
}

/** Holds keys and no promises: in a Worker, a promise belongs to the request that created it. */
const keys = new Map<string, CryptoKey>();

async function keyOf(secret: string): Promise<CryptoKey> {
  const known = keys.get(secret);
  if (known) return known;
  const hmac = { name: "HMAC", hash: "SHA-256" };
  const bytes = new TextEncoder().encode(secret);
  const key = await crypto.subtle.importKey("raw", bytes, hmac, false, ["sign", "verify"]);
  keys.set(secret, key);
  return key;
}

const toBase64Url = (bytes: Uint8Array) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const fromBase64Url = (text: string) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
