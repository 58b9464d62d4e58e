import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { VideoStatus } from "../../contract/job.ts";
import { limits } from "../../contract/limits.ts";
import { filmKey, filmUrl } from "../../contract/storage.ts";
import { type Edge, type Job, secrets, startEdge } from "./harness.ts";

const bytes = "0123456789";
let edge: Edge;
let job: Job;
let status: VideoStatus;
beforeAll(async () => {
  edge = await startEdge();
  const { key } = await edge.newKey();
  job = await edge.newFilm(key, bytes);
  status = await edge.status(job);
});
afterAll(() => edge.close());

const get = (headers: Record<string, string> = {}, address = status.video_url ?? "", method = "GET") =>
  edge.call(method, address, { headers });

describe("a film's address", () => {
  it("plays without a key, privately", async () => {
    const film = await get();
    expect(film.status).toBe(200);
    expect(film.text).toBe(bytes);
    expect(Object.fromEntries(film.headers)).toMatchObject({
      "content-type": "video/mp4",
      "content-length": "10",
      "accept-ranges": "bytes",
      etag: expect.stringMatching(/^"[^"]+"$/),
      "cache-control": expect.stringMatching(/^private, max-age=\d+, immutable$/),
      "x-content-type-options": "nosniff",
      "access-control-allow-origin": "*",
    });
  });

  it("stays the same between two requests, so that a player does not restart", async () => {
    expect((await edge.status(job)).video_url).toBe(status.video_url);
  });

  it("lasts for at least as long as promised and not an hour longer", () => {
    const expires = Number(/\/(\d+)-1-/.exec(status.video_url ?? "")?.[1]);
    const seconds = expires - Date.now() / 1000;
    expect(seconds).toBeGreaterThan(limits.playbackSeconds - 60);
    expect(seconds).toBeLessThanOrEqual(limits.playbackSeconds + 3600);
  });

  it("is 403 when it has expired", async () => {
    const address = signed(Math.floor(Date.now() / 1000) - 1);
    expect((await get({}, address)).json).toMatchObject({ status: 403, code: "playback.expired" });
    expect((await get({}, signed(Math.floor(Date.now() / 1000) + 60))).status).toBe(200);
  });

  it("is 403 if any part of it was changed", async () => {
    const address = status.video_url ?? "";
    const [, grant = ""] = /\/([^/]+)\/film\.mp4$/.exec(address) ?? [];
    const [expires, , mac = ""] = grant.split("-");
    const later = `${Number(expires) + 1}-1-${mac}`;
    const forged = [
      address.replace(grant, later),
      address.replace(grant, `${expires}-2-${mac}`),
      address.replace(grant, grant.slice(0, -1)),
      address.replace(grant, `${grant}A`),
      address.replace(grant, `${expires}-1-${"A".repeat(43)}`),
      address.replace(job.id, `${job.id}x`),
      address.replace(job.dreamId, `${job.dreamId}x`),
      signed(Math.floor(Date.now() / 1000) + 60, "another secret of thirty-two letters"),
      new URL(filmUrl(edge.url.href, job.dreamId, job.id, 1)).href,
    ];
    for (const one of forged) {
      expect((await get({}, one)).json).toMatchObject({ status: 403, code: "playback.invalid" });
    }
  });

  it("opens the files of its film, and no others", async () => {
    const files = { "poster.jpg": "image/jpeg", "captions.vtt": "text/vtt; charset=utf-8" };
    for (const [file, type] of Object.entries(files)) {
      await edge.media.put(filmKey(job.dreamId, job.id, 1, file as "poster.jpg"), file);
      const answer = await get({}, status.video_url?.replace("film.mp4", file));
      expect(answer.headers.get("content-type")).toBe(type);
      expect(answer.text).toBe(file);
    }
    await edge.media.put(`dreams/${job.dreamId}/${job.id}/1/notes.txt`, "not for the world");
    await edge.media.put(`dreams/${job.dreamId}/${job.id}/secret.mp4`, "not for the world");
    for (const file of [
      "notes.txt",
      "preview.mp4",
      "%2e%2e%2fsecret.mp4",
      "hls/../../secret.mp4",
      "film.mp4/x",
      "hls/a.txt",
    ]) {
      const answer = await get({}, status.video_url?.replace("film.mp4", file));
      expect(answer.status, file).toBeGreaterThanOrEqual(403);
      expect(answer.text).not.toContain("not for the world");
    }
  });

  it("makes relative addresses of a playlist work, and playlists may be read again", async () => {
    await edge.media.put(filmKey(job.dreamId, job.id, 1, "hls/index.m3u8"), "#EXTM3U\n");
    await edge.media.put(filmKey(job.dreamId, job.id, 1, "hls/v360/0001.m4s"), "segment");
    const playlist = new URL("hls/index.m3u8", status.video_url ?? "");
    const list = await get({}, playlist.href);
    expect(list.headers.get("content-type")).toBe("application/vnd.apple.mpegurl");
    expect(list.headers.get("cache-control")).toBe("private, no-cache");
    const segment = await get({}, new URL("v360/0001.m4s", playlist).href);
    expect(segment.text).toBe("segment");
    expect(segment.headers.get("content-type")).toBe("video/mp4");
  });
});

