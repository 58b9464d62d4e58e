/** The recorder of the form: one big button, the microphone's level, the time, and the parts with their texts. */
import { announce } from "../../shared/announce.ts";
import { confirmed } from "../../shared/confirm.ts";
import { byId, setText } from "../../shared/element.ts";
import { openSegmentEvents } from "../api/segments.ts";
import { showNotice } from "../notice.ts";
import { pauseUntilOnline, untilOffline } from "../watch/network.ts";
import { clock, describePart, type Surroundings } from "./describe-part.ts";
import { createFollower } from "./follow-texts.ts";
import { explainMicrophone } from "./microphone.ts";
import { isPending, type PartView, textOf } from "./part.ts";
import { createPartCard, type PartCard } from "./part-card.ts";
import { openPartStore, type PartStore } from "./part-store.ts";
import { type Recording, startRecording } from "./recording.ts";
import { createTelling, type Telling } from "./telling.ts";

const section = byId("tell", HTMLElement);
const record = byId("record", HTMLButtonElement);
const pause = byId("record-pause", HTMLButtonElement);
const state = byId("tell-state", HTMLElement);
const time = byId("tell-time", HTMLElement);
const meter = byId("tell-meter", HTMLElement);
const note = byId("tell-note", HTMLElement);
const problem = byId("tell-problem", HTMLElement);
const list = byId("parts", HTMLOListElement);

const opening = openPartStore();
// Also if no call waits for it: `restore` shows the problem.
opening.catch(() => {});
let store: PartStore;
let telling: Telling | null = null;
/** The dream that is being told, while the form is about an earlier one. */
let parked: Telling | null = null;
let isAboutEarlier = false;
/** Resolves when the dream that was being told is shown, or another tab has it. */
const restored = Promise.withResolvers<void>();
let recording: Recording | null = null;
/** No other tab tells a dream. */
let isOwner = false;
let isOpening = false;
/** Since when the microphone hears nothing, in ms of `performance.now()`; null: it hears something. */
let quietSinceMs: number | null = null;
let isRead = true;
let changed = () => {};
const cards = new Map<string, PartCard>();
const announced = new Map<string, string>();
const never = new AbortController().signal;

const follow = createFollower({
  isPending: () => telling !== null && (!isRead || telling.views().some(isPending)),
  isBusy: () => recording !== null || (telling?.views() ?? []).some(({ part }) => part.state === "recorded"),
  async refresh() {
    await telling?.refresh();
    isRead = true;
  },
  openStream: () => openSegmentEvents(telling?.dreamId ?? "", untilOffline(never)),
  take: (segment) => telling?.take(segment),
  pause: (ms) => pauseUntilOnline(ms, never),
});

/**
 * Connects the recorder and shows the dream that was being told when the page was closed. `onChange` is
 * called when the parts or their texts change.
 */
export async function setUpTelling(onChange: () => void): Promise<void> {
  changed = onChange;
  record.addEventListener("click", () => void (recording === null ? start(null) : stop()));
  pause.addEventListener("click", togglePause);
  addEventListener("online", paint);
  addEventListener("offline", paint);
  paint();
  const { held } = await navigator.locks.query();
  if (held?.some(({ name }) => name === lockName)) restored.resolve();
  // Two tabs would number and upload the same parts. The second gets its turn when the first is closed.
  void navigator.locks.request(lockName, async () => {
    await restore().catch(showProblem);
    isOwner = true;
    paint();
    restored.resolve();
    // The lock is held until the page is closed.
    await new Promise(() => {});
  });
}

const lockName = "dreamreel.telling";

async function restore(): Promise<void> {
  store = await opening;
  const dreamId = await store.readCurrent();
  if (dreamId !== null) await resume(dreamId);
}

/** Goes on with a dream of which this device has recorded parts. */
async function resume(dreamId: string): Promise<void> {
  await open(dreamId);
  await telling?.recover();
  isRead = false;
  void telling?.uploadAll();
  void follow();
}

/**
 * Shows the recorded parts of a dream that was filmed before, so that they can be corrected and recorded
 * again. Resolves to whether this device has them. Otherwise the recorder is hidden. `closeEarlierTold` ends
 * it.
 */
export async function openEarlierTold(dreamId: string): Promise<boolean> {
  await restored.promise;
  closeEarlierTold();
  parked = telling;
  telling = null;
  isAboutEarlier = true;
  const hasParts = isOwner && (await store.has(dreamId));
  section.hidden = !hasParts;
  if (hasParts) {
    await resume(dreamId);
    await (telling as Telling | null)?.refresh();
    isRead = true;
  }
  paint();
  return hasParts;
}

/** Shows the dream that is being told now. `recorder` hidden: only the earlier dream's parts are removed. */
export function closeEarlierTold(recorder: "shown" | "hidden" = "shown"): void {
  if (!isAboutEarlier) return;
  telling?.close();
  telling = null;
  announced.clear();
  section.hidden = recorder === "hidden";
  if (recorder === "shown") {
    isAboutEarlier = false;
    telling = parked;
    parked = null;
  }
  paint();
}

async function open(dreamId: string): Promise<Telling> {
  telling = createTelling(dreamId, await store.readParts(dreamId), store, show);
  return telling;
}

async function obtain(): Promise<Telling> {
  if (telling !== null) return telling;
  const dreamId = `told-${crypto.randomUUID()}`;
  await store.begin(dreamId);
  return open(dreamId);
}

