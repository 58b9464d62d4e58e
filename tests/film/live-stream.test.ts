/** A film's HLS stream, as a player finds it after each upload, made of real scenes. */
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Plate } from "../../render-worker/media/camera/shot.ts";
import { decodePicture } from "../../render-worker/media/decode-picture.ts";
import { encodeSegment } from "../../render-worker/media/encode-segment.ts";
import { framesToSeconds } from "../../render-worker/media/grid.ts";
import type { FilmContext } from "../../render-worker/pipeline/film-context.ts";
import { LiveStream } from "../../render-worker/pipeline/live-stream.ts";
import { until } from "../until.ts";
import { inspect, type MadeScene, makeScenes, paint, readVideoTimes, speak } from "./scenes.ts";

const size = { width: 320, height: 180 };
const { signal } = new AbortController();
let folder = "";
let scenes: MadeScene[] = [];
/** Every upload, in order; the last one of a name is the final file. */
const uploads: { name: string; body: Buffer }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "live-stream-"));
  const calm = await paint(200);
  const noise = await paintNoise(320, 180);
  const inputs = [
    { picture: calm, voice: speak(3, 0.3), title: "" },
    { picture: noise, voice: speak(4, 0.3), title: "" },
    { picture: calm, voice: speak(18, 0.3), title: "" },
  ];
  scenes = await makeScenes(folder, size, inputs, signal);
  const live = new LiveStream(contextOf(), {
    frames: scenes.map(({ frames }) => Promise.resolve(frames)),
    language: "en",
  });
  const rendition = live.rendition(size);
  live.rendition({ width: 1920, height: 1080 });
  const words = [{ text: "Words.", startSeconds: 0.5, endSeconds: 2 }];
  const publish = (index: number) => {
    const { pictures, sound, frames } = scenes[index] as MadeScene;
    return rendition.publish({ index, segment: pictures, sound, frames, words });
  };
  await publish(0);
  const last = publish(2);
  await until(() => uploads.some(({ name }) => name === "180p/2-2.m4s"));
  await Promise.all([publish(1), last]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The part of a film's context that a stream uses. */
function contextOf(): FilmContext {
  const storage = {
    put: async (key: string, body: Buffer | string) =>
      void uploads.push({ name: key.split("/hls/")[1] as string, body: Buffer.from(body) }),
  };
  const job = { dream_id: "d", job_id: "j", attempt: 1, options: { captions: "sentence" } };
  return { job, storage, folder, signal, progress: { log: () => {} } } as unknown as FilmContext;
}

const versionsOf = (name: string) =>
  uploads.filter((upload) => upload.name === name).map(({ body }) => body.toString());
const numberIn = (text: string, pattern: RegExp) => Number(pattern.exec(text)?.[1]);

/** The largest rate of any segment, and that of all together. */
function measurePeak(playlist: string): { peak: number; average: number } {
  const segments = [...playlist.matchAll(/#EXTINF:([\d.]+),\n(.+)/g)].map(([, seconds, uri]) => ({
    seconds: Number(seconds),
    bits: 8 * (uploads.find(({ name }) => name === `180p/${uri}`)?.body.length ?? Number.NaN),
  }));
  const sum = (key: "bits" | "seconds") => segments.reduce((total, segment) => total + segment[key], 0);
  const peak = Math.max(...segments.map(({ bits, seconds }) => bits / seconds));
  return { peak, average: sum("bits") / sum("seconds") };
}

