import { describe, expect, it } from "vitest";
import type { JobEvent } from "../../../contract/event.ts";
import type { VideoStatus } from "../../../contract/job.ts";
import { aVideoStatus } from "../../../tests/fixtures/a-video-status.ts";
import { applyEvent, applyProgress, applyStatus } from "./apply-message.ts";
import {
  blankScene,
  canRedo,
  curtainScene,
  type FilmState,
  isStoryboardOld,
  unknownFilm,
  watchable,
} from "./film-state.ts";

const status = (change: Partial<VideoStatus> = {}): VideoStatus =>
  aVideoStatus({
    job_id: "job_1",
    status: "processing",
    stage: "scenes",
    progress: 20,
    scenes: { total: 2, ready: 0 },
    eta_seconds: 40,
    eta_error_seconds: 10,
    attempt: 1,
    ...change,
  });

const at = "2026-01-01T00:00:00.000Z";
const line = (seq: number, event: object, jobId = "job_1") =>
  ({ seq, job_id: jobId, at, ...event }) as JobEvent;
const scene = (narration: string) => ({
  narration,
  picture: `${narration}, seen`,
  picture_take: 0,
  voice_take: 0,
});
const log = [
  line(1, { type: "job.queued", data: { priority: "standard" } }),
  line(2, { type: "job.started", data: { attempt: 1, worker_id: "w" } }),
  line(3, { type: "job.storyboard", data: { title: "T", language: "en", scenes: [scene("a"), scene("b")] } }),
  line(4, { type: "scene.picture", data: { scene: 1, key: "k", reused: false } }),
  line(5, { type: "scene.voice", data: { scene: 1, seconds: 2, reused: false } }),
  line(6, { type: "film.playable", data: { scene: 0, seconds: 3, rendition: "360p" } }),
  line(7, { type: "scene.ready", data: { scene: 0, seconds: 3.2, reused: false } }),
  line(8, { type: "scene.ready", data: { scene: 1, seconds: 4.8, reused: true } }),
];
const applyAll = (film: FilmState, events: JobEvent[]) => events.reduce(applyEvent, film);

