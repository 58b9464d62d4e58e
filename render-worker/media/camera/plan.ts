import { fadeFrames } from "../grid.ts";

export interface Size {
  width: number;
  height: number;
}

/** A part of a plate, in the plate's pixels; fractions are what makes the camera smooth. */
export interface Window extends Size {
  x: number;
  y: number;
}

/** The camera's way over one plate: `from` at frame 0, `to` at frame `frames` - 1, evenly between. */
export interface Move {
  from: Window;
  to: Window;
  frames: number;
}

/** Raise it when the camera or the crossfade draws other frames: what was kept of the old kind is then made anew. */
export const cameraRecipe = 2;

/** How far the camera goes in over a scene. */
export const zoom = 1.12;
/** The most a scene slides, as a part of the film's width or height: more looks hurried. */
const longestSlide = 0.12;

/**
 * The size of a picture decoded for a film of `film` size: covering it, at a scale where the closest zoom still
 * shows one sample per pixel, and no larger than the camera can reach.
 */
export function plateSize(picture: Size, filmSize: Size): { scaled: Size; plate: Size } {
  const scale = Math.max(filmSize.width / picture.width, filmSize.height / picture.height) * zoom;
  const scaled = {
    width: atLeastEven(picture.width * scale, filmSize.width * zoom),
    height: atLeastEven(picture.height * scale, filmSize.height * zoom),
  };
  const reach = zoom * (1 + longestSlide);
  const plate = {
    width: Math.min(scaled.width, atLeastEven(filmSize.width * reach, 0)),
    height: Math.min(scaled.height, atLeastEven(filmSize.height * reach, 0)),
  };
  return { scaled, plate };
}

const atLeastEven = (value: number, floor: number) => Math.ceil(Math.max(value, floor) / 2 - 1e-9) * 2;

/**
 * The way of scene `scene`'s camera: in by the zoom on even scenes and out on odd ones, sliding over the picture's
 * slack from one corner to the opposite one, another corner each time. It lasts for the scene's frames and for those
 * of the crossfade after it, so that the picture goes on moving while it fades.
 */
export function planCamera(scene: number, plate: Size, filmSize: Size, frames: number): Move {
  const wideScale = Math.min(plate.width / filmSize.width, plate.height / filmSize.height);
  const wide = { width: filmSize.width * wideScale, height: filmSize.height * wideScale };
  const close = { width: wide.width / zoom, height: wide.height / zoom };
  const goesIn = scene % 2 === 0;
  const [first, last] = goesIn ? [wide, close] : [close, wide];
  const rightwards = scene % 4 < 2;
  const downwards = scene % 4 === 0 || scene % 4 === 3;
  return {
    from: place(first, plate, rightwards ? 0 : 1, downwards ? 0 : 1),
    to: place(last, plate, rightwards ? 1 : 0, downwards ? 1 : 0),
    frames: frames + fadeFrames,
  };
}

const place = (window: Size, plate: Size, right: number, down: number): Window => ({
  ...window,
  x: (plate.width - window.width) * right,
  y: (plate.height - window.height) * down,
});

/** Where the camera is at `frame`. */
export function windowAt(move: Move, frame: number): Window {
  const part = frame / (move.frames - 1);
  const between = (a: number, b: number) => a + (b - a) * part;
  return {
    x: between(move.from.x, move.to.x),
    y: between(move.from.y, move.to.y),
    width: between(move.from.width, move.to.width),
    height: between(move.from.height, move.to.height),
  };
}
