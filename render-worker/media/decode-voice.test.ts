import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { decodeVoice } from "./decode-voice.ts";
import { encodeSceneSound } from "./encode-scene-sound.ts";

const { signal } = new AbortController();
let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "voice-"));
  return () => rm(folder, { recursive: true });
});

const decode = async (content: Buffer) => {
  const path = join(folder, "voice");
  await writeFile(path, content);
  return decodeVoice(path, join(folder, "voice.f32"), signal);
};
const ffmpeg = (...args: string[]) =>
  execFileSync("ffmpeg", ["-v", "error", "-nostdin", ...args, "-"], { maxBuffer: 1 << 26 });
const tone = (seconds: number, ...args: string[]) =>
  ffmpeg("-f", "lavfi", "-i", `sine=330:d=${seconds}:r=24000`, ...args);

const chunk = (id: string, data: Buffer, size = data.length) => {
  const head = Buffer.alloc(8);
  head.write(id, "latin1");
  head.writeUInt32LE(size, 4);
  return Buffer.concat([head, data]);
};
/** A WAV of 16-bit mono samples whose header says `dataSize`. */
function wav(samples: Buffer, dataSize = samples.length, before: Buffer[] = []): Buffer {
  const format = Buffer.alloc(16);
  format.writeUInt16LE(1, 0);
  format.writeUInt16LE(1, 2);
  format.writeUInt32LE(24_000, 4);
  format.writeUInt32LE(48_000, 8);
  format.writeUInt16LE(2, 12);
  format.writeUInt16LE(16, 14);
  const body = Buffer.concat([
    Buffer.from("WAVE", "latin1"),
    chunk("fmt ", format),
    ...before,
    chunk("data", samples, dataSize),
  ]);
  return chunk("RIFF", body, Math.min(dataSize + body.length - samples.length, 0xffff_ffff));
}
const samples = (seconds: number) => tone(seconds, "-f", "s16le");

describe("a WAV", () => {
  it.each([
    ["0", 0],
    ["7FFFFFFF", 0x7fff_ffff],
    ["7FFFF000", 0x7fff_f000],
    ["80000000", 0x8000_0000],
    ["FFFFFFFF less a header", 0xffff_ffff - 36],
    ["FFFFFFFF", 0xffff_ffff],
    ["ten minutes", 600 * 48_000],
  ])("is read to its end where the header says %s", async (_, size) => {
    const { durationSeconds } = await decode(wav(samples(1.5), size));
    expect(durationSeconds).toBeCloseTo(1.5, 2);
  });

  it("is read behind a chunk that holds the word data", async () => {
    const list = chunk("LIST", Buffer.from("INFOISFT\x08\0\0\0data\x02\0\0\0", "latin1"));
    const { durationSeconds, pcm } = await decode(wav(samples(1.5), 72_000, [list]));
    expect(durationSeconds).toBeCloseTo(1.5, 2);
    expect(Math.max(...pcm.subarray(8_000, 9_000))).toBeGreaterThan(0.05);
  });

  it("is taken a byte short, and refused where a word is missing", async () => {
    const whole = wav(samples(1.5));
    expect((await decode(whole.subarray(0, whole.length - 1))).durationSeconds).toBeCloseTo(1.5, 2);
    for (const part of [0.3, 0.6, 0.9])
      await expect(decode(whole.subarray(0, whole.length * part))).rejects.toMatchObject({
        code: "media.cut_voice",
      });
  });

  it("is read whole where several were joined, whatever their headers say", async () => {
    const one = samples(1.5);
    for (const parts of [
      [wav(one), wav(one)],
      [wav(one, 0xffff_ffff), wav(one, 0xffff_ffff), wav(one, 0)],
    ])
      expect((await decode(Buffer.concat(parts))).durationSeconds).toBeCloseTo(1.5 * parts.length, 2);
  });
});

describe("joined files", () => {
  it("are read whole as MP3, with tags of both kinds between them", async () => {
    const one = tone(1.5, "-write_id3v1", "1", "-metadata", "title=x", "-f", "mp3");
    const { durationSeconds } = await decode(Buffer.concat([one, one]));
    expect(durationSeconds).toBeGreaterThan(3);
    expect(durationSeconds).toBeLessThan(3.2);
  });

  it("are refused as FLAC, of which a part would be lost", async () => {
    const one = tone(1.5, "-f", "flac");
    await expect(decode(Buffer.concat([one, one]))).rejects.toMatchObject({ code: "media.unreadable" });
  });
});

describe("a very short voice", () => {
  it("is as loud as a longer one of the same sound, within half a decibel", async () => {
    const long = await decode(tone(2, "-f", "wav"));
    for (const seconds of [0.05, 0.2, 0.35, 0.39]) {
      const { loudness } = await decode(tone(seconds, "-f", "wav"));
      expect(Math.abs(loudness.integratedLufs - long.loudness.integratedLufs)).toBeLessThan(0.5);
    }
  });
});

describe("a voice that begins and ends in the middle of a wave", () => {
  it("does not click in the scene's sound", async () => {
    // A constant level: without fades both edges are steps.
    const level = Buffer.alloc(24_000 * 2);
    for (let at = 0; at < level.length; at += 2) level.writeInt16LE(12_000, at);
    const sound = join(folder, "sound.aac");
    await encodeSceneSound(await decode(wav(level)), 80, sound, signal);
    const decoded = ffmpeg("-i", sound, "-f", "f32le", "-ac", "1");
    const pcm = new Float32Array(decoded.buffer, decoded.byteOffset, decoded.length >> 2);
    const largest = (values: Float32Array) =>
      values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const steps = pcm.subarray(1).map((value, i) => value - (pcm[i] as number));
    expect(largest(pcm)).toBeGreaterThan(0.1);
    expect(largest(steps) / largest(pcm)).toBeLessThan(0.1);
  });
});

it.each([0.7, 1.3])("plays a voice at %d times its speed, to within a hundredth", async (speed) => {
  const path = join(folder, "tone");
  await writeFile(path, tone(6, "-f", "wav"));
  const { durationSeconds, samples } = await decodeVoice(path, join(folder, "fast.f32"), signal, speed);
  expect(durationSeconds * speed).toBeGreaterThan(5.94);
  expect(durationSeconds * speed).toBeLessThan(6.06);
  expect(samples / 48_000).toBeCloseTo(durationSeconds, 2);
});