describe("a live stream", () => {
  it("never changes its target duration, and has no longer segment", () => {
    const versions = versionsOf("180p/index.m3u8");
    // The second and the third scene were ready together.
    expect(versions.map((text) => text.match(/#EXTINF/g)?.length)).toEqual([1, 5]);
    const targets = versions.map((text) => numberIn(text, /#EXT-X-TARGETDURATION:(\d+)/));
    expect(new Set(targets).size).toBe(1);
    const lengths = [...(versions.at(-1) as string).matchAll(/#EXTINF:([\d.]+)/g)].map(([, s]) => Number(s));
    // The third scene is longer than the target and comes in three segments.
    expect(lengths.length).toBe(5);
    expect(Math.min(...lengths.slice(2)), "the pieces of a long scene are about equal").toBeGreaterThan(6);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(targets[0] as number);
  });

  it("declares at least the bit rate of the uploaded segments, and exactly that in the end", () => {
    let declared = 0;
    let measured = { peak: 0, average: 0 };
    const seen: number[] = [];
    for (const [i, { name, body }] of uploads.entries()) {
      if (name === "index.m3u8") {
        declared = numberIn(body.toString(), /[:,]BANDWIDTH=(\d+)/);
        seen.push(declared);
      }
      if (name === "180p/index.m3u8") measured = measurePeak(body.toString());
      const isSettled = uploads[i + 1]?.name !== "index.m3u8" && declared > 0 && name.endsWith("index.m3u8");
      if (isSettled) expect(declared).toBeGreaterThanOrEqual(measured.peak);
    }
    expect(seen.length).toBeGreaterThan(1);
    const last = versionsOf("index.m3u8").at(-1) as string;
    expect(declared).toBe(Math.ceil(measured.peak));
    expect(numberIn(last, /AVERAGE-BANDWIDTH=(\d+)/)).toBe(Math.ceil(measured.average));
  });

  it("uploads a scene's pieces before any playlist, and then its playlists side by side", async () => {
    const asked: string[] = [];
    const held: PromiseWithResolvers<void>[] = [];
    const put = (key: string) => {
      asked.push(key.split("/hls/")[1] as string);
      held.push(Promise.withResolvers());
      return held.at(-1)?.promise;
    };
    const context = { ...contextOf(), storage: { put } } as unknown as FilmContext;
    const { pictures, sound, frames } = scenes[0] as MadeScene;
    const live = new LiveStream(context, { frames: [Promise.resolve(frames)], language: "en" });
    const published = live.rendition(size).publish({ index: 0, segment: pictures, sound, frames, words: [] });
    const answerAll = () => held.splice(0).map(({ resolve }) => resolve());
    await until(() => held.length === 3);
    expect(asked.sort()).toEqual(["180p/0.m4s", "180p/init.mp4", "captions/0-0.vtt"]);
    answerAll();
    await until(() => held.length === 3);
    expect(asked.slice(3).sort()).toEqual(["180p/index.m3u8", "captions/index.m3u8", "index.m3u8"]);
    answerAll();
    await published;
  });

  it("lists every rendition and the captions from its first version on", () => {
    const versions = versionsOf("index.m3u8");
    for (const text of versions) {
      expect(text.match(/^\w+\/index\.m3u8$/gm)).toEqual(["180p/index.m3u8", "1080p/index.m3u8"]);
      // The pictures contain the words, so a player shows no captions by itself.
      expect(text).toMatch(
        /^#EXT-X-MEDIA:TYPE=SUBTITLES,.*LANGUAGE="en",DEFAULT=NO,AUTOSELECT=NO,.*URI="captions\/index.m3u8"$/m,
      );
    }
    const uploaded = new Set<string>();
    for (const { name, body } of uploads) {
      uploaded.add(name);
      const folder = name.replace(/index\.m3u8$/, "");
      if (folder === "" || folder === name) continue;
      const named = body.toString().match(/^[^#\n].*$/gm) ?? [];
      expect(named.filter((uri) => !uploaded.has(`${folder}${uri}`))).toEqual([]);
    }
    const [captions, pictures] = ["captions", "180p"].map((one) => versionsOf(`${one}/index.m3u8`).at(-1));
    const lengths = (text = "") => text.match(/#EXTINF.*/g);
    expect(lengths(captions)).toEqual(lengths(pictures));
  });

  it("plays all of its frames without a gap, also those of a long scene", async () => {
    for (const { name, body } of uploads)
      if (name.startsWith("180p/")) await writeFile(join(folder, name.slice(5)), body);
    const times = await readVideoTimes(join(folder, "index.m3u8"));
    expect(times.length).toBe(scenes.reduce((sum, { frames }) => sum + frames, 0));
    for (const [i, time] of times.entries()) expect(time).toBeCloseTo(i / 30, 4);
    const { stderr } = await inspect(
      ...(["ffmpeg", "-v", "warning", "-i", join(folder, "index.m3u8"), "-f", "null", "-"] as const),
    );
    expect(stderr).toBe("");
  });
});

it("keeps a segment of pure noise within the level that it declares", async () => {
  const filmSize = { width: 1920, height: 1080 };
  const [picture, plateFile, to] = ["noise", "noise-plate", "noise-segment"].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  await writeFile(picture, await paintNoise(1536, 1024));
  const [plate] = await decodePicture(picture, [{ filmSize, to: plateFile }], signal);
  const frames = 32;
  await encodeSegment({ filmSize, scene: 0, plate: plate as Plate, frames, closing: false, to }, signal);
  const { size: bytes } = await stat(to);
  // In the first second the encoder may use the buffer as well: 64 frames have less than 13 Mbit/s.
  expect((8 * bytes) / framesToSeconds(frames)).toBeLessThan(18e6);
  // Level 4.0 of the High profile: 25 Mbit/s, through a buffer of 31.25 Mbit.
  const configuration = await readFile(to);
  expect(configuration[configuration.indexOf("avcC") + 7]).toBe(40);
});

/** TV static. */
function paintNoise(width: number, height: number): Promise<Buffer> {
  let state = 1;
  const pixels = Buffer.alloc(width * height * 3);
  for (let i = 0; i < pixels.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    pixels[i] = state >>> 24;
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}
