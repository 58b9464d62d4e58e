/**
 * Banding of dark gradients: for each way of encoding, the share of flat blocks of 8x8 samples of luma
 * (before and after the encoder), the size, the time of the encoder and the similarity.
 *
 * `npm run bench -- gradients`
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import sharp from "sharp";
import { drawShot } from "../render-worker/media/camera/draw-shot.ts";
import { loadKernel } from "../render-worker/media/camera/load-kernel.ts";
import { decodePicture } from "../render-worker/media/decode-picture.ts";
import { buildEncoderArgs, buildShot, rawFrames } from "../render-worker/media/encode-segment.ts";
import { renderPicture } from "../simulators/openai/pictures/draw-picture.ts";
import { seeded } from "../tests/seeded.ts";

const size = { width: 1280, height: 720 };
const frames = 48;
const { signal } = new AbortController();
const runTool = promisify(execFile);

const night = { take: 0, width: 1536, height: 1024, format: "png", compression: 0 } as const;
const pictures: Record<string, () => Promise<Buffer>> = {
  "dark gradient": () => paintGradient(0),
  "dark gradient with grain": () => paintGradient(1.2),
  "painted night": () => renderPicture({ prompt: "A lake at night under stars, moonlight", ...night }),
};
/** What is added to the encoder's x264 options. */
const ways: Record<string, string> = {
  "as it is": "",
  "aq-mode 3": ":aq-mode=3",
  "aq-mode 3, strength 1.4": ":aq-mode=3:aq-strength=1.4",
  "dead zones 4": ":deadzone-inter=4:deadzone-intra=4",
  "aq-mode 3, dead zones 4": ":aq-mode=3:deadzone-inter=4:deadzone-intra=4",
};

/** Prints the table. */
export async function run(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "dreamreel-gradients-"));
  console.log(
    "| picture | way | flat before | flat after | size | encoder's CPU, s | SSIM |\n|---|---|---:|---:|---:|---:|---:|",
  );
  try {
    for (const [name, paint] of Object.entries(pictures)) {
      const raw = await drawFrames(await paint(), folder);
      const before = flatShare(await readFile(raw));
      for (const [way, added] of Object.entries(ways)) {
        const encoded = await encode(raw, added, folder);
        const after = flatShare(encoded.decoded);
        console.log(
          `| ${name} | ${way} | ${percent(before)} | ${percent(after)} | ${(encoded.bytes / 1024).toFixed(0)} KiB | ${encoded.cpuSeconds.toFixed(2)} | ${encoded.ssim.toFixed(4)} |`,
        );
      }
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** A dark blue sky, from almost black to a twelfth of white, with grain of so many levels. */
function paintGradient(grain: number): Promise<Buffer> {
  const [width, height] = [1536, 1024];
  const random = seeded(7);
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const light = (y / height) ** 1.5 * 26 + 4 * (x / width);
      const noise = grain * (random() + random() + random() - 1.5) * 2;
      // Rounded with a random part, as good painters do: the picture itself has no bands.
      const at = (y * width + x) * 3;
      for (const [channel, factor] of [0.7, 0.8, 1.3].entries())
        pixels[at + channel] = Math.max(0, Math.floor(light * factor + noise + random()));
    }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

async function drawFrames(picture: Buffer, folder: string): Promise<string> {
  await writeFile(join(folder, "picture.png"), picture);
  const [plate] = await decodePicture(
    join(folder, "picture.png"),
    [{ filmSize: size, to: join(folder, "plate") }],
    signal,
  );
  const kernel = loadKernel();
  if (!plate || !kernel) throw new Error("the bench wants WebAssembly SIMD");
  const to = join(folder, "frames.yuv");
  const shot = buildShot({ filmSize: size, scene: 0, plate, frames, closing: false, to });
  const drawing = drawShot(kernel, shot);
  const chunks: Buffer[] = [];
  for await (const chunk of drawing.frames) chunks.push(Buffer.from(chunk as Buffer));
  await drawing.end();
  await writeFile(to, Buffer.concat(chunks));
  return to;
}

async function encode(raw: string, added: string, folder: string) {
  const to = join(folder, "encoded.mp4");
  const args = buildEncoderArgs({ captions: undefined, frames, quality: "film" });
  const at = args.indexOf("-x264-params") + 1;
  args[at] += added;
  const options = ["-hide_banner", "-nostdin", "-benchmark", "-y"];
  const { stderr } = await runTool("ffmpeg", [...options, ...rawFrames(size), "-i", raw, ...args, to]);
  const cpuSeconds = Number(/utime=([\d.]+)s/.exec(stderr)?.[1]);
  const compare = ["-hide_banner", "-nostdin", "-i", to, ...rawFrames(size), "-i", raw];
  const compared = await runTool("ffmpeg", [
    ...compare,
    "-lavfi",
    "[0:v]format=yuv420p[a];[1:v]format=yuv420p[b];[a][b]ssim",
    "-f",
    "null",
    "-",
  ]);
  const ssim = Number(/Y:([\d.]+)/.exec(compared.stderr)?.[1]);
  const { stdout } = await runTool(
    "ffmpeg",
    ["-v", "error", "-i", to, "-pix_fmt", "yuv420p", "-f", "rawvideo", "-"],
    {
      encoding: "buffer",
      maxBuffer: 1 << 28,
    },
  );
  return { bytes: (await stat(to)).size, cpuSeconds, ssim, decoded: stdout };
}

const block = 8;

/** The part of the blocks of luma of the middle frame in which all samples are the same. */
function flatShare(planes: Buffer): number {
  const start = (frames / 2) * ((size.width * size.height * 3) / 2);
  let flat = 0;
  for (let top = 0; top < size.height; top += block)
    for (let left = 0; left < size.width; left += block) {
      const first = planes[start + top * size.width + left];
      let isFlat = true;
      for (let y = 0; y < block && isFlat; y++)
        for (let x = 0; x < block && isFlat; x++)
          isFlat = planes[start + (top + y) * size.width + left + x] === first;
      if (isFlat) flat++;
    }
  return flat / ((size.width / block) * (size.height / block));
}
