/** The recorder's own controls: one big button, a pause, the microphone's level and the time. */
import { announce } from "../../shared/announce.ts";
import { byId, setText } from "../../shared/element.ts";
import { clock } from "./describe-part.ts";
import { explainMicrophone } from "./microphone.ts";
import { type Recording, startRecording } from "./recording.ts";
import type { Telling } from "./telling.ts";

const section = byId("tell", HTMLElement);
const record = byId("record", HTMLButtonElement);
const pause = byId("record-pause", HTMLButtonElement);
const state = byId("tell-state", HTMLElement);
const time = byId("tell-time", HTMLElement);
const meter = byId("tell-meter", HTMLElement);
const problem = byId("tell-problem", HTMLElement);

export interface RecorderPorts {
  /** The telling that takes the recording. */
  obtain(): Promise<Telling>;
  addChunk: Parameters<typeof startRecording>[1]["store"];
  /** No other tab tells a dream. */
  isOwner(): boolean;
  hasParts(): boolean;
  /** The controls have changed, so that the list of parts has to be shown anew. */
  painted(): void;
}

export interface RecorderPanel {
  /** Records a new part, or in the place of `replaces`. */
  start(replaces: string | null): Promise<void>;
  /** Ends the recording. It resolves when the part is whole. */
  stop(): Promise<void>;
  paint(): void;
  isRecording(): boolean;
  isPaused(): boolean;
  /** Nothing is recorded, and no microphone is being opened. */
  isIdle(): boolean;
  /** Shows why the microphone or the store does not work. */
  showProblem(error: unknown): void;
  showText(text: string): void;
  focus(): void;
}

type Phase = "elsewhere" | "idle" | "opening" | "recording" | "paused";

/** Below this a microphone is muted or far away. */
const quietDb = -60;
const loudDb = -10;
const quietMs = 4_000;

/** Connects the controls. Called once. */
export function createRecorderPanel(ports: RecorderPorts): RecorderPanel {
  let recording: Recording | null = null;
  let isOpening = false;
  /** Since when the microphone hears nothing, in ms of `performance.now()`; null: it hears something. */
  let quietSinceMs: number | null = null;
  record.addEventListener("click", () => void (recording === null ? start(null) : stop()));
  pause.addEventListener("click", togglePause);

  return {
    start,
    stop,
    paint,
    isRecording: () => recording !== null,
    isPaused: () => recording?.isPaused ?? false,
    isIdle: () => recording === null && !isOpening,
    showProblem,
    showText,
    focus: () => record.focus(),
  };

  async function start(replaces: string | null): Promise<void> {
    if (recording !== null || isOpening) return;
    isOpening = true;
    problem.hidden = true;
    paint();
    try {
      const current = await ports.obtain();
      recording = await startRecording(replaces !== null, {
        begin: (type) => current.begin(type, replaces),
        store: ports.addChunk,
        end: current.end,
        level: showLevel,
        broken(error) {
          recording = null;
          showProblem(error ?? new DOMException("disconnected", "AbortError"));
          paint();
        },
      });
      announce("Recording");
    } catch (error) {
      showProblem(error);
    } finally {
      isOpening = false;
      paint();
    }
  }

  async function stop(): Promise<void> {
    const ending = recording;
    if (ending === null) return;
    recording = null;
    paint();
    announce("Stopped");
    await ending.stop();
    paint();
  }

  function togglePause(): void {
    if (recording === null) return;
    if (recording.isPaused) recording.resume();
    else recording.pause();
    announce(recording.isPaused ? "Paused" : "Recording");
    paint();
  }

  function showProblem(error: unknown): void {
    const { title, advice } = explainMicrophone(error);
    showText(`${title}. ${advice}`);
  }

  function showText(text: string): void {
    setText(problem, text);
    problem.hidden = false;
  }

  /** Shows the loudness of this moment; null: nothing is recorded. */
  function showLevel(db: number | null): void {
    const share = db === null ? 0 : Math.min(1, Math.max(0, (db - quietDb) / (loudDb - quietDb)));
    meter.style.setProperty("--level", share.toFixed(2));
    setText(time, clock(recording?.seconds() ?? 0));
    const wasQuiet = isQuiet();
    quietSinceMs = db === null || db > quietDb ? null : (quietSinceMs ?? performance.now());
    if (isQuiet() === wasQuiet) return;
    setText(state, describe(phase()));
    if (!wasQuiet) announce(describe(phase()));
  }

  function isQuiet(): boolean {
    return quietSinceMs !== null && performance.now() - quietSinceMs > quietMs;
  }

  function phase(): Phase {
    if (!ports.isOwner()) return "elsewhere";
    if (recording === null) return isOpening ? "opening" : "idle";
    return recording.isPaused ? "paused" : "recording";
  }

  function describe(now: Phase): string {
    switch (now) {
      case "elsewhere":
        return "A dream is being told in another tab. Close that tab to go on here.";
      case "idle":
        return ports.hasParts() ? "Press Record to go on." : "Tell it aloud, in any language.";
      case "opening":
        return "Allow the microphone, if the browser asks.";
      case "recording":
        return isQuiet() ? "Nothing is heard. Is the microphone muted?" : "Recording. Speak now.";
      case "paused":
        return "Paused.";
    }
  }

  function paint(): void {
    const now = phase();
    section.dataset.phase = now;
    record.disabled = now === "elsewhere" || now === "opening";
    setText(byId("record-label", HTMLElement), recording === null ? "Record" : "Stop");
    pause.hidden = recording === null;
    setText(pause, now === "paused" ? "Continue" : "Pause");
    meter.hidden = recording === null;
    time.hidden = recording === null;
    if (recording === null) showLevel(null);
    ports.painted();
    setText(state, describe(now));
  }
}
