/** The recording of one session: the microphone is open, and one part after the other is recorded. */
import { createCutFinder } from "./find-cut.ts";
import { type Microphone, openMicrophone } from "./microphone.ts";
import { chooseType, type PartRecorder, startPart } from "./part-recorder.ts";

export interface RecordingPorts {
  /** A part begins. Resolves to its id when it is stored, before its first chunk. */
  begin(type: string): Promise<string>;
  store(partId: string, index: number, bytes: ArrayBuffer): Promise<unknown>;
  /** The part is whole. */
  end(partId: string, seconds: number): Promise<void>;
  /** The loudness of this moment, about 15 times a second; null while paused. */
  level(db: number | null): void;
  /** The recording has stopped by itself; `error` null: the microphone was disconnected. */
  broken(error: unknown): void;
}

export interface Recording {
  readonly isPaused: boolean;
  /** Of all parts of this session, without pauses. */
  seconds(): number;
  pause(): void;
  resume(): void;
  /** Ends the part and begins the next one without a gap. */
  cut(): Promise<void>;
  stop(): Promise<void>;
}

const tickMs = 66;
/** A part that replaces one is not cut: below the 30 minutes of a part. */
const longestPartSeconds = 25 * 60;

/**
 * Opens the microphone and records. `isWhole`: the recording becomes one part, however long it is.
 * @throws DOMException, which `explainMicrophone` explains
 */
export async function startRecording(isWhole: boolean, ports: RecordingPorts): Promise<Recording> {
  const type = chooseType();
  const microphone: Microphone = await openMicrophone(() => void fail(null));
  let doneSeconds = 0;
  let isStopped = false;
  let current = await begin();
  let findCut = createCutFinder();
  let changing: Promise<void> = Promise.resolve();
  const lock = await keepScreenOn();
  const timer = setInterval(tick, tickMs);

  async function begin(): Promise<{ id: string; recorder: PartRecorder }> {
    const id = await ports.begin(type);
    const store = (index: number, bytes: ArrayBuffer) =>
      ports.store(id, index, bytes).catch((error: unknown) => {
        void fail(error);
        throw error;
      });
    return { id, recorder: startPart(microphone.stream, type, store) };
  }

  function tick(): void {
    const level = current.recorder.isPaused ? null : microphone.readLevel();
    ports.level(level);
    if (level === null) return;
    const seconds = current.recorder.seconds();
    if (isWhole ? seconds >= longestPartSeconds : findCut(level, seconds, tickMs)) void cut();
  }

  function cut(): Promise<void> {
    findCut = createCutFinder();
    changing = changing.then(async () => {
      if (isStopped) return;
      const before = current;
      // The next part starts before this one stops: at most some milliseconds are in both, and none is lost.
      current = await begin();
      await end(before);
    });
    return changing;
  }

  async function end({ id, recorder }: typeof current): Promise<void> {
    const seconds = await recorder.stop().catch(() => recorder.seconds());
    doneSeconds += seconds;
    await ports.end(id, seconds);
  }

  async function stop(): Promise<void> {
    if (isStopped) return;
    isStopped = true;
    clearInterval(timer);
    await changing;
    await end(current);
    microphone.close();
    await lock?.release().catch(() => {});
  }

  async function fail(error: unknown): Promise<void> {
    if (isStopped) return;
    await stop();
    ports.broken(error);
  }

  return {
    get isPaused() {
      return current.recorder.isPaused;
    },
    seconds: () => doneSeconds + (isStopped ? 0 : current.recorder.seconds()),
    pause: () => current.recorder.pause(),
    resume: () => current.recorder.resume(),
    cut,
    stop,
  };
}

/** A phone that turns its screen off stops the microphone. Browsers without this feature record anyway. */
const keepScreenOn = async () => navigator.wakeLock?.request("screen").catch(() => null) ?? null;