describe("a part of a film", () => {
  it.each([
    ["bytes=0-3", "0123", "bytes 0-3/10"],
    ["bytes=4-", "456789", "bytes 4-9/10"],
    ["bytes=-3", "789", "bytes 7-9/10"],
    ["bytes=-100", bytes, "bytes 0-9/10"],
    ["bytes=8-100", "89", "bytes 8-9/10"],
    ["bytes=9-9", "9", "bytes 9-9/10"],
  ])("is what Range: %s asks for", async (range, text, contentRange) => {
    const part = await get({ range });
    expect(part.status).toBe(206);
    expect(part.text).toBe(text);
    expect(part.headers.get("content-range")).toBe(contentRange);
    expect(part.headers.get("content-length")).toBe(String(text.length));
  });

  it.each(["bytes=0-1,3-4", "bytes=5-3", "bytes=-", "bytes=a-b", "items=0-1", "0-1"])(
    "is the whole film if Range is %s",
    async (range) => {
      const whole = await get({ range });
      expect(whole.status).toBe(200);
      expect(whole.text).toBe(bytes);
    },
  );

  it.each(["bytes=10-", "bytes=100-200", "bytes=-0"])("is 416 if Range is %s", async (range) => {
    const refused = await get({ range });
    expect(refused.json).toMatchObject({ status: 416, code: "playback.range_invalid" });
    expect(refused.headers.get("content-range")).toBe("bytes */10");
  });

  it("is sent only if the film is still the one of If-Range", async () => {
    const etag = (await get()).headers.get("etag") ?? "";
    const range = "bytes=2-3";
    expect(await get({ range, "if-range": etag })).toMatchObject({ status: 206, text: "23" });
    expect(await get({ range, "if-range": '"another"' })).toMatchObject({ status: 200, text: bytes });
    expect(await get({ range, "if-range": `W/${etag}` })).toMatchObject({ status: 200, text: bytes });
    expect(await get({ range, "if-range": new Date().toUTCString() })).toMatchObject({ status: 200 });
  });
});

describe("a film that the client has", () => {
  it.each([
    ["its ETag", (etag: string) => etag],
    ["its ETag among others", (etag: string) => `"x", ${etag}`],
    ["its ETag, weakly", (etag: string) => `W/${etag}`],
    ["anything", () => "*"],
  ])("is 304 for If-None-Match with %s", async (_, make) => {
    const etag = (await get()).headers.get("etag") ?? "";
    for (const method of ["GET", "HEAD"]) {
      const answer = await get({ "if-none-match": make(etag) }, undefined, method);
      expect(answer).toMatchObject({ status: 304, text: "" });
      expect(answer.headers.get("etag")).toBe(etag);
    }
  });

  it("is sent if it is another film", async () => {
    expect(await get({ "if-none-match": '"another"' })).toMatchObject({ status: 200, text: bytes });
  });
});

it("HEAD has the headers of GET", async () => {
  const [head, whole] = [await get({}, undefined, "HEAD"), await get()];
  expect(head).toMatchObject({ status: 200, text: "" });
  for (const name of ["content-length", "content-type", "etag", "accept-ranges"]) {
    expect(head.headers.get(name)).toBe(whole.headers.get(name));
  }
  const gone = status.video_url?.replace("film.mp4", "preview.mp4");
  expect((await get({}, gone, "HEAD")).status).toBe(404);
});

/** An address signed with `secret`, by the rules of edge/playback/grant.ts. */
function signed(expires: number, secret: string = secrets.PLAYBACK_SECRET): string {
  const mac = createHmac("sha256", secret)
    .update(`${job.dreamId}/${job.id}/1/${expires}`)
    .digest("base64url");
  return new URL(`/videos/${job.dreamId}/${job.id}/${expires}-1-${mac}/film.mp4`, edge.url).href;
}
