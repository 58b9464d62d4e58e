import { execFileSync } from "node:child_process";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Poison } from "../errors.ts";
import { normaliseRecording } from "./normalise-recording.ts";

const { signal } = new AbortController();
let folder = "";
let speech = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "recording-"));
  speech = join(folder, "speech.wav");
  const words = "I flew over a silver sea, and under the water a town was lit.";
  execFileSync("espeak-ng", ["-w", speech, "--stdin"], { input: words });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let files = 0;
const path = () => join(folder, `file-${files++}`);
/** What ffmpeg makes, from the speech or from other inputs. */
function make(format: string, args: readonly string[], inputs: readonly string[] = ["-i", speech]): string {
  const file = path();
  execFileSync("ffmpeg", ["-v", "error", "-nostdin", ...inputs, ...args, "-f", format, file]);
  return file;
}
const lavfi = (...sources: string[]) => sources.flatMap((source) => ["-f", "lavfi", "-i", source]);
const normalise = (file: string) => normaliseRecording(file, join(folder, `out-${files++}.ogg`), signal);
async function keep(content: string | Buffer): Promise<string> {
  const file = path();
  await writeFile(file, content);
  return file;
}

describe("a recording", () => {
  it.each([
    ["webm", "webm", ["-c:a", "libopus"]],
    ["m4a", "mp4", ["-c:a", "aac"]],
    ["fragmented mp4, as Safari records it", "mp4", ["-c:a", "aac", "-movflags", "frag_keyframe+empty_moov"]],
    ["mp3", "mp3", []],
    ["wav", "wav", ["-c:a", "pcm_s24le"]],
    ["ogg with opus", "ogg", ["-c:a", "libopus"]],
    ["ogg with vorbis", "ogg", ["-c:a", "libvorbis"]],
    ["flac", "flac", []],
  ])("of the type %s becomes Ogg with Opus of the same length", async (_, format, args) => {
    const { file, durationSeconds } = await normalise(make(format, args));
    const probed = execFileSync("ffprobe", [
      "-v",
      "error",
      "-show_entries",
      "stream=codec_name,channels",
      file,
    ]);
    expect(probed.toString()).toMatch(/codec_name=opus\nchannels=1/);
    expect(durationSeconds).toBeGreaterThan(3);
    expect(durationSeconds).toBeLessThan(6);
  });

  it.each([
    ["webm", "webm", ["-c:a", "libopus"]],
    [
      "fragmented mp4",
      "mp4",
      ["-c:a", "aac", "-movflags", "frag_keyframe+empty_moov", "-frag_duration", "5e5"],
    ],
    ["mp3", "mp3", []],
    ["wav", "wav", []],
    ["ogg", "ogg", ["-c:a", "libopus"]],
    ["flac", "flac", []],
  ])("of the type %s that was cut off keeps what was said before the cut", async (_, format, args) => {
    const bytes = await readFile(make(format, args));
    for (const share of [0.7, 0.83]) {
      const cut = await keep(bytes.subarray(0, Math.floor(bytes.length * share)));
      expect((await normalise(cut)).durationSeconds).toBeGreaterThan(1.5);
    }
  });

  it("may have a cover picture, which is left out", async () => {
    const cover = make("image2", ["-frames:v", "1", "-c:v", "mjpeg"], lavfi("color=red:s=64x64"));
    const args = [
      "-map",
      "0:a",
      "-map",
      "1:v",
      "-c:a",
      "aac",
      "-c:v",
      "copy",
      "-disposition:v",
      "attached_pic",
    ];
    expect((await normalise(make("mp4", args, ["-i", speech, "-i", cover]))).durationSeconds).toBeGreaterThan(
      3,
    );
  });

  it("of speech over music is taken", async () => {
    const music = "sine=220:d=6,volume=0.2[a];sine=277:d=6,volume=0.2[b];[a][b]amix=2,tremolo=3";
    const mixed = make("wav", ["-filter_complex", `${music}[m];[0:a]volume=2[v];[v][m]amix=2`]);
    expect((await normalise(mixed)).durationSeconds).toBeGreaterThan(3);
  });
});

