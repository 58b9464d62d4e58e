/** A file out of R2 as HTTP has it: HEAD, Range, If-Range, If-None-Match. One call to R2 in every usual case. */
import { ApiError } from "../errors/api-error.ts";
import { parseRange, type RangeWish, resolveRange } from "./range.ts";

/** The file, or the part of it that Range asks for, or 304 where the client has it. */
export async function sendFile(media: R2Bucket, key: string, asked: Headers): Promise<Response> {
  const range = await rangeFor(media, key, asked);
  const object = await media
    .get(key, range === null ? {} : { range })
    .catch((error) => refuseRange(error, media, key));
  if (object === null) throw new ApiError("playback.not_found");
  // R2 would compare too, but it throws where a header is malformed, and anything can be sent here.
  if (holds(asked.get("if-none-match"), object)) {
    await object.body.cancel();
    return new Response(null, { status: 304, headers: headersOf(object) });
  }
  return range === null ? whole(object) : part(object, range);
}

/** The part that is wanted; null for the whole file, also where If-Range names another state of it or a date. */
async function rangeFor(media: R2Bucket, key: string, asked: Headers): Promise<RangeWish | null> {
  const range = parseRange(asked.get("range"));
  const ifRange = asked.get("if-range");
  if (range === null || ifRange === null) return range;
  return (await media.head(key))?.httpEtag === ifRange ? range : null;
}

/** What `sendFile` would answer to the same request without Range, less the file itself. */
export async function describeFile(media: R2Bucket, key: string, asked: Headers): Promise<Response> {
  const object = await media.head(key);
  if (object === null) throw new ApiError("playback.not_found");
  const headers = headersOf(object);
  if (holds(asked.get("if-none-match"), object)) return new Response(null, { status: 304, headers });
  headers.set("content-length", String(object.size));
  return new Response(null, { headers });
}

function whole(object: R2ObjectBody): Response {
  const headers = headersOf(object);
  headers.set("content-length", String(object.size));
  return new Response(object.body, { headers });
}

function part(object: R2ObjectBody, wish: RangeWish): Response {
  const { offset, length } = resolveRange(wish, object.size);
  const headers = headersOf(object);
  headers.set("content-length", String(length));
  headers.set("content-range", `bytes ${offset}-${offset + length - 1}/${object.size}`);
  return new Response(object.body, { status: 206, headers });
}

const headersOf = (object: R2Object) => new Headers({ etag: object.httpEtag, "accept-ranges": "bytes" });

/** Whether If-None-Match names the object as it is. Compared weakly, as RFC 9110 says. */
function holds(ifNoneMatch: string | null, object: R2Object): boolean {
  if (ifNoneMatch === null) return false;
  const tags = ifNoneMatch.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes("*") || tags.includes(object.httpEtag);
}

/** R2's own word for a range that lies outside the object. @source developers.cloudflare.com/r2/api/error-codes: 10039 */
async function refuseRange(error: unknown, media: R2Bucket, key: string): Promise<null> {
  if (!String(error).includes("(10039)")) throw error;
  const size = (await media.head(key))?.size ?? 0;
  throw new ApiError("playback.range_invalid", { headers: { "content-range": `bytes */${size}` } });
}

/** The files that a grant may open, by name: nothing else that lies in R2 has an address. */
const files: readonly (readonly [RegExp, string])[] = [
  [/^(film|preview)\.mp4$/, "video/mp4"],
  [/^(poster|storyboard)\.jpg$/, "image/jpeg"],
  [/^scenes\/[0-9]{1,3}\.jpg$/, "image/jpeg"],
  [/^(captions|storyboard)\.vtt$/, "text/vtt; charset=utf-8"],
  [/^hls\/([\w-]+\/)*[\w-]+\.m3u8$/, "application/vnd.apple.mpegurl"],
  [/^hls\/([\w-]+\/)*[\w-]+\.(mp4|m4s)$/, "video/mp4"],
  [/^hls\/([\w-]+\/)*[\w-]+\.vtt$/, "text/vtt; charset=utf-8"],
];

/** The file's media type, or null where the name is not one of a film's. */
export function mediaType(file: string): string | null {
  return files.find(([name]) => name.test(file))?.[1] ?? null;
}

/** How often and how long R2 is asked for a file that a worker is about to put there. */
const lookMs = 250;
const waitMs = 5_000;

/**
 * Waits a little for a file that is not there yet, so that a player which is a moment early starts instead of giving up.
 * Resolves to whether it is there. `isComing` is asked once.
 */
export async function awaitFile(
  media: R2Bucket,
  key: string,
  isComing: () => Promise<boolean>,
): Promise<boolean> {
  if (!(await isComing())) return false;
  for (let waitedMs = 0; waitedMs < waitMs; waitedMs += lookMs) {
    if ((await media.head(key)) !== null) return true;
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
  return false;
}
