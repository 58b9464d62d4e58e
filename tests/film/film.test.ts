import { copyFile, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { filmSizes, leadInSeconds } from "../../contract/film.ts";
import { Cancelled, Transient } from "../../render-worker/errors.ts";
import { countAdts } from "../../render-worker/media/adts.ts";
import type { Plate } from "../../render-worker/media/camera/shot.ts";
import { decodePicture } from "../../render-worker/media/decode-picture.ts";
import { encodeSceneSound } from "../../render-worker/media/encode-scene-sound.ts";
import { encodeSegment } from "../../render-worker/media/encode-segment.ts";
import { probe } from "../../render-worker/media/ffmpeg.ts";
import { cutStrip } from "../../render-worker/media/film-strip.ts";
import { framesToAacFrames, framesToSeconds } from "../../render-worker/media/grid.ts";
import { writePlaylist } from "../../render-worker/media/hls/playlist.ts";
import { toHlsPieces } from "../../render-worker/media/hls/to-hls-pieces.ts";
import { joinFilm } from "../../render-worker/media/join-film.ts";
import { makePoster } from "../../render-worker/media/make-poster.ts";
import { verifyFilm } from "../../render-worker/media/verify-film.ts";
import {
  inspect,
  laterLook,
  listen,
  type MadeScene,
  makeScenes,
  paint,
  readVideoTimes,
  record,
  speak,
  voiceRate,
} from "./scenes.ts";

/** The preview's size: a film of 1080p takes nine times as long to encode, and has the same form. */
const filmSize = { width: 640, height: 360 };
const { signal } = new AbortController();
const title = "A [dream]; of = # \\ 'things'\n[CHAPTER]\nSTART=0 🌙";
/** The clicks in each scene's voice, in seconds from the voice's start. */
const clicks = [0, 0.5, 1.1999];

let folder = "";
let scenes: MadeScene[] = [];
let frames = 0;
const inFolder = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "film-"));
  const click = record(1.2, (_, i) =>
    clicks.some((at) => Math.abs(i - Math.round(at * voiceRate)) < 1) ? 0.9 : 0,
  );
  const inputs = [200, 20, 120].map(async (hue, i) => ({
    picture: await paint(hue),
    voice: click,
    title: `${i} = ${title}`,
  }));
  scenes = await makeScenes(folder, filmSize, await Promise.all(inputs), signal);
  frames = scenes.reduce((sum, scene) => sum + scene.frames, 0);
  await joinFilm(scenes, { title, language: "de-CH", to: inFolder("film.mp4") }, signal);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("a film", () => {
  it("has exactly the promised length in frames and samples, and can play before all of it is loaded", async () => {
    const verified = await verifyFilm(inFolder("film.mp4"), { filmSize, frames }, signal);
    expect(verified).toMatchObject({ frames: 192, durationSeconds: 6.4 });
    const times = await readVideoTimes(inFolder("film.mp4"));
    expect(times.length).toBe(frames);
    for (const [i, time] of times.entries()) expect(time).toBeCloseTo(i / 30, 4);
    expect((await listen("-i", inFolder("film.mp4"))).length).toBe(framesToSeconds(frames) * 48_000);
    const bytes = await readFile(inFolder("film.mp4"));
    expect(bytes.indexOf("moov")).toBeLessThan(bytes.indexOf("mdat"));
  });

  it("has the voice at the exact time in every scene, and silence at every border", async () => {
    expectClicks(await listen("-i", inFolder("film.mp4")), 0);
  });

  it("shows one scene after the other, each with its chapter, whatever its title contains", async () => {
    const { chapters, format } = await probe(inFolder("film.mp4"), { signal });
    const oneLine = title.replaceAll("\n", " ");
    expect(format.tags?.title).toBe(oneLine);
    expect(chapters?.map((chapter) => chapter.tags?.title)).toEqual(
      [0, 1, 2].map((i) => `${i} = ${oneLine}`),
    );
    expect(chapters?.map((chapter) => chapter.start_time)).toEqual(
      [0, 64 / 30, 128 / 30].map((at) => Number(at.toFixed(6))),
    );
  });

  it("ends in a frame that is black", async () => {
    const args = ["-sseof", "-0.1", "-i", inFolder("film.mp4"), "-pix_fmt", "gray", "-f", "rawvideo", "-"];
    const { stdout } = await inspect("ffmpeg", ...args);
    const last = stdout.subarray(-filmSize.width * filmSize.height);
    expect(last.length).toBe(filmSize.width * filmSize.height);
    // ffmpeg writes full-range gray: 16 of limited range is 0.
    expect(last.every((luma) => luma <= 2)).toBe(true);
  });

  it("names the spoken language", async () => {
    expect(await readLanguage(inFolder("film.mp4"))).toBe("deu");
  });

  it("decodes without a complaint", async () => {
    const { stderr } = await inspect(
      "ffmpeg",
      "-v",
      "warning",
      "-i",
      inFolder("film.mp4"),
      "-f",
      "null",
      "-",
    );
    expect(stderr).toBe("");
  });

  it("has a poster in its own colours", async () => {
    const { plate, frames: ofFirst } = scenes[0] as MadeScene;
    const poster = inFolder("poster.jpg");
    await makePoster({ plate, filmSize, scene: 0, frames: ofFirst, to: poster }, signal);
    const middle = `select=eq(n\\,${ofFirst / 2}),scale=in_color_matrix=bt709:in_range=tv,format=rgb24`;
    const args = ["-i", inFolder("film.mp4"), "-vf", middle, "-frames:v", "1", "-f", "rawvideo", "-"];
    const { stdout } = await inspect("ffmpeg", ...args);
    const posterPixels = await sharp(poster).raw().toBuffer({ resolveWithObject: true });
    expect(posterPixels.info).toMatchObject({ ...filmSize, channels: 3 });
    for (const [x, y] of [
      [0.3, 0.4],
      [0.7, 0.6],
      [0.49, 0.4],
      [0.1, 0.9],
      [0.9, 0.1],
    ] as const) {
      const at = 3 * (Math.round(y * filmSize.height) * filmSize.width + Math.round(x * filmSize.width));
      for (const channel of [0, 1, 2])
        expect(
          Math.abs((posterPixels.data[at + channel] ?? 0) - (stdout[at + channel] ?? 255)),
        ).toBeLessThanOrEqual(4);
    }
  });

  it("has the same bytes when it is made again", async () => {
    const [first, second] = scenes as [MadeScene, MadeScene];
    const to = inFolder("again.mp4");
    await encodeSegment(
      {
        ...{ filmSize, scene: 1, look: laterLook, plate: second.plate, frames: 64 },
        ...{ earlier: first, closing: false, to },
      },
      signal,
    );
    expect((await readFile(to)).equals(await readFile(second.pictures))).toBe(true);
  });
});

