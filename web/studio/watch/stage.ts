/** The stage: the video, and before it plays the newest picture and the first words. */
import type { Aspect } from "../../../contract/film.ts";
import { byId, setText } from "../../shared/element.ts";
import { describeProgress } from "./describe-progress.ts";
import { type FilmState, isActive } from "./film-state.ts";
import { loadPicture } from "./load-picture.ts";
import { pictureOf } from "./scene-cards.ts";

const stage = byId("stage", HTMLElement);
const curtain = byId("curtain", HTMLElement);
const picture = byId("curtain-picture", HTMLImageElement);
const note = byId("stage-note", HTMLElement);

export interface Stage {
  show(film: FilmState): void;
  close(): void;
}

/** Shows the film's pictures until the video has a frame. `aspect`: the shape before the video is known. */
export function createStage(video: HTMLVideoElement, aspect: Aspect | null): Stage {
  const closing = new AbortController();
  let film: FilmState | null = null;
  let isStalled = false;
  stage.dataset.shape = aspect ?? "16:9";
  picture.hidden = true;
  delete picture.dataset.wanted;

  const listen = (event: string, act: () => void) =>
    video.addEventListener(event, act, { signal: closing.signal });
  listen("loadedmetadata", () => {
    if (video.videoWidth > 0) stage.dataset.shape = shapeOf(video.videoWidth / video.videoHeight);
  });
  for (const event of ["waiting", "playing", "seeked", "emptied"]) {
    listen(event, () => {
      isStalled = event === "waiting";
      paint();
    });
  }
  listen("loadeddata", paint);
  return {
    show(next) {
      film = next;
      paint();
    },
    close: () => closing.abort(),
  };

  function paint(): void {
    if (film === null) return;
    const hasFrame = video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA || video.currentTime > 0;
    curtain.hidden = hasFrame;
    setText(byId("curtain-text", HTMLElement), film.status === "completed" ? "" : opening(film));
    stage.classList.toggle("dreaming", isActive(film) && !hasFrame);
    stage.classList.toggle("idle", !isActive(film) && !hasFrame && film.status !== "completed");
    note.hidden = !(isStalled && isActive(film) && hasFrame);
    const newest = film.scenes.findLastIndex(({ painted }) => painted);
    const source = newest < 0 ? null : pictureOf(film, newest);
    if (source !== null && !hasFrame) loadPicture(picture, source);
  }
}

/** The first narration once it is known, else the current step. */
const opening = (film: FilmState) =>
  (isActive(film) && film.scenes[0]?.narration) || describeProgress(film).headline;

const shapeOf = (ratio: number): Aspect => (ratio > 1.2 ? "16:9" : ratio < 0.8 ? "9:16" : "1:1");
