/** Records one part. Its sound comes in chunks of about a second, and each is stored before the next. */

/** WebM in Chromium, MP4 in Safari, Ogg in older Firefox. The first that the browser records is taken. */
const types = ["audio/webm;codecs=opus", "audio/mp4;codecs=mp4a.40.2", "audio/mp4", "audio/ogg;codecs=opus"];

/** At most so much of the newest sound is lost when the tab is closed. */
const chunkMs = 1_000;
/** Enough for a voice that narrates a film; 30 minutes are 21 MB, below the limit of a part. */
const bitsPerSecond = 96_000;

/**
 * The type in which this browser records.
 * @throws DOMException `NotSupportedError` if it records none that the service takes
 */
export function chooseType(
  isSupported: (type: string) => boolean = (type) =>
    typeof MediaRecorder !== "undefined" && MediaRecorder.isTypeSupported(type),
): string {
  const type = types.find(isSupported);
  if (type === undefined) throw new DOMException("no type", "NotSupportedError");
  return type;
}

export interface PartRecorder {
  readonly isPaused: boolean;
  /** Recorded so far, without pauses. */
  seconds(): number;
  pause(): void;
  resume(): void;
  /** Resolves to the part's seconds when all of its chunks are stored. @throws what `store` threw */
  stop(): Promise<number>;
}

/** Starts at once. `store` gets the chunks one after the other; a failed one ends the recording. */
export function startPart(
  stream: MediaStream,
  type: string,
  store: (index: number, bytes: ArrayBuffer) => Promise<unknown>,
  now: () => number = () => performance.now(),
): PartRecorder {
  const recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: bitsPerSecond });
  let count = 0;
  let recordedMs = 0;
  let sinceMs: number | null = now();
  let stored: Promise<unknown> = Promise.resolve();
  recorder.addEventListener("dataavailable", ({ data }) => {
    if (data.size === 0) return;
    const index = count++;
    stored = stored.then(async () => store(index, await data.arrayBuffer()));
    stored.catch(end);
  });
  const ended = new Promise<void>((resolve) => recorder.addEventListener("stop", () => resolve()));
  recorder.start(chunkMs);

  function takeTime(): void {
    if (sinceMs !== null) recordedMs += now() - sinceMs;
    sinceMs = null;
  }
  function end(): void {
    takeTime();
    if (recorder.state !== "inactive") recorder.stop();
  }
  const seconds = () => (recordedMs + (sinceMs === null ? 0 : now() - sinceMs)) / 1000;
  return {
    get isPaused() {
      return recorder.state === "paused";
    },
    seconds,
    pause() {
      takeTime();
      // What was said before the pause is stored now, however long the pause is.
      recorder.requestData();
      recorder.pause();
    },
    resume() {
      recorder.resume();
      sinceMs = now();
    },
    async stop() {
      end();
      await ended;
      await stored;
      return seconds();
    },
  };
}
