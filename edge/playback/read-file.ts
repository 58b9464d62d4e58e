/** Serves a file of R2 over HTTP: HEAD, Range, If-Range, If-None-Match. Usually with one call to R2. */
import { ApiError } from "../errors/api-error.ts";
import { parseRange, type RangeWish, resolveRange } from "./range.ts";

/**
 * The file, or the part that Range asks for, or 304 if the client has the file.
 *
 * @throws ApiError `playback.not_found`, `playback.range_invalid`
 */
export async function sendFile(media: R2Bucket, key: string, asked: Headers): Promise<Response> {
  const range = await rangeFor(media, key, asked);
  const object = await media
    .get(key, range === null ? {} : { range })
    .catch((error) => refuseRange(error, media, key));
  if (object === null) throw new ApiError("playback.not_found");
  // R2 would compare too, but it throws if a header is malformed, and clients may send any header.
  if (holds(asked.get("if-none-match"), object)) {
    await object.body.cancel();
    return new Response(null, { status: 304, headers: headersOf(object) });
  }
  return range === null ? whole(object) : part(object, range);
}

/** The requested part; null for the whole file, also if If-Range names another version or a date. */
async function rangeFor(media: R2Bucket, key: string, asked: Headers): Promise<RangeWish | null> {
  const range = parseRange(asked.get("range"));
  const ifRange = asked.get("if-range");
  if (range === null || ifRange === null) return range;
  return (await media.head(key))?.httpEtag === ifRange ? range : null;
}

/** The headers that `sendFile` would answer without Range. @throws ApiError `playback.not_found` */
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

/** Whether If-None-Match names this version, by the weak comparison of RFC 9110. */
function holds(ifNoneMatch: string | null, object: R2Object): boolean {
  if (ifNoneMatch === null) return false;
  const tags = ifNoneMatch.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes("*") || tags.includes(object.httpEtag);
}

/**
 * R2's error code for a range outside the object. @source developers.cloudflare.com/r2/api/error-codes: 10039
 */
async function refuseRange(error: unknown, media: R2Bucket, key: string): Promise<null> {
  if (!String(error).includes("(10039)")) throw error;
  const size = (await media.head(key))?.size ?? 0;
  throw new ApiError("playback.range_invalid", { headers: { "content-range": `bytes */${size}` } });
}

/** The names that a grant opens: other files in R2 have no address. */
const files: readonly (readonly [RegExp, string])[] = [
  [/^(film|preview)\.mp4$/, "video/mp4"],
  [/^(poster|storyboard)\.jpg$/, "image/jpeg"],
  [/^scenes\/[0-9]{1,3}\.jpg$/, "image/jpeg"],
  [/^takes\/[0-9a-f]{16}\.jpg$/, "image/jpeg"],
  [/^takes\/[0-9a-f]{16}\.wav$/, "audio/wav"],
  [/^(captions|storyboard)\.vtt$/, "text/vtt; charset=utf-8"],
  [/^hls\/([\w-]+\/)*[\w-]+\.m3u8$/, "application/vnd.apple.mpegurl"],
  [/^hls\/([\w-]+\/)*[\w-]+\.(mp4|m4s)$/, "video/mp4"],
  [/^hls\/([\w-]+\/)*[\w-]+\.vtt$/, "text/vtt; charset=utf-8"],
];

/** The file's media type, or null if the name is not one of a film's files. */
export function mediaType(file: string): string | null {
  return files.find(([name]) => name.test(file))?.[1] ?? null;
}

/** How often and how long R2 is asked for a file that a worker is about to store. */
const lookMs = 250;
const waitMs = 5_000;

/**
 * Waits for a file that is not stored yet, so that a player which is a moment early starts. True if the file
 * is there. `isComing` is called once.
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
