/**
 * What a look adds to a film: each effect alone, beside the camera alone, over the same four painted pictures
 * at 1920x1080. CPU of the whole encoding, of drawing alone, and the size.
 *
 * `npm run bench -- looks`
 */
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { filmSizes } from "../contract/film.ts";
import { type Look, looks, plainLook } from "../render-worker/media/camera/looks.ts";
import type { Plate } from "../render-worker/media/camera/shot.ts";
import { decodePicture } from "../render-worker/media/decode-picture.ts";
import { renderPicture } from "../simulators/openai/pictures/draw-picture.ts";
import { measure } from "./film/measure.ts";
import type { LookJob, LookReport } from "./film/run-look.ts";

const prompts = [
  "A whale over a lake at night under stars, moonlight. Dreamlike style",
  "The dreamer flying over a wide meadow with flowers by day, sun. Dreamlike style",
  "A deer standing in a hall with mirrors and stairs at dusk. Dreamlike style",
  "A wolf in a deep forest at dawn. Dreamlike style",
];
const ways: Record<string, Look> = {
  "camera alone": plainLook,
  "parallax, 16 px": { ...plainLook, parallax: 16 },
  "wave, 2.5 px": { ...plainLook, wave: 2.5 },
  "60 lights": { ...plainLook, lights: 60 },
  "plain fade, 32 frames": { ...plainLook, fadeFrames: 32 },
  "luma dissolve, 32 frames": { ...plainLook, fadeFrames: 32, dissolve: "luma" },
  dreamlike: looks.dreamlike,
};

/**
 * Prints the table. Each effect runs beside the camera alone, so that a machine that others use slows both.
 */
export async function run(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "dreamreel-looks-"));
  try {
    const plates = await paintPlates(folder);
    console.log(
      "| look | encoding, CPU s | beside the camera alone | drawing, CPU ms a frame | size, MB | beside it |",
    );
    console.log("|---|---:|---:|---:|---:|---:|");
    for (const [name, look] of Object.entries(ways)) {
      const alone = await encode(plainLook);
      const encoded = look === plainLook ? alone : await encode(look);
      const drawn = await runLook("draw", look);
      const row = [
        encoded.cpuSeconds.toFixed(2),
        (encoded.cpuSeconds / alone.cpuSeconds).toFixed(2),
        ((1000 * drawn.report.cpuSeconds) / drawn.report.frames).toFixed(2),
        (encoded.bytes / 1e6).toFixed(2),
        (encoded.bytes / alone.bytes).toFixed(2),
      ];
      console.log(`| ${[name, ...row].join(" | ")} |`);
    }
    console.log(`load average ${loadavg()[0]?.toFixed(1)}`);

    async function encode(look: Look) {
      const { cpuSeconds, report } = await runLook("encode", look);
      return { cpuSeconds, bytes: await sizeOf(report.files) };
    }

    async function runLook(work: LookJob["work"], look: Look) {
      const script = new URL("./film/run-look.ts", import.meta.url).pathname;
      const job: LookJob = { work, look, plates, folder };
      const cost = await measure(process.execPath, [script, JSON.stringify(job)], folder);
      return { ...cost, report: JSON.parse(cost.stdout.trim().split("\n").at(-1) ?? "") as LookReport };
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function paintPlates(folder: string): Promise<Plate[]> {
  const plates: Plate[] = [];
  for (const [index, prompt] of prompts.entries()) {
    const picture = join(folder, `picture-${index}.png`);
    const size = { width: 1536, height: 864 };
    await writeFile(
      picture,
      await renderPicture({ prompt, take: 0, ...size, format: "png", compression: 0 }),
    );
    const to = join(folder, `plate-${index}`);
    const [plate] = await decodePicture(
      picture,
      [{ filmSize: filmSizes["16:9"], to }],
      new AbortController().signal,
    );
    plates.push(plate as Plate);
  }
  return plates;
}

async function sizeOf(files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
