import { fadeFrames } from "../grid.ts";
import { closestZoom, keepInside } from "./keep-inside.ts";
import { type Size, type Window, zoom } from "./window.ts";

export { type Size, type Window, zoom } from "./window.ts";

/** The camera's path over one plate: `from` at frame 0, `to` at frame `frames` - 1, linear between. */
export interface Move {
  from: Window;
  to: Window;
  frames: number;
}

/**
 * Raise this when the camera or the crossfade draws other frames: kept segments and images are then made
 * again.
 */
export const cameraRecipe = 3;

/** The longest slide in a scene, as a part of the film's width or height: a longer one looks hurried. */
const longestSlide = 0.12;

/**
 * The size to which a picture is decoded for a film of this size: it covers the film, has one sample per
 * pixel at the closest zoom, and is no larger than the camera can reach.
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

/** What the camera moves over: a plate's size, and what is known of the picture on it. */
export interface Field extends Size {
  /** The subject's box. */
  focus?: Window | null;
  /** How much attracts the eye in each of the equal bands of the plate, from the top. */
  busy?: number[];
}

/**
 * The path of scene `scene`'s camera. It zooms in on even scenes and out on odd ones, and slides from one
 * corner of the picture's spare area to the opposite one, starting at another corner each time. The path
 * lasts for the scene's frames and the crossfade after it, so that the picture keeps moving while it fades.
 * The subject stays within every frame: both ends of the path show all of it, and so do all frames between.
 */
export function planCamera(scene: number, plate: Field, filmSize: Size, frames: number): Move {
  const wideScale = Math.min(plate.width / filmSize.width, plate.height / filmSize.height);
  const wide = { width: filmSize.width * wideScale, height: filmSize.height * wideScale };
  const focus = plate.focus ?? null;
  const nearness = focus ? closestZoom(focus, wide) : zoom;
  const close = { width: wide.width / nearness, height: wide.height / nearness };
  const goesIn = scene % 2 === 0;
  const [first, last] = goesIn ? [wide, close] : [close, wide];
  const rightwards = scene % 4 < 2;
  const downwards = scene % 4 === 0 || scene % 4 === 3;
  return {
    from: place(first, plate, focus, rightwards ? 0 : 1, downwards ? 0 : 1),
    to: place(last, plate, focus, rightwards ? 1 : 0, downwards ? 1 : 0),
    frames: frames + fadeFrames,
  };
}

/** With a known subject the camera slides this part of the way: what was not found of it is near. */
const calmSlide = 0.5;

function place(window: Size, plate: Size, focus: Window | null, right: number, down: number): Window {
  const spare = { x: plate.width - window.width, y: plate.height - window.height };
  const at = (side: number) => (focus ? 0.5 + (side - 0.5) * calmSlide : side);
  const wanted = { x: spare.x * at(right), y: spare.y * at(down) };
  return { ...window, ...(focus ? keepInside(wanted, window, plate, focus) : wanted) };
}

/** The camera's window at `frame`. */
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
