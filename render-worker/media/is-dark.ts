import { open } from "node:fs/promises";
import type { Plate } from "./camera/shot.ts";

/** The mean luma, of 16 to 235, below which a picture is dark: a night, a cellar, a starless sky. */
const darkBelow = 56;
const everySample = 61;

/**
 * Whether a picture is dark. The encoder spends too few bits on the faint gradients of such a picture, which
 * then show as bands.
 */
export async function isDark({ file, width, height }: Plate): Promise<boolean> {
  const luma = Buffer.alloc(width * height);
  const plate = await open(file, "r");
  try {
    await plate.read(luma, 0, luma.length, 0);
  } finally {
    await plate.close();
  }
  return isDarkLuma(luma);
}

/** The same for the plate's luma. */
export function isDarkLuma(luma: Uint8Array): boolean {
  let sum = 0;
  for (let at = 0; at < luma.length; at += everySample) sum += luma[at] as number;
  return sum / Math.ceil(luma.length / everySample) < darkBelow;
}
