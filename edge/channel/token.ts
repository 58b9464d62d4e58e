/**
 * A token that opens a dream's live stream without an API key: `{expiry}.{dream}.{key}.{signature}`. `dream`
 * is the edge's own key of the dream, so the token opens no other dream that gets the same client id later.
 * `key` is the id of the API key that issued the token: a token of a revoked key opens nothing. No id
 * contains a dot.
 */
import { limits } from "../../contract/limits.ts";
import { ApiError } from "../errors/api-error.ts";
import { sign, verify } from "../playback/grant.ts";

export interface EventsGrant {
  dreamId: string;
  keyId: string;
}

/** A token for this dream, and the time at which it expires, in milliseconds since 1970. */
export async function grantEvents(
  secret: string,
  grant: EventsGrant,
  nowMs: number,
): Promise<{ token: string; expiresMs: number }> {
  const expires = Math.floor(nowMs / 1000) + limits.eventsTokenSeconds;
  const signature = await sign(secret, message(grant, expires));
  return { token: `${expires}.${grant.dreamId}.${grant.keyId}.${signature}`, expiresMs: expires * 1000 };
}

/**
 * What the token grants. The caller checks that the dream and the key still exist.
 *
 * @throws ApiError `token.invalid`
 */
export async function openEventsToken(
  secrets: readonly string[],
  token: string,
  nowMs: number,
): Promise<EventsGrant> {
  const [, expires, dreamId = "", keyId = "", signature] =
    /^([0-9]{1,12})\.([\w-]{1,64})\.([\w-]{1,64})\.([\w-]{43})$/.exec(token) ?? [];
  if (signature === undefined) throw new ApiError("token.invalid");
  const isGenuine = await verify(secrets, signature, message({ dreamId, keyId }, Number(expires)));
  if (!isGenuine || Number(expires) * 1000 <= nowMs) throw new ApiError("token.invalid");
  return { dreamId, keyId };
}

/** The signed text contains a space, so it is never the text of a film's grant. */
const message = ({ dreamId, keyId }: EventsGrant, expires: number) => `events ${dreamId} ${keyId} ${expires}`;
