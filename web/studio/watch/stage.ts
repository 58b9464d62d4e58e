/** The place where the film plays, and what is there before it does: the pictures, as they come. */
import type { Aspect } from "../../../contract/film.ts";
import { byId, setText } from "../../shared/element.ts";
import { describeProgress } from "./describe-progress.ts";
import { type FilmState, isActive } from "./film-state.ts";
import { loadPicture } from "./load-picture.ts";
import { pictureOf } from "./scene-cards.ts";

const place = byId("stage", HTMLElement);
const curtain = byId("curtain", HTMLElement);
const picture = byId("curtain-picture", HTMLImageElement);
const note = byId("stage-note", HTMLElement);

export interface Stage {
  show(film: FilmState): void;
  close(): void;
}

export function createStage(video: HTMLVideoElement, aspect: Aspect | null): Stage {
  const closing = new AbortController();
  let film: FilmState | null = null;
  let thirsty = false;
  place.dataset.shape = aspect ?? "16:9";
  picture.hidden = true;
  delete picture.dataset.wanted;

  const listen = (event: string, act: () => void) =>
    video.addEventListener(event, act, { signal: closing.signal });
  listen("loadedmetadata", () => {
    if (video.videoWidth > 0) place.dataset.shape = shapeOf(video.videoWidth / video.videoHeight);
  });
  for (const event of ["waiting", "playing", "seeked", "emptied"]) {
    listen(event, () => {
      thirsty = event === "waiting";
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
    place.classList.toggle("dreaming", isActive(film) && !hasFrame);
    place.classList.toggle("idle", !isActive(film) && !hasFrame && film.status !== "completed");
    note.hidden = !(thirsty && isActive(film) && hasFrame);
    const newest = film.scenes.findLastIndex(({ painted }) => painted);
    const source = newest < 0 ? null : pictureOf(film, newest);
    if (source !== null && !hasFrame) loadPicture(picture, source);
  }
}

/** The first words that will be heard, as soon as they are known. */
const opening = (film: FilmState) =>
  (isActive(film) && film.scenes[0]?.narration) || describeProgress(film).headline;

const shapeOf = (ratio: number): Aspect => (ratio > 1.2 ? "16:9" : ratio < 0.8 ? "9:16" : "1:1");