describe("film state", () => {
  it("is the same for every overlap of a replay with seen events", () => {
    const start = applyStatus(unknownFilm, status());
    const once = applyAll(start, log);
    for (let cut = 0; cut <= log.length; cut++) {
      for (let again = 0; again <= cut; again++) {
        expect(applyAll(start, [...log.slice(0, cut), ...log.slice(again)])).toEqual(once);
      }
    }
    expect(once).toMatchObject({ title: "T", scenesReady: 2, playable: true, lastSeq: 8 });
    expect(once.scenes.map(({ seconds }) => seconds)).toEqual([3.2, 4.8]);
  });

  it("knows that its owner has changed the storyboard of its events, until the changed one is told", () => {
    const waiting = line(9, { type: "job.waiting", data: { at: "storyboard", revision: 1, expires_at: at } });
    const edited = applyStatus(unknownFilm, status({ storyboard_is_edited: true }));
    expect(isStoryboardOld(applyAll(edited, log))).toBe(false);
    const waited = applyAll(edited, [...log, waiting]);
    expect(isStoryboardOld(waited)).toBe(true);
    expect(isStoryboardOld(applyStatus(waited, status({ storyboard_is_edited: false })))).toBe(false);
    const told = line(11, {
      type: "job.storyboard",
      data: { title: "T", language: "en", scenes: [scene("c")] },
    });
    expect(
      isStoryboardOld(applyAll(waited, [line(10, { type: "job.approved", data: { revision: 2 } })])),
    ).toBe(true);
    expect(isStoryboardOld(applyEvent(waited, told))).toBe(false);
  });

  it("never goes back within an attempt when messages come late", () => {
    let film = applyStatus(unknownFilm, status({ progress: 40 }));
    film = applyProgress(film, status({ progress: 55 }));
    film = applyStatus(film, status({ progress: 41 }));
    film = applyProgress(film, status({ progress: 30 }));
    expect(film.percent).toBe(55);
  });

  it("leaves the progress of another attempt or job alone", () => {
    const film = applyStatus(unknownFilm, status());
    expect(applyProgress(film, status({ attempt: 2, progress: 90 }))).toBe(film);
    expect(applyProgress(film, status({ job_id: "job_0", progress: 90 }))).toBe(film);
  });

  it("starts over for another job only", () => {
    const first = applyAll(applyStatus(unknownFilm, status({ status: "completed", progress: 100 })), log);
    const next = applyStatus(first, status({ job_id: "job_2", status: "queued", progress: 0, attempt: 0 }));
    expect(next).toMatchObject({ jobId: "job_2", percent: 0, lastSeq: 0, playable: false });
    expect(next.scenes.every((one) => one.narration === null)).toBe(true);
  });

  it("offers a redo of a scene in a finished film, and in one that failed after its storyboard", () => {
    const film = applyAll(applyStatus(unknownFilm, status()), log);
    const scene = film.scenes[0];
    if (scene === undefined) throw new Error("the log has no scene");
    const earlier = { video: "v", hls: "h", captions: "c" };
    expect(canRedo(film, scene)).toBe(false);
    expect(canRedo({ ...film, status: "completed" }, scene)).toBe(true);
    expect(canRedo({ ...film, status: "failed" }, scene)).toBe(true);
    expect(canRedo({ ...film, status: "failed" }, { ...scene, narration: null })).toBe(false);
    // The API would change the earlier film, which has other scenes.
    expect(canRedo({ ...film, status: "failed", earlier }, scene)).toBe(false);
    expect(canRedo({ ...film, status: "cancelled" }, scene)).toBe(false);
    // Nothing was bought, so the price of one scene would be wrong.
    const error = { code: "dream.not_allowed", message: "m", retryable: false, refused: null };
    expect(canRedo({ ...film, status: "failed", error }, scene)).toBe(false);
  });

  it("knows which scenes no AI painted, and that a gentler picture is not one of them", () => {
    const warn = (code: string) =>
      applyAll(unknownFilm, [
        ...log,
        line(9, { type: "job.warning", data: { code, message: "m", scene: 1 } }),
      ]).scenes.map(({ isPlaceholder }) => isPlaceholder);
    expect(warn("picture.refused")).toEqual([false, true]);
    expect(warn("picture.softened")).toEqual([false, false]);
    expect(warn("voice.cut")).toEqual([false, false]);
  });

  it("begins with the first scene, whichever is painted first, and a redo with its own", () => {
    const made = (...painted: boolean[]): FilmState => ({
      ...unknownFilm,
      status: "processing",
      scenes: painted.map((isPainted) => ({ ...blankScene, painted: isPainted })),
    });
    expect(curtainScene(unknownFilm)).toBe(null);
    expect(curtainScene(made(false, false, true)), "the last picture came first").toBe(null);
    expect(curtainScene(made(true, true, true))).toBe(0);
    expect(curtainScene({ ...made(false, true), playable: true })).toBe(0);
    expect(curtainScene({ ...made(true, false, true), redoScene: 1 })).toBe(null);
    expect(curtainScene({ ...made(true, true, true), redoScene: 1 })).toBe(1);
    expect(curtainScene({ ...made(true, true), status: "completed" })).toBe(0);
  });

  it("keeps the earlier film until a redo is complete, and until another version can be played", () => {
    const earlier = { video: "old.mp4", hls: "old.m3u8", captions: "old.vtt" };
    const urls = { ...unknownFilm.urls, hls: "new.m3u8" };
    const film: FilmState = { ...unknownFilm, jobId: "job_2", earlier, urls };
    const shown = (change: Partial<FilmState>) => watchable({ ...film, ...change }).hls;
    expect(shown({ status: "queued" })).toBe("old.m3u8");
    expect(shown({ status: "processing" })).toBe("old.m3u8");
    expect(shown({ status: "processing", playable: true })).toBe("new.m3u8");
    expect(shown({ status: "processing", wasPlayable: true }), "an attempt that plays stays").toBe(
      "new.m3u8",
    );
    expect(shown({ status: "processing", playable: true, redoScene: 1 })).toBe("old.m3u8");
    expect(shown({ status: "completed", playable: true, redoScene: 1 })).toBe("new.m3u8");
    expect(shown({ status: "cancelled", playable: true, redoScene: 1 })).toBe("old.m3u8");
    expect(shown({ status: "queued", earlier: null })).toBe("new.m3u8");
  });

  it("resets the scenes for another attempt, which the log or the status announces", () => {
    const film = applyAll(unknownFilm, [
      ...log,
      line(9, { type: "job.started", data: { attempt: 2, worker_id: "v" } }),
    ]);
    expect(film).toMatchObject({ attempt: 2, playable: false });
    const again = { seconds: null, painted: false };
    expect(film.scenes).toMatchObject([{ ...again, narration: "a" }, again]);
    const byStatus = applyStatus(applyAll(applyStatus(unknownFilm, status()), log), status({ attempt: 2 }));
    expect(byStatus.scenes).toEqual(film.scenes);
  });
});
