import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cutAdts } from "./adts.ts";
import { aacFramesPerGridStep } from "./grid.ts";
import { type FilmPart, joinFilm } from "./join-film.ts";
import { readPictures } from "./mp4/read-pictures.ts";

const run = promisify(execFile);
const { signal } = new AbortController();
let folder = "";
let parts: FilmPart[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "join-"));
  // The second has another sequence parameter set, as a scene that a newer encoder made may have.
  parts = [
    await makePart(0, 48, "-refs 1"),
    await makePart(1, 32, "-refs 2"),
    await makePart(2, 16, "-refs 1"),
  ];
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

async function makePart(index: number, frames: number, options: string): Promise<FilmPart> {
  const [pictures, sound] = [join(folder, `${index}.mp4`), join(folder, `${index}.aac`)];
  const encoder = `-c:v libx264 -profile:v high -pix_fmt yuv420p -bf 3 ${options} -g 16 -threads 1`;
  const mp4 = "-video_track_timescale 15360 -movie_timescale 15360 -f mp4";
  const source = ["-f", "lavfi", "-i", `testsrc2=size=64x36:rate=30,hue=h=${index * 90}`];
  await run("ffmpeg", [
    "-v",
    "error",
    ...source,
    ...`-frames:v ${frames} ${encoder} ${mp4}`.split(" "),
    pictures,
  ]);
  const tone = ["-f", "lavfi", "-i", `sine=${300 + index * 100}:r=48000:d=5`];
  await run("ffmpeg", ["-v", "error", ...tone, ..."-ac 2 -c:a aac -f adts".split(" "), sound]);
  await writeFile(sound, cutAdts(await readFile(sound), 4, (frames / 16) * aacFramesPerGridStep));
  return { pictures, sound, frames, title: `Scene ${index}` };
}

const film = (to: string) => ({ title: "A film", language: "de-CH", to: join(folder, to) });

/** Every packet's time, length, flags and hash. */
async function packetsOf(file: string, stream: string, options: string[] = []): Promise<string[]> {
  const fields = "packet=pts_time,dts_time,duration_time,size,flags,data_hash";
  const args = [
    "-v",
    "error",
    "-select_streams",
    stream,
    "-show_data_hash",
    "sha256",
    "-show_entries",
    fields,
  ];
  const { stdout } = await run("ffprobe", [...args, "-of", "csv=p=0", ...options, file]);
  return stdout.trim().split("\n");
}

describe("a joined film", () => {
  it("has every packet of its scenes at the time at which ffmpeg's own join has it", async () => {
    const same = parts.filter((_, i) => i !== 1);
    await joinFilm(same, film("film.mp4"), signal);
    const list = join(folder, "list");
    const entries = same.map(({ pictures, frames }) => `file ${pictures}\nduration ${frames / 30}\n`);
    await writeFile(list, `ffconcat version 1.0\n${entries.join("")}`);
    const sound = await Promise.all(same.map((part) => readFile(part.sound)));
    await writeFile(`${list}.aac`, Buffer.concat(sound));
    const inputs = [
      "-f",
      "concat",
      "-auto_convert",
      "0",
      "-safe",
      "0",
      "-i",
      list,
      "-f",
      "aac",
      "-i",
      `${list}.aac`,
    ];
    const copy = "-map 0:v -map 1:a -c copy -bsf:a aac_adtstoasc -video_track_timescale 15360".split(" ");
    await run("ffmpeg", ["-v", "error", ...inputs, ...copy, join(folder, "reference.mp4")]);
    for (const stream of ["v", "a"]) {
      const packets = await packetsOf(join(folder, "film.mp4"), stream);
      expect(packets).toHaveLength(stream === "v" ? 64 : 100);
      expect(packets).toEqual(await packetsOf(join(folder, "reference.mp4"), stream));
    }
  });

  it("decodes scenes whose encoders had other parameters, each frame as in its own segment", async () => {
    const entries = await Promise.all(
      parts.map(async ({ pictures }) => readPictures(await readFile(pictures)).sampleEntry),
    );
    expect(entries[1]?.equals(entries[0] as Buffer)).toBe(false);
    await joinFilm(parts, film("mixed.mp4"), signal);
    const decoded = await framesOf(join(folder, "mixed.mp4"));
    const own = await Promise.all(parts.map(({ pictures }) => framesOf(pictures)));
    expect(decoded).toEqual(own.flat());
  });

  it.each([
    ["is cut", (file: Buffer) => file.subarray(0, -100)],
    ["is missing", () => Buffer.alloc(0)],
  ])("is not written when a scene's file %s", async (_, damage) => {
    const [first, ...rest] = parts as [FilmPart, ...FilmPart[]];
    for (const kind of ["pictures", "sound"] as const) {
      const file = join(folder, "damaged");
      await writeFile(file, damage(await readFile(first[kind])));
      await expect(joinFilm([{ ...first, [kind]: file }, ...rest], film("no.mp4"), signal)).rejects.toThrow();
      await expect(readFile(join(folder, "no.mp4"))).rejects.toThrow("ENOENT");
    }
  });

  it("is handed back when the disk is full, and not failed", async () => {
    const to = { ...film("-"), to: "/dev/full" };
    await expect(joinFilm(parts, to, signal)).rejects.toMatchObject({ code: "ffmpeg.no_resources" });
  });

  it("begins nothing after its job was stopped", async () => {
    const stopped = AbortSignal.abort(new Error("stopped"));
    await expect(joinFilm(parts, film("no.mp4"), stopped)).rejects.toThrow("stopped");
  });
});

/** A hash of each decoded frame. */
async function framesOf(file: string): Promise<string[]> {
  const { stdout } = await run("ffmpeg", ["-v", "error", "-i", file, "-map", "0:v", "-f", "framehash", "-"]);
  return stdout
    .split("\n")
    .filter((line) => line && !line.startsWith("#"))
    .map((line) => line.split(",").at(-1) ?? "");
}
