/**
 * Plays a film that is still growing, by HLS. Wherever Media Source Extensions exist, hls.js plays it, even
 * in browsers that can play HLS themselves: only hls.js raises the sharpness without a restart. Elsewhere the
 * browser plays it.
 */
import type Hls from "hls.js";

export interface FilmSource {
  hls: string | null;
  video: string | null;
}

export interface Player {
  /**
   * Shows the film, and starts it when `autoplay` is true. The same film again changes nothing. `keepsPlace`:
   * a film with the same scenes replaces the one that is shown, so it goes on where that one is, playing or
   * paused.
   */
  play(address: FilmSource, autoplay: boolean, keepsPlace?: boolean): void;
  /** Call it when the film is complete: from the next scene on it plays in full sharpness. */
  complete(): void;
  /** The start of each playable scene, in seconds. */
  sceneStarts(): number[];
  stop(): void;
  /** Stops, and removes the listeners from the video. */
  close(): void;
}

/** How often a stalled player looks for the next scene. hls.js by itself waits for half a scene's length. */
const stallRetryMs = 1_000;

const loadEngine = () => import("hls.js/light");

/** The player of one page; `close` ends it. */
export function createPlayer(video: HTMLVideoElement): Player {
  let filmId = "";
  let isComplete = false;
  let engine: Promise<Hls | null> = Promise.resolve(null);
  let sharpFrom = Number.POSITIVE_INFINITY;
  let isLoading = false;
  let starts: number[] = [];
  /** The playing stream has all of its scenes. */
  let isBuffered = false;
  let pendingSource: FilmSource | null = null;
  let current: FilmSource | null = null;
  let isSharp = false;
  let stallTimer: ReturnType<typeof setInterval> | undefined;

  const startStallRecovery = () => {
    clearInterval(stallTimer);
    if (isComplete) return;
    // startLoad() would abort a load that is under way.
    stallTimer = setInterval(() => !isLoading && void engine.then((hls) => hls?.startLoad()), stallRetryMs);
  };
  const stopStallRecovery = () => clearInterval(stallTimer);
  // Scenes that played while the film was made are in the buffer at low resolution. The first seek back
  // reloads them.
  const reloadSharp = () => {
    if (!isComplete || isSharp || current === null || video.currentTime >= sharpFrom) return;
    load(current, video.currentTime, true);
    isSharp = true;
  };
  // Loads hls.js early, while the first scene is made. After a failure, play() tries again and reports it.
  void loadEngine().catch(() => {});
  const closing = new AbortController();
  video.addEventListener("waiting", startStallRecovery, closing);
  video.addEventListener("playing", stopStallRecovery, closing);
  video.addEventListener("seeking", reloadSharp, closing);

  return { play, complete, sceneStarts: () => starts, stop, close };

  function play(address: FilmSource, autoplay: boolean, keepsPlace = false): void {
    const next = filmIdOf(address.hls ?? address.video);
    if (next === "" || next === filmId) return;
    const isSameJob = jobIdOf(next) === jobIdOf(filmId);
    // The playing stream has all scenes, so a later attempt waits until its film is complete.
    pendingSource = isSameJob && isBuffered && !isComplete ? address : null;
    if (pendingSource !== null) return;
    if (!isSameJob) isComplete = false;
    const goesOn = (isSameJob || keepsPlace) && filmId !== "" && !video.ended;
    load(address, goesOn ? video.currentTime : 0, goesOn ? !video.paused : autoplay);
  }

  function load(address: FilmSource, from: number, autoplay: boolean): void {
    const wasComplete = isComplete;
    stop();
    isComplete = wasComplete;
    current = address;
    filmId = filmIdOf(address.hls ?? address.video);
    if (address.hls === null) playFile(video, address.video, autoplay);
    else engine = startHls(address.hls, address.video, from, autoplay);
  }

  function complete(): void {
    if (isComplete) return;
    isComplete = true;
    stopStallRecovery();
    if (pendingSource !== null) load(pendingSource, video.ended ? 0 : video.currentTime, !video.paused);
    void engine.then((hls) => {
      if (hls === null) return;
      hls.autoLevelCapping = -1;
      // `nextLevel` switches at the next scene, without an interruption.
      hls.nextLevel = hls.levels.length - 1;
    });
  }

  function stop(): void {
    stopStallRecovery();
    filmId = "";
    isComplete = false;
    sharpFrom = Number.POSITIVE_INFINITY;
    starts = [];
    pendingSource = null;
    current = null;
    isSharp = false;
    isBuffered = false;
    void engine.then((hls) => hls?.destroy());
    engine = Promise.resolve(null);
    video.removeAttribute("src");
    video.load();
  }

  function close(): void {
    stop();
    closing.abort();
  }

  async function startHls(
    address: string,
    file: string | null,
    from: number,
    autoplay: boolean,
  ): Promise<Hls | null> {
    const started = filmId;
    const { default: HlsEngine } = await loadEngine();
    if (started !== filmId) return null;
    if (!HlsEngine.isSupported()) {
      playFile(video, address, autoplay);
      return null;
    }
    const loadPolicy = { default: retryPolicies };
    const hls = new HlsEngine({
      // There is nothing to transmux, and the security policy does not allow scripts from blobs.
      enableWorker: false,
      // hls.js takes a growing stream for a broadcast and starts near its end; a film starts at its first
      // scene.
      startPosition: from,
      maxBufferLength: 60,
      abrEwmaDefaultEstimate: 8_000_000,
      manifestLoadPolicy: loadPolicy,
      playlistLoadPolicy: loadPolicy,
      fragLoadPolicy: loadPolicy,
    });
    const { Events, ErrorTypes } = HlsEngine;
    hls.on(Events.MANIFEST_PARSED, () => {
      if (!isComplete) hls.autoLevelCapping = 0;
      if (autoplay) void video.play().catch(() => {});
    });
    hls.on(Events.LEVEL_UPDATED, (_, { details }) => {
      // A sharper rendition that is being made may have fewer scenes than the one that plays.
      isBuffered = !details.live;
      const found = startsOfScenes(details.fragments);
      if (found.length >= starts.length) starts = found;
    });
    hls.on(Events.FRAG_LOADING, () => {
      isLoading = true;
    });
    hls.on(Events.FRAG_LOADED, () => {
      isLoading = false;
    });
    hls.on(Events.FRAG_CHANGED, (_, { frag }) => {
      const isSharpest = frag.level === hls.levels.length - 1;
      if (isSharpest) sharpFrom = Math.min(sharpFrom, frag.start);
    });
    hls.on(Events.ERROR, (_, { fatal, type }) => {
      isLoading = false;
      if (!fatal) return;
      if (type === ErrorTypes.MEDIA_ERROR) hls.recoverMediaError();
      else if (file !== null) {
        hls.destroy();
        playFile(video, file, autoplay);
      } else setTimeout(() => hls.startLoad(), stallRetryMs);
    });
    hls.loadSource(address);
    hls.attachMedia(video);
    return hls;
  }
}

