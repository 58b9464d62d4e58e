import type { SceneCamera } from "../../../contract/camera.ts";
import { framesToSeconds } from "../grid.ts";
import { closestZoom, keepInside } from "./keep-inside.ts";
import { type Look, plainLook, rowReach } from "./looks.ts";
import { type End, endsOf } from "./moves.ts";
import { type Size, type Window, zoom } from "./window.ts";

export { type Size, type Window, zoom } from "./window.ts";

/** The camera's path over one plate: `from` at frame 0, `to` at frame `frames` - 1. */
export interface Move {
  from: Window;
  to: Window;
  frames: number;
  /** The speed at either end, as a factor on the mean: 0 starts from, or comes to, a standstill. */
  startSpeed: number;
  endSpeed: number;
  /** How much of the look's slide of the ground is seen: from -1, all of it leftwards, to 1. */
  drift: number;
  /** How much of the look's wave is seen, 0 to 1. */
  sway: number;
}

/** What decides a scene's path, beside its picture and length. */
export interface CameraScene {
  /** The scene's index in the film. */
  scene: number;
  /** Absent: nearer and away in turn. */
  camera?: SceneCamera | undefined;
  /** The film's last scene: the camera comes to a standstill. */
  closing?: boolean;
}

/**
 * Raise this when the camera or the crossfade draws other frames: kept segments and images are then made
 * again.
 */
export const cameraRecipe = 4;

/** The longest slide in a scene, as a part of the film's width or height: a longer one looks hurried. */
const longestSlide = 0.12;

/** The camera of a scene whose storyboard names none. */
export const usualCamera = (scene: number): SceneCamera => ({
  move: scene % 2 === 0 ? "push_in" : "pull_back",
  pace: "usual",
});

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
 * The camera goes on under a crossfade a little slower than between, so that no move starts or ends with a
 * jerk.
 */
const speedInFade = 0.7;

/**
 * The path of a scene's camera. It lasts for the scene's frames and the crossfade after it, so that the
 * picture keeps moving while it fades. The first scene starts from a standstill, the last one comes to one.
 * The subject stays within every frame: both ends of the path show all of it, and so do all frames between.
 * The top of the picture stays in sight, except where the subject stands low, and at the start of a rise.
 */
export function planCamera(
  { scene, camera = usualCamera(scene), closing = false }: CameraScene,
  plate: Field,
  filmSize: Size,
  frames: number,
  look: Look = plainLook,
): Move {
  const focus = plate.focus ?? null;
  const rowMotion = focus ? roomForRows(focus, plate, rowReach(look)) : 1;
  const reach = rowReach(look) * rowMotion;
  const wideScale = Math.min(
    plate.width / (filmSize.width * (1 + 2 * reach)),
    plate.height / filmSize.height,
  );
  const wide = { width: filmSize.width * wideScale, height: filmSize.height * wideScale };
  const sharpest = Math.min(zoom, wide.width / filmSize.width);
  const nearest = focus ? Math.min(sharpest, closestZoom(focus, plate, wide, reach)) : sharpest;
  const near = sizeAt(nearest);
  const spare = {
    across: plate.width / near.width - 1 - 2 * reach,
    down: plate.height / near.height - 1,
  };
  const rightwards = scene % 2 === 0;
  const field = { nearest, spare, knowsSubject: focus !== null };
  const { from, to } = endsOf(camera, framesToSeconds(frames), field, rightwards);
  return {
    from: place(from),
    to: place(to),
    frames: closing ? frames : frames + look.fadeFrames,
    startSpeed: scene === 0 ? 0 : speedInFade,
    endSpeed: closing ? 0 : speedInFade,
    drift: (rightwards ? 1 : -1) * driftOf[camera.move] * rowMotion,
    sway: rowMotion,
  };

  function sizeAt(nearness: number): Size {
    return { width: wide.width / nearness, height: wide.height / nearness };
  }

  function place({ nearness, across, down }: End): Window {
    const window = sizeAt(nearness);
    const margin = reach * window.width;
    const spareWidth = plate.width - window.width - 2 * margin;
    const x =
      across === "subject" && focus
        ? focus.x + (focus.width - window.width) / 2
        : margin + spareWidth * (across === "subject" ? 0.5 : across);
    const wanted = { x, y: down * window.height };
    return { ...window, ...keepInside(wanted, window, plate, focus, margin) };
  }
}

/**
 * How much of their reach rows may slide without taking a subject near the picture's side out of the frame, 0
 * to 1.
 */
function roomForRows(focus: Window, plate: Size, reach: number): number {
  const beside = Math.min(focus.x, plate.width - focus.x - focus.width) / plate.width;
  // The window keeps off the side by the rows' reach, and the rows slide by as much again.
  return reach === 0 ? 1 : Math.max(0, Math.min(1, beside / (2 * reach)));
}

/** A camera that holds or rises shows less of the ground's depth. */
const driftOf: Record<SceneCamera["move"], number> = {
  push_in: 1,
  pull_back: 1,
  pan: 1,
  rise: 0.4,
  hold: 0.5,
};

/** How much of the path the camera has gone at `frame`, 0 to 1. */
export function partAt({ frames, startSpeed, endSpeed }: Move, frame: number): number {
  const t = Math.min(1, frame / (frames - 1));
  return t * (startSpeed + t * (3 - 2 * startSpeed - endSpeed + t * (startSpeed + endSpeed - 2)));
}

/** The camera's window at `frame`. */
export function windowAt(move: Move, frame: number): Window {
  const part = partAt(move, frame);
  const between = (a: number, b: number) => a + (b - a) * part;
  return {
    x: between(move.from.x, move.to.x),
    y: between(move.from.y, move.to.y),
    width: between(move.from.width, move.to.width),
    height: between(move.from.height, move.to.height),
  };
}
