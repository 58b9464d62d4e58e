import sharp from "sharp";
import { seeded } from "../../tests/seeded.ts";

export const pictureSize = { width: 1536, height: 1024 };

/**
 * Paints a test picture. "photograph": the dead-leaves model, which has the statistics of photographs:
 * textured discs that overlap, with sizes by a power law, slightly blurred, with grain. "drawing": a few flat
 * shapes. The same seed paints the same picture.
 */
export async function paintPicture(kind: "photograph" | "drawing", seed: number, to: string): Promise<void> {
  const { width, height } = pictureSize;
  const random = seeded(seed);
  const pixels = kind === "photograph" ? paintDeadLeaves(random) : paintShapes(random);
  await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 6 })
    .toFile(to);
}

const [smallestRadius, largestRadius] = [6, 400];

function paintDeadLeaves(random: () => number): Buffer {
  const { width, height } = pictureSize;
  const leaves = new Float32Array(width * height * 3);
  const covered = new Uint8Array(width * height);
  // From front to back: each disc fills only pixels that are still empty.
  for (let disc = 0; disc < 30_000; disc++) {
    const radius = largestRadius / Math.sqrt(1 + random() * (largestRadius / smallestRadius) ** 2);
    const [cx, cy] = [random() * width, random() * height];
    const light = random() * 200;
    const colour = [0, 1, 2].map(() => light + (random() - 0.5) * 90);
    const [angle, wave, depth] = [random() * Math.PI, 0.05 + random() * 0.6, random() * 35];
    const [kx, ky] = [Math.cos(angle) * wave, Math.sin(angle) * wave];
    const [top, bottom] = [Math.max(0, Math.ceil(cy - radius)), Math.min(height - 1, cy + radius)];
    for (let y = top; y <= bottom; y++) {
      const half = Math.sqrt(radius * radius - (y - cy) ** 2);
      for (let x = Math.max(0, Math.ceil(cx - half)); x <= Math.min(width - 1, cx + half); x++) {
        const at = y * width + x;
        if (covered[at]) continue;
        covered[at] = 1;
        const shade = depth * Math.sin(kx * x + ky * y) + 0.04 * (y - height / 2) + 15;
        for (let c = 0; c < 3; c++) leaves[at * 3 + c] = (colour[c] as number) + shade;
      }
    }
  }
  blur(leaves);
  for (let at = 0; at < leaves.length; at += 3) {
    const grain = (random() + random() + random() - 1.5) * 5;
    for (let c = 0; c < 3; c++) leaves[at + c] = (leaves[at + c] ?? 0) + grain;
  }
  return Buffer.from(Uint8ClampedArray.from(leaves).buffer);
}

/** The blur of a sharp lens: weights 1 2 1 along rows and columns. */
function blur(leaves: Float32Array): void {
  const rowLength = pictureSize.width * 3;
  for (const step of [3, rowLength]) {
    const sharpLeaves = leaves.slice();
    for (let i = step; i < leaves.length - step; i++)
      leaves[i] =
        ((sharpLeaves[i - step] ?? 0) + 2 * (sharpLeaves[i] ?? 0) + (sharpLeaves[i + step] ?? 0)) / 4;
  }
}

function paintShapes(random: () => number): Buffer {
  const { width, height } = pictureSize;
  const pixels = Buffer.alloc(width * height * 3);
  const sky = [random() * 120, random() * 120, 120 + random() * 120] as const;
  for (let at = 0; at < width * height; at++)
    for (let c = 0; c < 3; c++) pixels[at * 3 + c] = (sky[c] as number) + (40 * at) / (width * height);
  for (let shape = 0; shape < 40; shape++) {
    const radius = 20 + random() * 180;
    const [cx, cy, squash] = [random() * width, random() * height, 0.3 + random()];
    const colour = [random() * 255, random() * 255, random() * 255] as const;
    for (
      let y = Math.max(0, Math.ceil(cy - radius * squash));
      y < Math.min(height, cy + radius * squash);
      y++
    ) {
      const half = Math.sqrt(Math.max(0, radius * radius - ((y - cy) / squash) ** 2));
      for (let x = Math.max(0, Math.ceil(cx - half)); x < Math.min(width, cx + half); x++)
        for (let c = 0; c < 3; c++) pixels[(y * width + x) * 3 + c] = colour[c] as number;
    }
  }
  return pixels;
}
