import type { FocusBox } from "../../../contract/storyboard.ts";
import type { Thumbnail } from "./thumbnail.ts";

/**
 * A step of colour between neighbours up to this, of 255, is a soft gradient: sky, glow, fog. Only what steps
 * exceed it counts as an outline.
 */
const softStep = 10;
/**
 * Half the sides of the squares whose mean colours are compared, in pixels: a thing and what is around it.
 */
const surroundings = [
  [1, 6],
  [2, 12],
  [4, 24],
] as const;
/** How much less the corners of a picture weigh than its middle. */
const cornerLoss = 0.6;
/** How fast the weight falls with the distance from the box that the storyboard names. */
const hintLoss = 2.5;
const leastWeight = 0.1;

/**
 * How much each pixel attracts the eye, from 0: it is enclosed by outlines that separate it from the
 * picture's border, it differs from its surroundings, and it lies among sharp edges. A glow in the sky has
 * none of the edges. Pixels near `hint`, or without one near the middle, weigh more.
 */
export function rateSalience(thumbnail: Thumbnail, hint: FocusBox | null): Float64Array {
  const { width, height } = thumbnail;
  const channels = opponentColours(thumbnail);
  const enclosed = normalise(encloseByOutlines(channels, width, height));
  const distinct = normalise(differFromSurroundings(channels, width, height));
  const edges = normalise(blur(findEdges(channels, width, height), width, height, 3));
  const weight = hint ? nearBox(hint) : nearMiddle;
  return enclosed.map((value, at) => {
    const [x, y] = [((at % width) + 0.5) / width, (Math.floor(at / width) + 0.5) / height];
    return (
      0.5 * (value + (distinct[at] as number)) * (edges[at] as number) * Math.max(leastWeight, weight(x, y))
    );
  });
}

const nearMiddle = (x: number, y: number) =>
  1 - cornerLoss * 2 * ((x - 0.5) * (x - 0.5) + (y - 0.52) * (y - 0.52));

const nearBox =
  ({ x, y, w, h }: FocusBox) =>
  (px: number, py: number) =>
    1 - hintLoss * Math.max(x - px, px - x - w, y - py, py - y - h, 0);

/** Lightness, red against green, and yellow against blue. */
function opponentColours({ rgb, width, height }: Thumbnail): Float64Array[] {
  const channels = [0, 1, 2].map(() => new Float64Array(width * height));
  const [light, red, yellow] = channels as [Float64Array, Float64Array, Float64Array];
  for (let at = 0; at < light.length; at++) {
    const [r, g, b] = [rgb[at * 3] as number, rgb[at * 3 + 1] as number, rgb[at * 3 + 2] as number];
    light[at] = (r + g + b) / 3;
    red[at] = r - g;
    yellow[at] = (r + g) / 2 - b;
  }
  return channels;
}

/**
 * The cheapest way from the border to each pixel, where each step costs the part of its colour difference
 * that is above `softStep` (geodesic distance). Four passes in both directions are enough for a thumbnail.
 */
function encloseByOutlines(channels: readonly Float64Array[], width: number, height: number): Float64Array {
  const [light, red, yellow] = channels as [Float64Array, Float64Array, Float64Array];
  const cost = new Float64Array(width * height);
  for (let y = 1; y < height - 1; y++) cost.fill(1e9, y * width + 1, (y + 1) * width - 1);
  const relax = (at: number, from: number) => {
    const a = (light[at] as number) - (light[from] as number);
    const b = (red[at] as number) - (red[from] as number);
    const c = (yellow[at] as number) - (yellow[from] as number);
    const step = Math.sqrt(a * a + 0.5 * (b * b + c * c)) - softStep;
    const through = (cost[from] as number) + Math.max(0, step);
    if (through < (cost[at] as number)) cost[at] = through;
  };
  const sweep = (at: number, on: 1 | -1) => {
    relax(at, at + on);
    relax(at, at + on * width);
    relax(at, at + on * (width + 1));
    relax(at, at + on * (width - 1));
  };
  for (let pass = 0; pass < 4; pass++) {
    for (let y = 1; y < height - 1; y++) for (let x = 1; x < width - 1; x++) sweep(y * width + x, -1);
    for (let y = height - 2; y > 0; y--) for (let x = width - 2; x > 0; x--) sweep(y * width + x, 1);
  }
  return cost;
}

function differFromSurroundings(
  channels: readonly Float64Array[],
  width: number,
  height: number,
): Float64Array {
  const total = new Float64Array(width * height);
  for (const [inner, outer] of surroundings) {
    const squares = new Float64Array(width * height);
    for (const channel of channels) {
      const [near, around] = [blur(channel, width, height, inner), blur(channel, width, height, outer)];
      for (let at = 0; at < squares.length; at++) {
        const difference = (near[at] as number) - (around[at] as number);
        squares[at] = (squares[at] as number) + difference * difference;
      }
    }
    for (let at = 0; at < total.length; at++)
      total[at] = (total[at] as number) + Math.sqrt(squares[at] as number);
  }
  return total;
}

/** Upright edges count double: a standing figure has them, a horizon does not. */
function findEdges(channels: readonly Float64Array[], width: number, height: number): Float64Array {
  const edges = new Float64Array(width * height);
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      let sum = 0;
      for (const channel of channels) {
        const across = (channel[at + 1] as number) - (channel[at - 1] as number);
        const down = (channel[at + width] as number) - (channel[at - width] as number);
        sum += across * across + 0.25 * down * down;
      }
      edges[at] = Math.sqrt(sum);
    }
  return edges;
}

/** The mean over a square of `radius` pixels around each pixel, by a table of sums. */
function blur(values: Float64Array, width: number, height: number, radius: number): Float64Array {
  const stride = width + 1;
  const sums = new Float64Array(stride * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += values[y * width + x] as number;
      sums[(y + 1) * stride + x + 1] = (sums[y * stride + x + 1] as number) + row;
    }
  }
  const means = new Float64Array(values.length);
  for (let y = 0; y < height; y++) {
    const top = Math.max(0, y - radius) * stride;
    const bottom = Math.min(height, y + radius + 1) * stride;
    for (let x = 0; x < width; x++) {
      const left = Math.max(0, x - radius);
      const right = Math.min(width, x + radius + 1);
      const sum =
        (sums[bottom + right] as number) -
        (sums[top + right] as number) -
        (sums[bottom + left] as number) +
        (sums[top + left] as number);
      means[y * width + x] = (sum * stride) / ((bottom - top) * (right - left));
    }
  }
  return means;
}

/** Divided by what 99 % of the values do not exceed, at most 1. All 0 if nearly all values are. */
function normalise(values: Float64Array): Float64Array {
  const top = values.toSorted()[Math.floor(values.length * 0.99)] as number;
  return top > 0 ? values.map((value) => Math.min(1, value / top)) : values.fill(0);
}
