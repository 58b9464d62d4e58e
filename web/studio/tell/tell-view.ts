/** The form's recorder: the dream that is told now or was told before, its parts and their texts. */
import { confirmed } from "../../shared/confirm.ts";
import { byId, setText } from "../../shared/element.ts";
import { openSegmentEvents } from "../api/segments.ts";
import { showNotice } from "../notice.ts";
import { pauseUntilOnline, untilOffline } from "../watch/network.ts";
import { createFollower } from "./follow-texts.ts";
import { isPending, textOf } from "./part.ts";
import { createPartList } from "./part-list.ts";
import { openPartStore, type PartStore } from "./part-store.ts";
import { createRecorderPanel } from "./recorder-panel.ts";
import { createTelling, type Telling } from "./telling.ts";

const section = byId("tell", HTMLElement);
const note = byId("tell-note", HTMLElement);

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
/** No other tab tells a dream. */
let isOwner = false;
let isRead = true;
let changed = () => {};
const never = new AbortController().signal;
const panel = createRecorderPanel({
  obtain,
  addChunk: (...chunk) => store.addChunk(...chunk),
  isOwner: () => isOwner,
  hasParts: () => (telling?.views().length ?? 0) > 0,
  painted: show,
});
const list = createPartList({
  edit: (id, text) => void telling?.edit(id, text),
  again: (id) => void panel.start(id),
  retry: (id) => void telling?.retry(id),
  async remove(id) {
    if (!(await confirmed("Delete this part?", "Its recording and its text will be deleted.", "Delete")))
      return;
    // The focused button goes with its part.
    panel.focus();
    await telling?.remove(id).catch(showNotice);
  },
  listen: (id) => (telling as Telling).readSound(id),
});

const follow = createFollower({
  isPending: () => telling !== null && (!isRead || telling.views().some(isPending)),
  isBusy: () => panel.isRecording() || (telling?.views() ?? []).some(({ part }) => part.state === "recorded"),
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
  addEventListener("online", panel.paint);
  addEventListener("offline", panel.paint);
  panel.paint();
  const { held } = await navigator.locks.query();
  if (held?.some(({ name }) => name === lockName)) restored.resolve();
  // Two tabs would number and upload the same parts. The second gets its turn when the first is closed.
  void navigator.locks.request(lockName, async () => {
    await restore().catch(panel.showProblem);
    isOwner = true;
    panel.paint();
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
  panel.paint();
  return hasParts;
}

/** Shows the dream that is being told now. `recorder` hidden: only the earlier dream's parts are removed. */
export function closeEarlierTold(recorder: "shown" | "hidden" = "shown"): void {
  if (!isAboutEarlier) return;
  telling?.close();
  telling = null;
  list.forget();
  section.hidden = recorder === "hidden";
  if (recorder === "shown") {
    isAboutEarlier = false;
    telling = parked;
    parked = null;
  }
  panel.paint();
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

function show(): void {
  const views = telling?.views() ?? [];
  const isOnline = navigator.onLine && (telling === null || telling.waiting() === null);
  const waits = views.some(({ part }) => part.state === "recorded");
  note.hidden = isOnline || !(waits || panel.isRecording());
  setText(
    note,
    `${telling?.waiting()?.title ?? "No connection"}. You can speak on: the recording is stored on this device and is uploaded when the connection is back.`,
  );
  const around = { isOnline, isPaused: panel.isPaused() };
  list.show(views, around, panel.isIdle());
  void follow();
  changed();
}

/** Whether something is told that can become a film. */
export const isTold = (): boolean => panel.isRecording() || (telling?.views().length ?? 0) > 0;

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
  await panel.stop();
  const current = await obtain();
  await current.untilSent();
  const index = current
    .views()
    .findIndex(({ problem, segment }) => problem !== null || segment?.status === "failed");
  if (index === -1) return current;
  panel.showText(`Part ${index + 1} has a problem. Try again, record it again or delete it.`);
  list.reveal(index);
  return null;
}

/** The dream is filmed: the form is empty again. The recording stays on this device for some days. */
export async function endTold(): Promise<void> {
  if (telling === null) return;
  await store.endFilmed(telling.dreamId);
  telling.close();
  telling = null;
  list.forget();
  panel.paint();
}

/** The dream that is being told here or in another tab; it is no finished one. Null: none. */
export const toldDreamId = async (): Promise<string | null> =>
  opening.then((opened) => opened.readCurrent()).catch(() => null);

/** Ends the recording when the person leaves the form. */
export const leaveTelling = (): void => void panel.stop();
