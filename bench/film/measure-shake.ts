import { windowAt } from "../../render-worker/media/camera/plan.ts";
import type { Layer, Shot } from "../../render-worker/media/camera/shot.ts";

/** Dots on a test plate: round, soft, this far apart. */
const spacing = 160;
const softness = 6;
const reach = 20;
/**
 * Light below this is ignored: with values rounded to whole levels, a dot's faint rim would add 0.02 px of
 * noise.
 */
const floor = 40;

/** Luma of a plate with bright dots on a dark ground, whose centres are known to a millionth. */
export function drawDots(width: number, height: number): Buffer {
  const plate = Buffer.alloc((width * height * 3) / 2, 128);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [dx, dy] = [nearestDot(x) - x, nearestDot(y) - y];
      plate[y * width + x] = Math.round(16 + 219 * Math.exp(-(dx * dx + dy * dy) / (2 * softness ** 2)));
    }
  return plate;
}

const nearestDot = (value: number) => (Math.floor(value / spacing) + 0.5) * spacing;

/**
 * How much the picture shakes: the root mean square, over all dots, of the difference between a dot's
 * movement from frame to frame and the correct movement, in output pixels. `frames` are luma planes of `shot`
 * over a plate of `drawDots`.
 */
export async function measureShake(
  frames: AsyncIterable<Uint8Array>,
  { filmSize, layer }: Pick<Shot, "filmSize"> & { layer: Layer },
): Promise<number> {
  let [squares, count, frameIndex] = [0, 0, 0];
  let before = new Map<string, [number, number]>();
  for await (const luma of frames) {
    const seen = windowAt(layer.move, layer.startFrame + frameIndex++);
    const step = seen.width / filmSize.width;
    const errors = new Map<string, [number, number]>();
    for (let row = spacing / 2; row < layer.plate.height; row += spacing)
      for (let column = spacing / 2; column < layer.plate.width; column += spacing) {
        const [x, y] = [column, row].map(
          (at, axis) => (at + 0.5 - (axis ? seen.y : seen.x)) / step - 0.5,
        ) as [number, number];
        if (
          x < 2 * reach ||
          y < 2 * reach ||
          x > filmSize.width - 2 * reach ||
          y > filmSize.height - 2 * reach
        )
          continue;
        const [foundX, foundY] = findCentre(luma, filmSize.width, x, y);
        errors.set(`${row},${column}`, [foundX - x, foundY - y]);
      }
    for (const [dot, error] of errors) {
      const earlier = before.get(dot);
      if (!earlier) continue;
      squares += (error[0] - earlier[0]) ** 2 + (error[1] - earlier[1]) ** 2;
      count++;
    }
    before = errors;
  }
  if (count === 0) throw new Error("no dot was seen twice");
  return Math.sqrt(squares / count);
}

function findCentre(luma: Uint8Array, width: number, aroundX: number, aroundY: number): [number, number] {
  const [left, top] = [Math.round(aroundX) - reach, Math.round(aroundY) - reach];
  let [sum, sumX, sumY] = [0, 0, 0];
  for (let y = top; y <= top + 2 * reach; y++)
    for (let x = left; x <= left + 2 * reach; x++) {
      const light = Math.max(0, (luma[y * width + x] ?? 0) - floor);
      sum += light;
      sumX += light * x;
      sumY += light * y;
    }
  return [sumX / sum, sumY / sum];
}
