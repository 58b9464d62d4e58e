import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drawDots, measureShake } from "../../../bench/film/measure-shake.ts";
import { filmSizes } from "../../../contract/film.ts";
import { seeded } from "../../../tests/seeded.ts";
import { blackFrames, fadeFrames } from "../grid.ts";
import { drawShot } from "./draw-shot.ts";
import { planeSizes } from "./layout.ts";
import { loadKernel } from "./load-kernel.ts";
import { type Look, looks, plainLook } from "./looks.ts";
import { planCamera, plateSize, type Size, type Window, windowAt } from "./plan.ts";
import { shiftsAt } from "./row-shifts.ts";
import type { Layer, Plate, Shot } from "./shot.ts";

const kernel = loadKernel() as WebAssembly.Module;
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "camera-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A shot whose look is the plain one unless it names one. */
type Plain<S extends Shot> = Omit<S, "look"> & { look?: Look };

/** All frames of a shot, copied. */
async function drawAll(shot: Plain<Shot>): Promise<Buffer[]> {
  const drawing = drawShot(kernel, { look: plainLook, ...shot });
  const frames: Buffer[] = [];
  for await (const frame of drawing.frames) frames.push(Buffer.from(frame as Buffer));
  await drawing.end();
  return frames;
}

async function keepPlate(name: string, size: Size, planes: Buffer): Promise<Plate> {
  const file = join(folder, name);
  await writeFile(file, planes);
  return { file, ...size };
}

/** A plate with the values of `paint`, plane by plane. */
function paintPlate(size: Size, paint: (x: number, y: number, plane: number) => number): Buffer {
  const planes = planeSizes(size).map(({ width, height }, plane) =>
    Buffer.from(
      Array.from({ length: width * height }, (_, at) => paint(at % width, Math.floor(at / width), plane)),
    ),
  );
  return Buffer.concat(planes);
}

/** A texture like a picture's: waves of all sizes and hard edges, within the limited range. */
function texture(seed: number) {
  const random = seeded(seed);
  const waves = Array.from(
    { length: 12 },
    () => [random() * 2, random() * 2, random() * 6, random()] as const,
  );
  return (x: number, y: number, plane: number) => {
    const sum = waves.reduce(
      (all, [kx, ky, at, high]) => all + high * Math.sin(kx * x + ky * y + at + plane),
      0,
    );
    const edge = (x >> 4) % 3 === (y >> 5) % 3 ? 50 : -20;
    return Math.max(16, Math.min(235, Math.round(120 + 9 * sum + edge)));
  };
}

/** The frame that a resampler in double precision makes of the window, plane by plane. */
function drawExactly(
  plate: Buffer,
  size: Size,
  seen: Window,
  filmSize: Size,
  shift: (row: number) => number = () => 0,
): Float64Array {
  const [stepX, stepY] = [seen.width / filmSize.width, seen.height / filmSize.height];
  const left = seen.x + stepX / 2 - 0.5;
  const planes = planeSizes(filmSize);
  const frame = new Float64Array(planes.reduce((sum, { width, height }) => sum + width * height, 0));
  let [from, to] = [0, 0];
  for (const [plane, { width, height }] of planes.entries()) {
    const { width: stride, height: rows } = planeSizes(size)[plane] as Size;
    // The kernel shifts rows by whole sixteenths of a sample.
    const columnTaps = Array.from({ length: rows }, (_, row) => {
      const lumaShift = (at: number) => Math.round(16 * seen.width * shift((at + 0.5) / size.height));
      const chromaShift = Math.floor((lumaShift(2 * row) + lumaShift(2 * row + 1)) / 4);
      const samples = (plane === 0 ? lumaShift(row) : chromaShift) / 16;
      return tapsOf(width, stride, (x) => (plane === 0 ? left : left / 2) + samples + x * stepX);
    });
    const rowTaps = tapsOf(height, rows, (y) =>
      plane === 0 ? seen.y + (y + 0.5) * stepY - 0.5 : seen.y / 2 + (y + 0.5) * stepY - 0.5,
    );
    for (const row of rowTaps)
      for (let x = 0; x < width; x++) {
        let sum = 0;
        for (let j = 0; j < 4; j++) {
          const column = columnTaps[row.at[j] as number]?.[x] as ReturnType<typeof tapsOf>[number];
          for (let i = 0; i < 4; i++)
            sum +=
              (row.weights[j] as number) *
              (column.weights[i] as number) *
              (plate[from + (row.at[j] as number) * stride + (column.at[i] as number)] as number);
        }
        frame[to++] = Math.max(0, Math.min(255, sum));
      }
    from += stride * rows;
  }
  return frame;
}