describe("an incomplete film", () => {
  it.each([
    ["was cut", async (file: string) => truncate(file, (await readFile(file)).length - 5_000)],
    [
      "misses a scene",
      async (file: string) => joinFilm(scenes.slice(1), { title, language: "de", to: file }, signal),
    ],
    ["is empty", async (file: string) => writeFile(file, "")],
  ])("is not published when it %s", async (_, damage) => {
    const file = inFolder("damaged.mp4");
    await copyFile(inFolder("film.mp4"), file);
    await damage(file);
    const error = await verifyFilm(file, { filmSize, frames }, signal).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Transient);
  });
});

describe("the pieces of a film", () => {
  it("play as one film over HLS, with pictures and sound in sync", async () => {
    const pieces = [];
    let startFrame = 0;
    for (const [index, scene] of scenes.entries()) {
      const uri = `piece-${index}.m4s`;
      const made = await toHlsPieces({ ...scene, startFrame, language: "de-CH" });
      expect(made.videoCodec).toBe("avc1.64001e");
      if (index === 0) await writeFile(inFolder("init.mp4"), made.init);
      expect(made.pieces.map((piece) => piece.frames)).toEqual([scene.frames]);
      await writeFile(inFolder(uri), made.pieces[0]?.media as Buffer);
      pieces.push({ uri, frames: scene.frames });
      startFrame += scene.frames;
    }
    const list = inFolder("film.m3u8");
    await writeFile(list, writePlaylist("init.mp4", pieces, { ended: true }));
    const times = await readVideoTimes(list);
    expect(times.length).toBe(frames);
    for (const [i, time] of times.entries()) expect(time).toBeCloseTo(i / 30, 4);
    expect(await readLanguage(inFolder("init.mp4"))).toBe("deu");
    const { stderr } = await inspect("ffmpeg", "-v", "warning", "-i", list, "-f", "null", "-");
    expect(stderr).toBe("");
    // Each piece begins at its scene's time in the film, where captions.vtt expects it.
    let startSeconds = 0;
    for (const { uri, frames: length } of pieces) {
      const whole = inFolder(`whole-${uri}`);
      const parts = await Promise.all([readFile(inFolder("init.mp4")), readFile(inFolder(uri))]);
      await writeFile(whole, Buffer.concat(parts));
      const { stdout } = await inspect(
        "ffprobe",
        ..."-show_entries stream=start_time -of csv=p=0".split(" "),
        whole,
      );
      const [pictures, sound] = String(stdout).trim().split("\n").map(Number);
      expect(pictures).toBeCloseTo(startSeconds, 4);
      expect(sound).toBeCloseTo(startSeconds, 4);
      startSeconds += framesToSeconds(length);
    }
    const heard = await listen("-i", list);
    expectClicks(heard, 0);
  });
});

