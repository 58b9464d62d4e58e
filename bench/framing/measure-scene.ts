import { CameraMove, type SceneCamera } from "../../contract/camera.ts";
import { type Aspect, filmSizes } from "../../contract/film.ts";
import type { FocusBox } from "../../contract/storyboard.ts";
import { captionLooks } from "../../render-worker/captions/ass/caption-looks.ts";
import { drawCaptions } from "../../render-worker/captions/ass/draw-captions.ts";
import { drawTitle } from "../../render-worker/captions/ass/draw-title.ts";
import { type Area, keepClear, overlap } from "../../render-worker/captions/ass/keep-clear.ts";
import { layOut } from "../../render-worker/captions/ass/layout.ts";
import { placeTitle } from "../../render-worker/captions/build-ass.ts";
import { paceWords } from "../../render-worker/captions/pace-words.ts";
import {
  cutBands,
  findBusy,
  findSubject,
  framePicture,
  seenBox,
} from "../../render-worker/media/camera/frame-picture.ts";
import { looks } from "../../render-worker/media/camera/looks.ts";
import { planCamera, type Size, type Window, windowAt } from "../../render-worker/media/camera/plan.ts";
import { findAttention } from "../../render-worker/media/focus/find-focus.ts";
import { nameDream } from "../../simulators/openai/storyboard/name-dream.ts";
import type { PaintedScene } from "./scenes.ts";

/** How a scene shows its subject. */
export interface Framed {
  /** The part of the frames, 0 to 1, that cut more than 2 % of the subject. */
  partCut: number;
  captionsOver: boolean;
  captionsOverHead: boolean;
  titleOver: boolean;
  titleOverHead: boolean;
}

const frames = 160;
const look = looks.dreamlike;
/** Every move in turn, at the pace that goes furthest. */
const cameraOf = (index: number): SceneCamera => ({
  move: CameraMove.options[index % CameraMove.options.length] ?? "hold",
  pace: "quick",
});
/** A subject of which less is cut or covered, in parts of its area, counts as whole. */
const tolerance = 0.02;
const headPart = 0.4;

/** How a film in this shape shows the scene, with the captions of the style `karaoke`. */
export function measureScene(
  { thumbnail, picture, subject, sentence, hint }: PaintedScene,
  { shape, index, knowsSubject }: { shape: Aspect; index: number; knowsSubject: boolean },
): Framed {
  const filmSize = filmSizes[shape];
  const { focus: found, busy } = knowsSubject ? findAttention(thumbnail, hint) : { focus: null, busy: [] };
  const framing = framePicture(picture, found, filmSize);
  const field = { ...framing.plate, focus: framing.focus, busy: cutBands(busy, framing) };
  const move = planCamera({ scene: index, camera: cameraOf(index) }, field, filmSize, frames, look);
  const real = onPlate(subject as FocusBox, picture, found, filmSize);
  const cut = Array.from({ length: frames }, (_, frame) => partOutside(real, windowAt(move, frame)));
  const { words, title } = drawWords(
    sentence,
    filmSize,
    findSubject(field, move, look),
    findBusy(field, move),
  );
  const seen = toArea(seenBox(real, [move.from, move.to]), filmSize);
  const head = { ...seen, height: seen.height * headPart };
  const covers = (text: Area, area: Area) => overlap(text, area) > tolerance * area.width * area.height;
  return {
    partCut: cut.filter((part) => part > tolerance).length / frames,
    captionsOver: covers(words, seen),
    captionsOverHead: covers(words, head),
    titleOver: covers(title, seen),
    titleOverHead: covers(title, head),
  };
}

/** The painted subject in the pixels of the plate that is cut around `found`. */
function onPlate(subject: FocusBox, picture: Size, found: FocusBox | null, filmSize: Size): Window {
  const { scaled, left, top } = framePicture(picture, found, filmSize);
  return {
    x: subject.x * scaled.width - left,
    y: subject.y * scaled.height - top,
    width: subject.w * scaled.width,
    height: subject.h * scaled.height,
  };
}

const partOutside = (subject: Window, seen: Window) =>
  1 - overlap(subject, seen) / (subject.width * subject.height);

/** The areas of the scene's captions, and of its title if it were the first. */
function drawWords(sentence: string, filmSize: Size, subject: FocusBox | null, busy: number[]) {
  const { karaoke } = captionLooks;
  const { captions, safe, title: titlePlace } = layOut(filmSize.width, filmSize.height, karaoke);
  const areas = subject ? [toArea(subject, filmSize)] : [];
  const { area } = drawCaptions(
    paceWords(sentence, "en"),
    karaoke,
    { width: filmSize.width, language: "en" },
    captions,
    (block) => keepClear(block, captions.baseline, areas, { ...filmSize, safe, busy }),
  );
  const beside = { subject: areas, taken: area ?? null, screen: { ...filmSize, safe, busy } };
  const card = { text: nameDream(sentence), startSeconds: 0, endSeconds: 1 };
  const where = placeTitle(titlePlace.baseline, beside);
  const title = drawTitle(card, { width: filmSize.width, language: "en" }, titlePlace, where);
  const nowhere = { x: 0, y: 0, width: 0, height: 0 };
  return { words: area ?? nowhere, title: title.area ?? nowhere };
}

const toArea = ({ x, y, w, h }: FocusBox, { width, height }: Size): Area => ({
  x: x * width,
  y: y * height,
  width: w * width,
  height: h * height,
});
