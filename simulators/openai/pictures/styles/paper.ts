import { fbm, grain } from "../easel/noise.ts";

const size = 512;
const sheet = new Float32Array(size * size);
for (let y = 0; y < size; y++) {
  for (let x = 0; x < size; x++) {
    // Whole numbers of the noise's own periods, so that the sheet has no seams.
    const pulp = (fbm((x / size) * 3, (y / size) * 3) - 0.5) * 0.11;
    const fibres = (fbm((x / size) * 2 + (y / size) * 1, y / size) - 0.5) * 0.05;
    sheet[y * size + x] = pulp + fibres + grain(x, y) * 0.012;
  }
}

/** The paper's texture at a pixel: a few percent around 0. */
export const tooth = (x: number, y: number): number => sheet[((y & 511) << 9) | (x & 511)] as number;
