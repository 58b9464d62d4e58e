/**
 * The stage: the video, before it plays its first picture with the words of the scene, and after its end the
 * poster with a button that plays it again.
 */
import type { Aspect } from "../../../contract/film.ts";
import { byId, setText } from "../../shared/element.ts";
import { curtainText } from "./describe-progress.ts";
import { curtainScene, type FilmState, isMaking, unknownFilm, watchable } from "./film-state.ts";
import { loadPicture } from "./load-picture.ts";
import { pictureOf } from "./scene-cards.ts";

const stage = byId("stage", HTMLElement);
const curtain = byId("curtain", HTMLElement);
const picture = byId("curtain-picture", HTMLImageElement);
const end = byId("film-end", HTMLElement);
const endPicture = byId("film-end-picture", HTMLImageElement);
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
  /** The scene whose picture the curtain shows. */
  let shown: number | null = null;
  stage.hidden = false;
  setShape(aspect ?? "16:9");
  clear();

  const listen = (target: HTMLElement, event: string, act: () => void) =>
    target.addEventListener(event, act, { signal: closing.signal });
  listen(video, "loadedmetadata", () => {
    if (video.videoWidth > 0) setShape(shapeOf(video.videoWidth / video.videoHeight));
  });
  for (const event of ["waiting", "playing", "seeked", "emptied", "ended"]) {
    listen(video, event, () => {
      isStalled = event === "waiting";
      paint();
    });
  }
  listen(video, "loadeddata", paint);
  listen(end, "click", () => {
    video.currentTime = 0;
    void video.play().catch(() => {});
    video.focus({ preventScroll: true });
  });
  return {
    show(next) {
      if (next.jobId !== film?.jobId) clear();
      film = next;
      paint();
    },
    close: () => closing.abort(),
  };

  /** Removes the pictures of another film. */
  function clear(): void {
    for (const image of [picture, endPicture]) {
      image.hidden = true;
      delete image.dataset.wanted;
    }
    end.hidden = true;
    shown = null;
  }

  function paint(): void {
    if (film === null) return;
    const hasFrame = video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA || video.currentTime > 0;
    curtain.hidden = hasFrame;
    stage.classList.toggle("dreaming", isMaking(film) && !hasFrame);
    // Nothing is known before the first answer, so the place is kept.
    const canBeWatched = isMaking(film) || hasFrame || watchable(film).video !== null;
    stage.hidden = film !== unknownFilm && !canBeWatched;
    note.hidden = !(isStalled && isMaking(film) && hasFrame);
    if (!hasFrame) paintCurtain(film);
    end.hidden = !(video.ended && hasFrame);
    const poster = film.urls.poster ?? pictureOf(film, 0);
    if (!end.hidden && poster !== null) loadPicture(endPicture, poster);
  }

  /** The words change together with the picture, which may take a while to load. */
  function paintCurtain(of: FilmState): void {
    const scene = curtainScene(of);
    const source = scene === null ? null : pictureOf(of, scene);
    if (source !== null)
      loadPicture(picture, source, () => {
        shown = scene;
        paintWords();
      });
    paintWords();
  }

  /** The newest film's words: the scenes may have arrived while the picture was loading. */
  function paintWords(): void {
    if (film !== null) setText(byId("curtain-text", HTMLElement), curtainText(film, shown));
  }
}

/** Sets the shape of the stage and of the scenes' pictures. */
function setShape(shape: Aspect): void {
  stage.dataset.shape = shape;
  byId("scenes", HTMLElement).dataset.shape = shape;
}

/** The film's shape by its width divided by its height. */
export const shapeOf = (ratio: number): Aspect => (ratio > 1.2 ? "16:9" : ratio < 0.8 ? "9:16" : "1:1");
