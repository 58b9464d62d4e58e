/**
 * What opens a dream's live stream without a key: `{expiry}-{made}-{signature}`. `made`, the moment at which the dream
 * was made, keeps a token from opening another dream that got the same name later.
 */
import { limits } from "../../contract/limits.ts";
import { Refusal } from "../http/refusal.ts";
import { sign, verify } from "../playback/grant.ts";

export async function grantEvents(
  secret: string,
  dream: { id: string; createdAt: number },
  nowMs: number,
): Promise<{ token: string; expiresMs: number }> {
  const expires = Math.floor(nowMs / 1000) + limits.eventsTokenSeconds;
  const signature = await sign(secret, said(dream.id, dream.createdAt, expires));
  return { token: `${expires}-${dream.createdAt}-${signature}`, expiresMs: expires * 1000 };
}

/**
 * When the dream that the token opens was made.
 *
 * @throws Refusal `token.invalid`
 */
export async function openEventsToken(
  secrets: readonly string[],
  dreamId: string,
  token: string,
  nowMs: number,
): Promise<number> {
  const [, expires, made, signature] = /^([0-9]{1,12})-([0-9]{1,15})-([A-Za-z0-9_-]{43})$/.exec(token) ?? [];
  if (signature === undefined) throw new Refusal("token.invalid");
  const isGenuine = await verify(secrets, signature, said(dreamId, Number(made), Number(expires)));
  if (!isGenuine || Number(expires) * 1000 <= nowMs) throw new Refusal("token.invalid");
  return Number(made);
}

/** Never what a film's grant signs: that has no space. */
const said = (dreamId: string, made: number, expires: number) => `events ${dreamId} ${made} ${expires}`;