async function start(replaces: string | null): Promise<void> {
  if (recording !== null || isOpening) return;
  isOpening = true;
  problem.hidden = true;
  paint();
  try {
    const current = await obtain();
    recording = await startRecording(replaces !== null, {
      begin: (type) => current.begin(type, replaces),
      store: store.addChunk,
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
  setText(problem, `${title}. ${advice}`);
  problem.hidden = false;
}

/** Below this a microphone is muted or far away. */
const quietDb = -60;
const loudDb = -10;
const quietMs = 4_000;

/** Shows the loudness of this moment; null: nothing is recorded. */
function showLevel(db: number | null): void {
  const share = db === null ? 0 : Math.min(1, Math.max(0, (db - quietDb) / (loudDb - quietDb)));
  meter.style.setProperty("--level", share.toFixed(2));
  setText(time, clock(recording?.seconds() ?? 0));
  const wasQuiet = isQuiet();
  quietSinceMs = db === null || db > quietDb ? null : (quietSinceMs ?? performance.now());
  if (isQuiet() === wasQuiet) return;
  setText(state, describePhase(phase()));
  if (!wasQuiet) announce(describePhase(phase()));
}

const isQuiet = () => quietSinceMs !== null && performance.now() - quietSinceMs > quietMs;

type Phase = "elsewhere" | "idle" | "opening" | "recording" | "paused";

function phase(): Phase {
  if (!isOwner) return "elsewhere";
  if (recording === null) return isOpening ? "opening" : "idle";
  return recording.isPaused ? "paused" : "recording";
}

function describePhase(now: Phase): string {
  switch (now) {
    case "elsewhere":
      return "A dream is being told in another tab. Close that tab to go on here.";
    case "idle":
      return hasParts() ? "Press Record to go on." : "Tell it aloud, in any language.";
    case "opening":
      return "Allow the microphone, if the browser asks.";
    case "recording":
      return isQuiet() ? "Nothing is heard. Is the microphone muted?" : "Recording. Speak now.";
    case "paused":
      return "Paused.";
  }
}

const hasParts = () => (telling?.views().length ?? 0) > 0;

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
  show();
  setText(state, describePhase(now));
}

function show(): void {
  const views = telling?.views() ?? [];
  const isOnline = navigator.onLine && (telling === null || telling.waiting() === null);
  const waits = views.some(({ part }) => part.state === "recorded");
  note.hidden = isOnline || !(waits || recording !== null);
  setText(
    note,
    `${telling?.waiting()?.title ?? "No connection"}. You can speak on: the recording is stored on this device and is uploaded when the connection is back.`,
  );
  const around = { isOnline, isPaused: recording?.isPaused ?? false };
  list.hidden = views.length === 0;
  for (const [id, { item }] of cards)
    if (!views.some(({ part }) => part.id === id)) {
      item.remove();
      cards.delete(id);
    }
  views.forEach((view, index) => {
    const { id } = view.part;
    const card = cards.get(id) ?? createPartCard(id, acts);
    cards.set(id, card);
    if (list.children[index] !== card.item) list.insertBefore(card.item, list.children[index] ?? null);
    card.show(view, index + 1, around, recording === null && !isOpening);
    announcePart(view, index + 1, around);
  });
  void follow();
  changed();
}

/** Speaks what has happened to a part: uploaded, text arrived, failed. */
function announcePart(view: PartView, number: number, around: Surroundings): void {
  const { text } = describePart(view, around);
  const before = announced.get(view.part.id);
  announced.set(view.part.id, text);
  if (before === undefined || before === text || view.part.state === "recording") return;
  announce(`Part ${number}: ${text}`);
}

const acts = {
  edit: (id: string, text: string) => void telling?.edit(id, text),
  again: (id: string) => void start(id),
  retry: (id: string) => void telling?.retry(id),
  async remove(id: string) {
    if (!(await confirmed("Delete this part?", "Its recording and its text will be deleted.", "Delete")))
      return;
    // The focused button goes with its part.
    record.focus();
    await telling?.remove(id).catch(showNotice);
  },
  listen: (id: string) => (telling as Telling).readSound(id),
};

/** Whether something is told that can become a film. */
export const isTold = (): boolean => recording !== null || (telling?.views().length ?? 0) > 0;

/** Seconds of all recorded parts; 0 if none is recorded. */
export const toldSeconds = (): number =>
  (telling?.views() ?? []).reduce((sum, { part }) => sum + part.seconds, 0);

/** The texts that are known so far, in their order. */
export const toldTexts = (): string[] => (telling?.views() ?? []).flatMap((view) => textOf(view) ?? []);

/**
 * Ends the recording and resolves to the telling when the service has every part and correction; to null if
 * a part has a problem that the person has to solve.
 */
export async function sendTold(): Promise<Telling | null> {
  await stop();
  const current = await obtain();
  await current.untilSent();
  const index = current
    .views()
    .findIndex(({ problem, segment }) => problem !== null || segment?.status === "failed");
  if (index === -1) return current;
  setText(problem, `Part ${index + 1} has a problem. Try again, record it again or delete it.`);
  problem.hidden = false;
  list.children[index]?.scrollIntoView({ block: "center" });
  return null;
}

/** The dream is filmed: the form is empty again. The recording stays on this device for some days. */
export async function endTold(): Promise<void> {
  if (telling === null) return;
  await store.endFilmed(telling.dreamId);
  telling.close();
  telling = null;
  announced.clear();
  paint();
}

/** The dream that is being told here or in another tab; it is no finished one. Null: none. */
export const toldDreamId = async (): Promise<string | null> =>
  opening.then((opened) => opened.readCurrent()).catch(() => null);

/** Ends the recording when the person leaves the form. */
export const leaveTelling = (): void => void stop();