/** The language tag of a file's sound. */
async function readLanguage(file: string): Promise<string> {
  const args = "-select_streams a -show_entries stream_tags=language -of csv=p=0".split(" ");
  return String((await inspect("ffprobe", ...args, file)).stdout).trim();
}

describe("a plate", () => {
  it("has its colour samples on even columns, as H.264 expects", async () => {
    const { width, height } = { width: 1536, height: 1024 };
    const red = { create: { width, height, channels: 3 as const, background: "#c02020" } };
    const blue = { ...red.create, width: width / 2, background: "#4060f0" };
    const picture = sharp(red).composite([{ input: { create: blue }, left: width / 2, top: 0 }]);
    await writeFile(inFolder("edge.png"), await picture.png().toBuffer());
    const [plate] = await decodePicture(
      inFolder("edge.png"),
      [{ filmSize: filmSizes["16:9"], to: inFolder("edge.yuv") }],
      signal,
    );
    const planes = await readFile(inFolder("edge.yuv"));
    const size = plate as Plate;
    const luma = findEdge(planes.subarray(0, size.width));
    const chromaStart = size.width * size.height;
    const chroma = findEdge(planes.subarray(chromaStart, chromaStart + size.width / 2));
    // Samples a quarter of their distance left of their cell's middle have the edge that much further right.
    expect(2 * chroma - luma).toBeCloseTo(0.5, 1);
  });
});

/** The number of samples in a row before the edge between its two colours, with fractions. */
function findEdge(row: Buffer): number {
  const [first, last] = [row[0] as number, row.at(-1) as number];
  return row.reduce((sum, value) => sum + (value - last) / (first - last), 0);
}

/**
 * Checks that clicks are where the scenes' voices have them, and silence at every border; in samples of
 * 1/48000 s.
 */
