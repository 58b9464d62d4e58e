import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Poison } from "../errors.ts";
import { decodePicture } from "./decode-picture.ts";
import { decodeVoice } from "./decode-voice.ts";

const filmSize = { width: 640, height: 360 };
const { signal } = new AbortController();
let folder = "";
let canary: Server;
let hits = 0;

beforeAll(async () => {
  canary = createServer((_, answer) => {
    hits++;
    answer.end();
  });
  canary.listen(0, "127.0.0.1");
  await once(canary, "listening");
});
afterAll(() => canary.close());
beforeEach(async () => {
  hits = 0;
  folder = await mkdtemp(join(tmpdir(), "untrusted-"));
  return () => rm(folder, { recursive: true, force: true });
});

const keep = async (name: string, content: string | Buffer) => {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
};
const picture = async (content: string | Buffer) =>
  decodePicture(await keep("picture", content), [{ filmSize, to: join(folder, "plate") }], signal);
const voice = async (content: string | Buffer) =>
  decodeVoice(await keep("voice", content), join(folder, "voice.f32"), signal);
const make = (...args: string[]) =>
  execFileSync("ffmpeg", ["-v", "error", "-nostdin", ...args, "-"], { maxBuffer: 1 << 26 });
const speech = (...args: string[]) => make("-f", "lavfi", "-i", "sine=330:d=1.5", ...args);

describe("a picture from outside", () => {
  const paint = () => sharp({ create: { width: 300, height: 200, channels: 3, background: "#c04020" } });
  it.each([
    ["PNG", () => paint().png()],
    ["PNG with a palette", () => paint().png({ palette: true })],
    ["PNG in 16 bits", () => paint().toColourspace("rgb16").png()],
    ["PNG with transparency", () => paint().ensureAlpha(1).png()],
    ["interlaced PNG", () => paint().png({ progressive: true })],
    ["JPEG", () => paint().jpeg({ quality: 100 })],
    [
      "progressive JPEG at 4:4:4",
      () => paint().jpeg({ quality: 100, progressive: true, chromaSubsampling: "4:4:4" }),
    ],
    ["WebP", () => paint().webp({ quality: 100 })],
    ["lossless WebP", () => paint().webp({ lossless: true })],
  ])("keeps its colours, as %s", async (_, encode) => {
    const [plate] = await picture(await encode().toBuffer());
    const planes = await readFile(plate?.file ?? "");
    const luma = (plate?.width ?? 0) * (plate?.height ?? 0);
    expect(planes.length).toBe((luma * 3) / 2);
    // #c04020 in BT.709, limited range; BT.601 would give 101, 95, 187.
    const [y, u, v] = [planes[0], planes[luma], planes[luma + luma / 4]] as [number, number, number];
    expect(Math.abs(y - 92)).toBeLessThanOrEqual(2);
    expect(Math.abs(u - 101)).toBeLessThanOrEqual(2);
    expect(Math.abs(v - 186)).toBeLessThanOrEqual(2);
  });

  it("is decoded for the film and its preview at once", async () => {
    const path = await keep("picture", await paint().png().toBuffer());
    const plates = [filmSize, { width: 1080, height: 1920 }].map((size, i) => ({
      filmSize: size,
      to: join(folder, `${i}`),
    }));
    const [small, tall] = await decodePicture(path, plates, signal);
    expect(small?.width).toBeGreaterThanOrEqual(640 * 1.12);
    expect(tall?.height).toBeGreaterThanOrEqual(1920 * 1.12);
  });

  it("of 225 million pixels is refused at once", async () => {
    const row = deflateSync(Buffer.alloc(15_001 * 15_000));
    const startedAt = performance.now();
    await expect(picture(writePng(15_000, 15_000, row))).rejects.toBeInstanceOf(Poison);
    // Most of this is for a machine under load.
    expect(performance.now() - startedAt).toBeLessThan(30_000);
  });

  it("of a strip's shape is refused, not scaled to gigabytes", async () => {
    const strip = sharp({ create: { width: 20_000, height: 20, channels: 3, background: "#888" } });
    await expect(picture(await strip.png().toBuffer())).rejects.toMatchObject({ code: "media.odd_shape" });
  });

  it("is refused when it is cut, empty or noise", async () => {
    const noise = Buffer.from(Array.from({ length: 20_000 }, (_, i) => (i * 7919) % 251));
    const whole = await sharp(noise.subarray(0, 19_200), { raw: { width: 80, height: 80, channels: 3 } })
      .png()
      .toBuffer();
    await expect(picture(whole.subarray(0, whole.length / 2))).rejects.toBeInstanceOf(Poison);
    await expect(picture(whole.subarray(0, 30))).rejects.toBeInstanceOf(Poison);
    await expect(picture("")).rejects.toBeInstanceOf(Poison);
    await expect(picture(noise)).rejects.toBeInstanceOf(Poison);
  });
});