describe("a file that is no recording of speech", () => {
  const playlist = (url: string) => `#EXTM3U\n#EXTINF:1,\n${url}\n#EXT-X-ENDLIST\n`;
  it.each([
    ["0 bytes", () => keep(""), "segment.empty"],
    ["a playlist that was renamed", () => keep(playlist(`file://${speech}`)), "media.unknown_format"],
    [
      "a playlist behind the first bytes of an MP4",
      () => keep(`\0\0\0\x18ftyp${playlist("x")}`),
      "segment.unreadable",
    ],
    ["an MP3 with a tag of 8 MB", () => keep(hugeTag(8_000_000)), "segment.unreadable"],
    [
      "a video",
      async () => make("mp4", ["-c:v", "libx264", "-c:a", "aac"], lavfi("testsrc=d=1:s=64x64", "sine=d=1")),
      "segment.not_sound",
    ],
    [
      "a video in WebM",
      async () =>
        make("webm", ["-c:v", "libvpx", "-c:a", "libopus"], lavfi("testsrc=d=1:s=64x64", "sine=d=1")),
      "segment.not_sound",
    ],
    ["31 minutes of silence", async () => silence(31 * 60), "segment.too_long"],
    ["silence", async () => silence(20), "segment.silent"],
    ["keys of a telephone", async () => make("wav", [], lavfi(keys())), "segment.no_speech"],
    ["a whistle", async () => make("wav", [], lavfi("sine=1200:d=5")), "segment.no_speech"],
    [
      "noise bytes",
      () => keep(Buffer.from(Array.from({ length: 5_000 }, (_, i) => (i * 7919) % 251))),
      "media.unknown_format",
    ],
  ])("is refused with its reason: %s", async (_, file, code) => {
    const error = await normalise(await file()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Poison);
    expect(error).toMatchObject({ code });
  });

  it("is refused where it is too long and its header has no length", async () => {
    const out = join(folder, "too-long.ogg");
    const normalising = normaliseRecording(await withoutLength(60), out, signal, 20);
    await expect(normalising).rejects.toMatchObject({ code: "segment.too_long" });
  });

  it("is refused although its name says that it is sound", async () => {
    const renamed = join(folder, "list.m4a");
    await copyFile(await keep(playlist("http://127.0.0.1:1/a.ts")), renamed);
    await expect(normalise(renamed)).rejects.toMatchObject({ code: "media.unknown_format" });
  });
});

/** ID3v2.3 with one text frame. */
function hugeTag(bytes: number): Buffer {
  const frame = Buffer.alloc(10 + bytes, "a");
  frame.write("TXXX");
  frame.writeUInt32BE(bytes, 4);
  frame.writeUInt16BE(0, 8);
  frame[10] = 0;
  const size = [21, 14, 7, 0].map((shift) => (frame.length >> shift) & 0x7f);
  const sound = execFileSync("ffmpeg", [
    "-v",
    "error",
    "-i",
    speech,
    "-f",
    "mp3",
    "-id3v2_version",
    "0",
    "-",
  ]);
  return Buffer.concat([Buffer.from("ID3"), Buffer.from([3, 0, 0, ...size]), frame, sound]);
}

/** One encoded minute, repeated without encoding it again. */
function silence(seconds: number): string {
  const minute = make("ogg", ["-t", "60", "-c:a", "libopus", "-b:a", "6k"], lavfi("anullsrc=r=8000:cl=mono"));
  const loops = String(Math.ceil(seconds / 60) - 1);
  return make("ogg", ["-t", String(seconds), "-c", "copy"], ["-stream_loop", loops, "-i", minute]);
}

/** WebM as browsers write it: its header has no length. */
async function withoutLength(seconds: number): Promise<string> {
  return make("webm", ["-c", "copy", "-live", "1"], ["-i", silence(seconds)]);
}

/** Three pairs of tones with pauses. */
const keys = () => {
  const key = (low: number, high: number, at: number) =>
    `between(t,${at},${at + 0.4})*0.3*(sin(2*PI*${low}*t)+sin(2*PI*${high}*t))`;
  return `aevalsrc=${[key(697, 1209, 0.2), key(770, 1336, 0.9), key(852, 1477, 1.6)].join("+")}:d=2.5`.replaceAll(
    ",",
    "\\,",
  );
};
