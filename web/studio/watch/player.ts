/**
 * Plays a film that is still growing, by HLS. hls.js plays it wherever there are Media Source Extensions, also where
 * the browser could by itself: only so does the picture get sharper without starting over. Elsewhere the browser does.
 */
import type Hls from "hls.js";
import { foresee, lastVariant } from "./foresee-variant.ts";

export interface FilmAddress {
  hls: string | null;
  video: string | null;
}

export interface Player {
  /** Shows the film, and starts it if it shall start by itself. Given the same film again, it goes on undisturbed. */
  play(address: FilmAddress, byItself: boolean): void;
  /** The whole film is there: from its next scene on it is shown in full sharpness. */
  complete(): void;
  /** When each scene that can be watched starts, in seconds; a film's piece is a scene. */
  sceneStarts(): number[];
  stop(): void;
  /** Stops, and lets go of the video. */
  close(): void;
}

/** How soon a player that ran dry looks for the next scene. hls.js by itself waits for half a scene's length. */
const thirstMs = 1_000;

const loadEngine = () => import("hls.js/light");

export function createPlayer(video: HTMLVideoElement): Player {
  let film = "";
  let whole = false;
  let engine: Promise<Hls | null> = Promise.resolve(null);
  let sharpFrom = Number.POSITIVE_INFINITY;
  let isLoading = false;
  let starts: number[] = [];
  /** The stream that plays has all of its scenes. */
  let isBuffered = false;
  let heir: FilmAddress | null = null;
  let current: FilmAddress | null = null;
  let isSharp = false;
  let thirst: ReturnType<typeof setInterval> | undefined;

  const drink = () => {
    clearInterval(thirst);
    if (whole) return;
    // What is on its way already is not asked for again: that would only break it off.
    thirst = setInterval(() => !isLoading && void engine.then((hls) => hls?.startLoad()), thirstMs);
  };
  const quench = () => clearInterval(thirst);
  // What was watched while it was made is blurred in the buffer: it is taken anew from the finished film, once.
  const sharpen = () => {
    if (!whole || isSharp || current === null || video.currentTime >= sharpFrom) return;
    change(current, video.currentTime, true);
    isSharp = true;
  };
  // Fetched while the first scene is still being painted. Where this fails, playing tries again and tells.
  void loadEngine().catch(() => {});
  const closing = new AbortController();
  video.addEventListener("waiting", drink, closing);
  video.addEventListener("playing", quench, closing);
  video.addEventListener("seeking", sharpen, closing);

  return { play, complete, sceneStarts: () => starts, stop, close };

  function play(address: FilmAddress, byItself: boolean): void {
    const next = filmOf(address.hls ?? address.video);
    if (next === "" || next === film) return;
    const isSameJob = jobOf(next) === jobOf(film);
    // Another attempt at a film that can be watched to its end already: it is worth a change once it is whole.
    heir = isSameJob && isBuffered && !whole ? address : null;
    if (heir === null)
      change(address, isSameJob ? video.currentTime : 0, isSameJob ? !video.paused : byItself);
  }

  function change(address: FilmAddress, from: number, byItself: boolean): void {
    const wasWhole = whole;
    stop();
    whole = wasWhole;
    current = address;
    film = filmOf(address.hls ?? address.video);
    if (address.hls === null) playFile(video, address.video, byItself);
    else engine = start(address.hls, address.video, from, byItself);
  }

  function complete(): void {
    if (whole) return;
    whole = true;
    quench();
    if (heir !== null) change(heir, video.ended ? 0 : video.currentTime, !video.paused);
    void engine.then(async (hls) => {
      if (hls === null || (await lastVariant(hls.url ?? "")) === null) return;
      hls.autoLevelCapping = -1;
      // "Next" changes at a scene's border, with nothing to be seen of it.
      hls.nextLevel = hls.levels.length - 1;
    });
  }

  function stop(): void {
    quench();
    film = "";
    whole = false;
    sharpFrom = Number.POSITIVE_INFINITY;
    starts = [];
    heir = null;
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

  async function start(
    address: string,
    file: string | null,
    from: number,
    byItself: boolean,
  ): Promise<Hls | null> {
    const started = film;
    const { default: HlsEngine } = await loadEngine();
    if (started !== film) return null;
    if (!HlsEngine.isSupported()) {
      playFile(video, address, byItself);
      return null;
    }
    const patient = { default: patience };
    const hls = new HlsEngine({
      // One thread less, and the page's policy need not allow scripts out of blobs: there is nothing to transmux.
      enableWorker: false,
      // From the first scene, however late one joins: a film is no broadcast.
      startPosition: from,
      maxBufferLength: 60,
      abrEwmaDefaultEstimate: 8_000_000,
      manifestLoadPolicy: patient,
      playlistLoadPolicy: patient,
      fragLoadPolicy: patient,
      pLoader: foresee(HlsEngine.DefaultConfig.loader),
    });
    const { Events, ErrorTypes } = HlsEngine;
    hls.on(Events.MANIFEST_PARSED, () => {
      if (!whole) hls.autoLevelCapping = 0;
      if (byItself) void video.play().catch(() => {});
    });
    hls.on(Events.LEVEL_UPDATED, (_, { details }) => {
      // A sharper rendition in the making may be shorter than the one that plays.
      isBuffered = !details.live;
      if (details.fragments.length >= starts.length) starts = details.fragments.map(({ start }) => start);
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
        playFile(video, file, byItself);
      } else setTimeout(() => hls.startLoad(), thirstMs);
    });
    hls.loadSource(address);
    hls.attachMedia(video);
    return hls;
  }
}

function playFile(video: HTMLVideoElement, address: string | null, byItself: boolean): void {
  if (address === null) return;
  video.src = address;
  if (byItself) void video.play().catch(() => {});
}

/** The film that an address leads to: job and attempt. The grant within changes each hour, and the film does not. */
function filmOf(address: string | null): string {
  const [, job, attempt] = /\/videos\/[^/]+\/([^/]+)\/\d+-(\d+)-/.exec(address ?? "") ?? [];
  return job === undefined ? (address ?? "") : `${job}/${attempt}`;
}

const jobOf = (film: string) => film.split("/")[0];

const retry = { maxNumRetry: 1_000, retryDelayMs: 500, maxRetryDelayMs: 2_000 };

/** A network that is away comes back: nobody shall have to press anything then. */
const patience = {
  maxTimeToFirstByteMs: 10_000,
  maxLoadTimeMs: 60_000,
  timeoutRetry: { ...retry, retryDelayMs: 0 },
  errorRetry: retry,
};