describe("a voice from outside", () => {
  it.each([
    ["wav of unknown length, as a stream has it", ["-f", "wav"]],
    ["wav at 24 kHz in 24 bits", ["-ar", "24000", "-c:a", "pcm_s24le", "-f", "wav"]],
    ["mp3", ["-f", "mp3"]],
    ["flac", ["-f", "flac"]],
    ["ogg with opus", ["-c:a", "libopus", "-f", "ogg"]],
    ["ogg with vorbis", ["-c:a", "libvorbis", "-f", "ogg"]],
    ["aac", ["-c:a", "aac", "-f", "adts"]],
  ])("is decoded from %s", async (_, args) => {
    const { pcm, sampleRate, durationSeconds, loudness } = await voice(speech(...args));
    expect(durationSeconds).toBeCloseTo(1.5, 0);
    expect(pcm.length / sampleRate).toBe(durationSeconds);
    expect(Math.max(...pcm.subarray(8_000, 9_000))).toBeGreaterThan(0.05);
    expect(loudness.integratedLufs).toBeGreaterThan(-40);
  });

  it("is refused when it is empty, cut to nothing or four minutes long", async () => {
    await expect(voice(speech("-t", "0", "-f", "wav"))).rejects.toBeInstanceOf(Poison);
    await expect(voice(speech("-f", "wav").subarray(0, 20))).rejects.toBeInstanceOf(Poison);
    const flac = speech("-f", "flac");
    await expect(voice(flac.subarray(0, flac.length / 2))).rejects.toBeInstanceOf(Poison);
    const long = make("-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono", "-t", "245", "-f", "wav");
    await expect(voice(long)).rejects.toMatchObject({ code: "media.voice_too_long" });
  });
});

describe("a file that is not what it seems", () => {
  const secret = "the canary's song";
  const disguises = (url: string, sibling: string): Record<string, string | Buffer> => ({
    "an HLS playlist of the network": `#EXTM3U\n#EXTINF:1,\n${url}/a.ts\n#EXT-X-ENDLIST\n`,
    "an HLS playlist of a file": `#EXTM3U\n#EXTINF:1,\nfile://${sibling}\n#EXT-X-ENDLIST\n`,
    "an ffconcat script": `ffconcat version 1.0\nfile ${sibling}\n`,
    "an ffconcat script of a sibling": "ffconcat version 1.0\nfile secret\n",
    "a DASH manifest": `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>${url}/</BaseURL></MPD>`,
    "an SDP description": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=audio 9 RTP/AVP 0\n",
    "an SVG with an image": `<svg xmlns="http://www.w3.org/2000/svg"><image href="${url}/x.png"/></svg>`,
    "an SVG with a file": `<svg xmlns="http://www.w3.org/2000/svg"><image href="file://${sibling}"/></svg>`,
    "a web page": `<html><img src="${url}/x.png"></html>`,
    ffmetadata: ";FFMETADATA1\ntitle=x\n",
    subtitles: "[Script Info]\n[Events]\nDialogue: 0,0:00:00.00,0:00:01.00,,x\n",
    "a zip": "PK\u0003\u0004 not a picture",
    "a playlist behind a PNG's first bytes": `\x89PNG\r\n\x1a\n#EXTM3U\n#EXTINF:1,\n${url}/a.ts\n`,
    "a playlist behind a JPEG's first bytes": Buffer.concat([
      Buffer.from([0xff, 0xd8, 0xff]),
      Buffer.from(`#EXTM3U\n#EXTINF:1,\n${url}/a.ts\n`),
    ]),
    "a playlist behind a WAV's first bytes": `RIFF\0\0\0\0WAVE#EXTM3U\n#EXTINF:1,\n${url}/a.ts\n`,
    "a playlist behind an MP3 tag": `ID3\x03\0\0\0\0\0\0#EXTM3U\n#EXTINF:1,\n${url}/a.ts\n`,
    "a video": make("-f", "lavfi", "-i", "testsrc=d=0.2", "-c:v", "mpeg4", "-f", "matroska"),
    "an animation": make("-f", "lavfi", "-i", "testsrc=d=0.2", "-f", "gif"),
    "a video in Ogg": make("-f", "lavfi", "-i", "testsrc=d=0.2:s=64x64", "-c:v", "libvpx", "-f", "ogg"),
  });

  it("is refused, and nothing it names is opened, on the network or on the disk", async () => {
    const sibling = await keep("secret", secret);
    const url = `http://127.0.0.1:${(canary.address() as AddressInfo).port}`;
    for (const [name, content] of Object.entries(disguises(url, sibling))) {
      for (const open of [picture, voice])
        await expect(open(content), `${name} as a ${open.name}`).rejects.toBeInstanceOf(Poison);
    }
    expect(hits).toBe(0);
  });
});

/** A PNG of one grey channel with rows of the given compressed bytes. */
function writePng(width: number, height: number, rows: Buffer): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 0, 0, 0, 0], 8);
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  return Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", rows), chunk("IEND", Buffer.alloc(0))]);
}