/** For each of `count` places the four samples next to it, held within `limit`, and their cubic weights. */
function tapsOf(count: number, limit: number, place: (index: number) => number) {
  return Array.from({ length: count }, (_, index) => {
    const whole = Math.floor(place(index));
    const t = place(index) - whole;
    const weights = [
      -0.5 * t + t ** 2 - 0.5 * t ** 3,
      1 - 2.5 * t ** 2 + 1.5 * t ** 3,
      0.5 * t + 2 * t ** 2 - 1.5 * t ** 3,
      -0.5 * t ** 2 + 0.5 * t ** 3,
    ];
    return { weights, at: weights.map((_, i) => Math.max(0, Math.min(limit - 1, whole - 1 + i))) };
  });
}

function errorsOf(frame: Buffer, exact: Float64Array) {
  let [worst, squares] = [0, 0];
  for (let i = 0; i < exact.length; i++) {
    const error = Math.abs((frame[i] as number) - (exact[i] as number));
    worst = Math.max(worst, error);
    squares += error ** 2;
  }
  return { worst, rms: Math.sqrt(squares / exact.length) };
}

describe("the kernel", () => {
  it.each([
    ["640x360", { width: 640, height: 360 }],
    ["360x640, whose rows are no multiple of 16", { width: 360, height: 640 }],
  ])("draws within two levels of a resampler in double precision, at %s", async (_, filmSize) => {
    const { plate: size } = plateSize({ width: 1536, height: 1024 }, filmSize);
    const planes = paintPlate(size, texture(7));
    const plate = await keepPlate("texture.yuv", size, planes);
    for (const scene of [0, 3]) {
      const layer = { plate, move: planCamera({ scene }, size, filmSize, 48), startFrame: 0, scene: 0 };
      const frames = await drawAll({ filmSize, frames: 48, layer, closing: false });
      expect(frames.length).toBe(48);
      for (const index of [0, 23, 47]) {
        const seen = windowAt(layer.move, index);
        const { worst, rms } = errorsOf(frames[index] as Buffer, drawExactly(planes, size, seen, filmSize));
        // Half a level is the rounding to whole levels.
        expect(worst).toBeLessThanOrEqual(2.5);
        expect(rms).toBeLessThan(0.5);
      }
    }
  });

  it("shifts the rows of the picture as the look says, as exactly", async () => {
    const filmSize = { width: 360, height: 640 };
    const look = { ...plainLook, parallax: 16, wave: 2.5 };
    const { plate: size } = plateSize({ width: 1024, height: 1536 }, filmSize);
    const planes = paintPlate(size, texture(11));
    const plate = await keepPlate("shifted.yuv", size, planes);
    const camera = { move: "pan", pace: "quick" } as const;
    const move = planCamera({ scene: 1, camera }, size, filmSize, 48, look);
    const layer = { plate, move, startFrame: 0, scene: 1 };
    const frames = await drawAll({ filmSize, look, frames: 48, layer, closing: false });
    for (const index of [0, 47]) {
      const exact = drawExactly(planes, size, windowAt(move, index), filmSize, shiftsAt(move, index, look));
      const { worst, rms } = errorsOf(frames[index] as Buffer, exact);
      expect(worst).toBeLessThanOrEqual(2.5);
      expect(rms).toBeLessThan(0.5);
    }
  });

  it("keeps an even colour even, from black to white", async () => {
    const filmSize = { width: 640, height: 360 };
    const { plate: size } = plateSize({ width: 640, height: 480 }, filmSize);
    for (const value of [0, 1, 16, 127, 128, 235, 254, 255]) {
      const plate = await keepPlate(
        "even.yuv",
        size,
        paintPlate(size, () => value),
      );
      const layer = { plate, move: planCamera({ scene: 1 }, size, filmSize, 16), startFrame: 0, scene: 0 };
      for (const frame of await drawAll({ filmSize, frames: 2, layer, closing: false }))
        expect(frame.every((byte) => byte === value)).toBe(true);
    }
  });

  it.each(Object.entries(filmSizes))("moves the camera without shaking, in %s", async (_, filmSize) => {
    const { plate: size } = plateSize({ width: 1536, height: 1024 }, filmSize);
    const plate = await keepPlate("dots.yuv", size, drawDots(size.width, size.height));
    for (const scene of [0, 1]) {
      const layer: Layer = {
        plate,
        move: planCamera({ scene }, size, filmSize, 160),
        startFrame: 0,
        scene: 0,
      };
      const drawing = drawShot(kernel, { filmSize, look: plainLook, frames: 24, layer, closing: false });
      expect(await measureShake(drawing.frames, { filmSize, layer })).toBeLessThan(0.01);
      await drawing.end();
    }
  });
});