function expectClicks(sound: Float32Array, offset: number): void {
  let start = offset;
  for (const scene of scenes) {
    for (const at of clicks) {
      const expected = Math.round((start + leadInSeconds + at) * 48_000);
      const around = sound.subarray(expected - 2_000, expected + 2_000);
      const loudest = around.reduce(
        (best, value, i) => (Math.abs(value) > Math.abs(around[best] ?? 0) ? i : best),
        0,
      );
      expect(Math.abs(loudest - 2_000)).toBeLessThanOrEqual(3);
    }
    start += framesToSeconds(scene.frames);
    const border = Math.round(start * 48_000);
    for (const value of sound.subarray(border - 4_800, border + 4_800))
      expect(Math.abs(value)).toBeLessThan(0.001);
  }
}

describe("a scene's sound", () => {
  it.each([
    ["quiet", speak(3, 0.02)],
    ["loud", speak(3, 0.9)],
    ["clipped", speak(3, 4)],
    ["short", speak(0.7, 0.3)],
    ["high", speak(4, 0.3, 280)],
  ])("is brought to -16 LUFS under -1.5 dBTP when its voice is %s", async (name, voice) => {
    const [scene] = await makeSound(name, voice);
    const report = await inspect(
      "ffmpeg",
      "-i",
      scene,
      "-af",
      "ebur128=peak=true:framelog=verbose",
      "-f",
      "null",
      "-",
    );
    const summary = report.stderr.slice(report.stderr.lastIndexOf("Summary:"));
    const loudness = Number(/I:\s+(-[\d.]+)/.exec(summary)?.[1]);
    expect(Math.abs(loudness + 16)).toBeLessThanOrEqual(1);
    expect(Number(/Peak:\s+(-?[\d.]+)/.exec(summary)?.[1])).toBeLessThanOrEqual(-1.5);
  });

  it("is silence of the right length if there is no voice, or a silent one", async () => {
    await encodeSceneSound(null, 80, inFolder("silence"), signal);
    const [silent, silentFrames] = await makeSound(
      "silent",
      record(1, () => 0),
    );
    for (const [file, length] of [
      [inFolder("silence"), 80],
      [silent, silentFrames],
    ] as const) {
      expect(countAdts(await readFile(file))).toBe(framesToAacFrames(length));
      expect((await listen("-i", file)).every((value) => Math.abs(value) < 1e-4)).toBe(true);
    }
  });

  async function makeSound(name: string, voice: Buffer): Promise<[string, number]> {
    const { decodeVoice } = await import("../../render-worker/media/decode-voice.ts");
    const { timeScene } = await import("../../render-worker/media/scene-timing.ts");
    await writeFile(inFolder(`${name}.wav`), voice);
    const decoded = await decodeVoice(inFolder(`${name}.wav`), inFolder(`${name}.f32`), signal);
    const { frames: length, tempo } = timeScene(decoded.durationSeconds);
    await encodeSceneSound({ ...decoded, tempo }, length, inFolder(`${name}.aac`), signal);
    return [inFolder(`${name}.aac`), length];
  }
});

