import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { VideoStatus } from "../../contract/job.ts";
import { filmKey } from "../../contract/storage.ts";
import { type Edge, type Job, startEdge } from "./harness.ts";

let edge: Edge;
let key: string;
beforeAll(async () => {
  edge = await startEdge();
  ({ key } = await edge.newKey());
});
afterAll(() => edge.close());

const put = (job: Job, attempt: number, file: Parameters<typeof filmKey>[3], text: string = file) =>
  edge.media.put(filmKey(job.dreamId, job.id, attempt, file), text);
const addresses = ({ hls_url, poster_url, preview_url, captions_url, video_url }: VideoStatus) => ({
  hls_url,
  poster_url,
  preview_url,
  captions_url,
  video_url,
});
const playable = { type: "film.playable", data: { scene: 0, seconds: 5, rendition: "360p" } } as const;
const preview = { type: "film.preview", data: { seconds: 30 } } as const;

async function playableJob(): Promise<{ job: Job; status: VideoStatus }> {
  const job = await edge.newJob(key);
  await edge.claim(job);
  await put(job, 1, "hls/index.m3u8", "#EXTM3U");
  await put(job, 1, "poster.jpg");
  await edge.progress(job, 1, { events: [{ n: 1, event: playable }] });
  return { job, status: await edge.status(job) };
}

describe("a film that is being made", () => {
  it("has no address before its worker reports that it plays", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    await edge.progress(job, 1, { progress: 30 });
    expect(Object.values(addresses(await edge.status(job)))).toEqual([null, null, null, null, null]);
  });

  it("plays from then on, and its preview and its end follow", async () => {
    const { job, status } = await playableJob();
    expect(status).toMatchObject({
      status: "processing",
      preview_url: null,
      captions_url: null,
      video_url: null,
    });
    expect((await edge.call("GET", status.hls_url ?? "")).text).toBe("#EXTM3U");
    expect((await edge.call("GET", status.poster_url ?? "")).text).toBe("poster.jpg");

    await put(job, 1, "preview.mp4");
    await edge.progress(job, 1, { events: [{ n: 2, event: preview }] });
    const later = await edge.status(job);
    expect((await edge.call("GET", later.preview_url ?? "")).text).toBe("preview.mp4");

    await edge.putFilm(job, 1);
    await put(job, 1, "storyboard.vtt");
    const files = { poster: true, captions: true, hls: true, preview: true, storyboard: true };
    await edge.complete(job, 1, { files });
    const done = await edge.status(job);
    expect(done).toMatchObject({ status: "completed", hls_url: status.hls_url, progress: 100 });
    expect((await edge.call("GET", done.storyboard_url ?? "")).text).toBe("storyboard.vtt");
  });

  it("becomes another film with another attempt", async () => {
    const { job, status } = await playableJob();
    await edge.release(job, 1);
    expect((await edge.status(job)).hls_url).toBeNull();
    await edge.claim(job);
    expect((await edge.status(job)).hls_url).toBeNull();
    await edge.progress(job, 2, { events: [{ n: 1, event: playable }] });
    expect((await edge.status(job)).hls_url).not.toBe(status.hls_url);
  });

  it("is not served any more once it is cancelled", async () => {
    const { job } = await playableJob();
    await edge.call("POST", `/dreams/${job.did}/cancel`, { key });
    expect((await edge.status(job)).hls_url).toBeNull();
  });

  it("is served with the right headers: playlists are not cached, pieces are", async () => {
    const { job, status } = await playableJob();
    const folder = new URL(".", status.hls_url ?? "");
    const kinds = [
      ["index.m3u8", "application/vnd.apple.mpegurl", /^private, no-cache$/],
      ["360p/index.m3u8", "application/vnd.apple.mpegurl", /^private, no-cache$/],
      ["360p/init.mp4", "video/mp4", /immutable/],
      ["360p/0.m4s", "video/mp4", /immutable/],
    ] as const;
    for (const [file, type, caching] of kinds) {
      await put(job, 1, `hls/${file}`);
      const { headers } = await edge.call("GET", new URL(file, folder).href);
      expect(headers.get("content-type")).toBe(type);
      expect(headers.get("cache-control")).toMatch(caching);
    }
  });

  it("is waited for if a playlist is about to be written, for five seconds", async () => {
    const { job, status } = await playableJob();
    const address = new URL("1080p/index.m3u8", status.hls_url ?? "").href;
    const asked = edge.call("GET", address);
    await edge.status(job);
    await put(job, 1, "hls/1080p/index.m3u8", "#EXTM3U 1080p");
    expect((await asked).text).toBe("#EXTM3U 1080p");

    const begun = Date.now();
    const missing = await edge.call("GET", new URL("720p/index.m3u8", status.hls_url ?? "").href);
    expect(missing.json).toMatchObject({ status: 404, code: "playback.not_found" });
    expect(Date.now() - begun).toBeGreaterThan(4_000);
    // Five seconds, and the rest for a machine under load.
    expect(Date.now() - begun).toBeLessThan(30_000);
  });

  it("is not waited for without a worker, nor for pieces", async () => {
    const { job, status } = await playableJob();
    const folder = new URL(".", status.hls_url ?? "");
    const other = await playableJob();
    let isWaiting = true;
    const waited = edge.call("GET", new URL("720p/index.m3u8", other.status.hls_url ?? "").href);
    void waited.then(() => {
      isWaiting = false;
    });
    expect((await edge.call("GET", new URL("360p/7.m4s", folder).href)).status).toBe(404);
    await edge.call("POST", `/dreams/${job.did}/cancel`, { key });
    expect((await edge.call("GET", new URL("720p/index.m3u8", folder).href)).status).toBe(404);
    expect(isWaiting, "a playlist that may come is waited for").toBe(true);
    await waited;
  });
});