it("sees a picture shake that is off by a pixel in every other frame", async () => {
  const filmSize = filmSizes["1:1"];
  const { plate: size } = plateSize({ width: 1024, height: 1024 }, filmSize);
  const plate = await keepPlate("dots.yuv", size, drawDots(size.width, size.height));
  const layer: Layer = {
    plate,
    move: planCamera({ scene: 0 }, size, filmSize, 160),
    startFrame: 0,
    scene: 0,
  };
  const frames = await drawAll({ filmSize, frames: 6, layer, closing: false });
  async function* shaken() {
    for (const [index, frame] of frames.entries()) yield frame.subarray(index % 2);
  }
  expect(await measureShake(shaken(), { filmSize, layer })).toBeCloseTo(1, 1);
});

describe("a shot", () => {
  const filmSize = { width: 640, height: 360 };
  const { plate: size } = plateSize({ width: 1536, height: 1024 }, filmSize);
  const layerOf = async (name: string, value: number, startFrame = 0): Promise<Layer> => {
    const plate = await keepPlate(
      name,
      size,
      paintPlate(size, (_x, _y, plane) => (plane === 0 ? value : 128)),
    );
    return { plate, move: planCamera({ scene: 0 }, size, filmSize, 64), startFrame, scene: 0 };
  };

  it("fades from the earlier picture to its own over exactly 16 frames", async () => {
    const [layer, earlier] = [await layerOf("own.yuv", 220), await layerOf("earlier.yuv", 40, 64)];
    const frames = await drawAll({ filmSize, frames: 20, layer, earlier, closing: false });
    const lights = frames.map((frame) => frame[0] as number);
    for (let k = 0; k < fadeFrames; k++) expect(lights[k]).toBeCloseTo(40 + (180 * (k + 1)) / 17, -0.5);
    expect(lights.slice(fadeFrames)).toEqual([220, 220, 220, 220]);
  });

  it("shows the bright parts of the new picture first in a luma dissolve of 32 frames", async () => {
    const halves = paintPlate(size, (x, _y, plane) => (plane > 0 ? 128 : x < size.width / 2 ? 40 : 220));
    const plate = await keepPlate("halves.yuv", size, halves);
    const move = planCamera({ scene: 0 }, size, filmSize, 64);
    const layer = { plate, move, startFrame: 0, scene: 1 };
    const earlier = await layerOf("earlier.yuv", 128, 64);
    const look: Look = { ...plainLook, fadeFrames: 32, dissolve: "luma" };
    const frames = await drawAll({ filmSize, look, frames: 34, layer, earlier, closing: false });
    const [dark, bright] = [20, 620].map((x) => frames.map((frame) => frame[x] as number));
    const partOf = (value: number, to: number) => (value - 128) / (to - 128);
    for (let k = 1; k < 34; k++) {
      expect(bright?.[k]).toBeGreaterThanOrEqual(bright?.[k - 1] as number);
      expect(dark?.[k]).toBeLessThanOrEqual(dark?.[k - 1] as number);
      expect(partOf(bright?.[k] as number, 220)).toBeGreaterThanOrEqual(partOf(dark?.[k] as number, 40));
    }
    expect(partOf(bright?.[15] as number, 220)).toBeGreaterThan(0.8);
    expect(partOf(dark?.[15] as number, 40)).toBeLessThan(0.2);
    expect([dark?.[32], bright?.[32]]).toEqual([40, 220]);
  });

  it("has drifting lights in a look that has some, the same ones for the same scene", async () => {
    const layer = await layerOf("dark.yuv", 40);
    const shot = { filmSize, look: { ...plainLook, lights: 60 }, frames: 20, layer, closing: false };
    const [frames, again] = [await drawAll(shot), await drawAll(shot)];
    const luma = (frame: Buffer) => frame.subarray(0, filmSize.width * filmSize.height);
    for (const [index, frame] of frames.entries()) {
      const lit = luma(frame).filter((value) => value > 48).length / luma(frame).length;
      expect(lit).toBeGreaterThan(0.001);
      expect(lit).toBeLessThan(0.03);
      expect(frame.every((value, at) => value >= (at < luma(frame).length ? 40 : 100))).toBe(true);
      expect(frame.equals(again[index] as Buffer)).toBe(true);
    }
    expect(luma(frames[0] as Buffer).equals(luma(frames[19] as Buffer))).toBe(false);
    const other = await drawAll({ ...shot, layer: { ...layer, scene: 1 } });
    expect(other[0]?.equals(frames[0] as Buffer)).toBe(false);
  });

  it("fades to black at the end of the film only, and its last frames are black", async () => {
    const layer = await layerOf("own.yuv", 220);
    const closing = await drawAll({ filmSize, frames: 48, layer, closing: true });
    const lights = closing.map((frame) => frame[0] as number);
    expect(lights.slice(0, 16).every((light) => light === 220)).toBe(true);
    for (let k = 1; k < 48; k++) expect(lights[k]).toBeLessThanOrEqual(lights[k - 1] as number);
    for (const frame of closing.slice(-blackFrames)) {
      expect(frame.subarray(0, (frame.length / 3) * 2).every((luma) => luma === 16)).toBe(true);
      expect(frame.subarray((frame.length / 3) * 2).every((chroma) => chroma === 128)).toBe(true);
    }
    const carded = await drawAll({ filmSize, frames: 112, layer, closing: true, cardFrames: 64 });
    expect(carded.slice(0, 48).map((frame) => frame[0])).toEqual(lights);
    expect(carded.slice(40).every((frame) => frame[0] === 16)).toBe(true);
    const open = await drawAll({ filmSize, frames: 48, layer, closing: false });
    expect(open.every((frame) => frame[0] === 220)).toBe(true);
  });

  it("lets the earlier picture go on from where its own scene left it", async () => {
    const planes = paintPlate(size, texture(3));
    const plate = await keepPlate("texture.yuv", size, planes);
    const move = planCamera({ scene: 0 }, size, filmSize, 64);
    const black = {
      plate: await keepPlate(
        "black.yuv",
        size,
        paintPlate(size, () => 0),
      ),
      move,
      startFrame: 0,
      scene: 0,
    };
    const [first] = await drawAll({
      filmSize,
      frames: 1,
      layer: black,
      earlier: { plate, move, startFrame: 64, scene: 0 },
      closing: false,
    });
    const seen = windowAt(move, 64);
    const exact = drawExactly(planes, size, seen, filmSize).map((value) => (value * 16) / 17);
    expect(errorsOf(first as Buffer, exact).worst).toBeLessThanOrEqual(2.5);
  });

  it("is drawn to the same bytes while others are drawn, and after one was ended in the middle", async () => {
    const plate = await keepPlate("texture.yuv", size, paintPlate(size, texture(5)));
    const layer = { plate, move: planCamera({ scene: 2 }, size, filmSize, 48), startFrame: 0, scene: 0 };
    const shot: Shot = { filmSize, look: looks.dreamlike, frames: 48, layer, closing: true };
    const alone = await drawAll(shot);
    const ended = drawShot(kernel, shot);
    for await (const _ of ended.frames) break;
    await ended.end();
    for (const frames of await Promise.all([drawAll(shot), drawAll(shot), drawAll(shot)]))
      expect(frames.every((frame, i) => frame.equals(alone[i] as Buffer))).toBe(true);
  });

  it("fails when its plate is cut short", async () => {
    const layer = await layerOf("cut.yuv", 100);
    await writeFile(layer.plate.file, Buffer.alloc(1000));
    await expect(drawAll({ filmSize, frames: 16, layer, closing: false })).rejects.toThrow("ends early");
  });
});