describe("a segment", () => {
  it("ends with its encoders within five seconds of the cancellation", async () => {
    const abort = new AbortController();
    const { plate } = scenes[0] as MadeScene;
    const to = inFolder("cancelled.mp4");
    const encoding = encodeSegment(
      { filmSize, scene: 0, plate, frames: 1600, closing: false, to },
      abort.signal,
    );
    const failed = encoding.catch((error: unknown) => error);
    await expect
      .poll(async () => (await readFile(to).catch(() => Buffer.alloc(0))).length, { timeout: 20_000 })
      .toBeGreaterThan(0);
    const abortedAt = performance.now();
    abort.abort();
    expect(await failed).toBeInstanceOf(Cancelled);
    // SIGKILL comes after five seconds, and the rest is for a machine under load.
    expect(performance.now() - abortedAt).toBeLessThan(30_000);
  });

  it("moves the same way by ffmpeg's filters if WebAssembly cannot run", async () => {
    const [first, second] = scenes as [MadeScene, MadeScene];
    const segment = { filmSize, scene: 1, plate: second.plate, frames: 64, earlier: first, closing: true };
    const [kernel, filters] = [inFolder("kernel.mp4"), inFolder("filters.mp4")];
    await encodeSegment({ ...segment, to: kernel }, signal);
    await encodeSegment({ ...segment, to: filters }, signal, null);
    const { stderr } = await inspect(
      "ffmpeg",
      "-i",
      kernel,
      "-i",
      filters,
      "-lavfi",
      "psnr",
      "-f",
      "null",
      "-",
    );
    expect(Number(/min:([\d.]+)/.exec(stderr)?.[1])).toBeGreaterThan(36);
    expect((await readVideoTimes(filters)).length).toBe(64);
  });

  it.each([
    ["the kernel", undefined],
    ["ffmpeg's filters", null],
  ])("writes its film strip without its captions, by %s", async (_, kernel) => {
    const { plate } = scenes[1] as MadeScene;
    const size = `PlayResX: ${filmSize.width}\nPlayResY: ${filmSize.height}`;
    const style = "Format: Name, Fontname, Fontsize, PrimaryColour\nStyle: Default,Sans,90,&H00FFFFFF";
    const events = "Format: Start, End, Style, Text\nDialogue: 0:00:00.00,0:00:09.00,Default,WORDS";
    const script = `[Script Info]\n${size}\n[V4+ Styles]\n${style}\n[Events]\n${events}\n`;
    await writeFile(inFolder("words.ass"), script);
    const strip = async (name: string, captions?: string) => {
      const [to, strip] = [inFolder(`${name}.mp4`), inFolder(`${name}.strip`)];
      const segment = { filmSize, scene: 0, plate, frames: 48, closing: false, captions, to, strip };
      await encodeSegment(segment, signal, kernel);
      return readFile(strip);
    };
    const told = await strip("told", inFolder("words.ass"));
    expect(told.equals(await strip("untold"))).toBe(true);
    await cutStrip(inFolder("told.mp4"), filmSize, inFolder("cut.strip"), signal);
    await cutStrip(inFolder("untold.mp4"), filmSize, inFolder("plain.strip"), signal);
    const [cut, plain] = [await readFile(inFolder("cut.strip")), await readFile(inFolder("plain.strip"))];
    expect(told.length).toBe(plain.length);
    expect(cut.filter((byte, i) => Math.abs(byte - (plain[i] as number)) > 60).length).toBeGreaterThan(100);
  });

  it.each(Object.entries(filmSizes))(
    "fills the frame at %s, from a picture of any shape",
    async (_, full) => {
      const size = { width: full.width / 3, height: full.height / 3 };
      const shapes = [
        { width: 1536, height: 1024 },
        { width: 1024, height: 1536 },
        { width: 600, height: 100 },
      ];
      for (const [i, shape] of shapes.entries()) {
        const [picture, plateFile, to] = ["picture", "plate", "segment"].map((name) =>
          inFolder(`${name}-${i}`),
        );
        await writeFile(picture as string, await paint(60, shape));
        const [plate] = await decodePicture(
          picture as string,
          [{ filmSize: size, to: plateFile as string }],
          signal,
        );
        const segment = { filmSize: size, scene: 0, plate: plate as Plate, frames: 16, closing: false };
        await encodeSegment({ ...segment, to: to as string }, signal);
        const args = ["-i", to as string, "-frames:v", "1", "-pix_fmt", "gray", "-f", "rawvideo", "-"];
        const { stdout } = await inspect("ffmpeg", ...args);
        expect(stdout.length).toBe(size.width * size.height);
        // No edge is black, as a letterbox would be.
        for (const at of [0, size.width - 1, stdout.length - size.width, stdout.length - 1])
          expect(stdout[at]).toBeGreaterThan(20);
      }
    },
  );
});