/**
 * The start of each scene in a playlist. A scene of more than 8 s has several pieces, `3.m4s`, `3-1.m4s` and
 * so on: its start is that of the first.
 */
export const startsOfScenes = (pieces: readonly { relurl?: string | undefined; start: number }[]): number[] =>
  pieces.filter(({ relurl = "" }) => !/\d-\d+\.m4s/.test(relurl)).map(({ start }) => start);

function playFile(video: HTMLVideoElement, address: string | null, autoplay: boolean): void {
  if (address === null) return;
  video.src = address;
  if (autoplay) void video.play().catch(() => {});
}

/** The job and attempt in a film's address. The playback grant in the address changes each hour. */
function filmIdOf(address: string | null): string {
  const [, job, attempt] = /\/videos\/[^/]+\/([^/]+)\/\d+-(\d+)-/.exec(address ?? "") ?? [];
  return job === undefined ? (address ?? "") : `${job}/${attempt}`;
}

const jobIdOf = (film: string) => film.split("/")[0];

const retry = { maxNumRetry: 1_000, retryDelayMs: 500, maxRetryDelayMs: 2_000 };

/** Retries for a long time, so that playback continues by itself when the network is back. */
const retryPolicies = {
  maxTimeToFirstByteMs: 10_000,
  maxLoadTimeMs: 60_000,
  timeoutRetry: { ...retry, retryDelayMs: 0 },
  errorRetry: retry,
};
