/**
 * Measures how soon a film can be watched while it is being made, and how long the redo of a scene takes: the
 * studio in a real Chromium with a local cloud, whose AI takes as long as the real one (2 s per text, 6 s per
 * picture, 3 s per voice). Then the same with an AI as fast as this machine. All figures come from one run;
 * ratios hold on other machines, seconds do not.
 *
 * It also prints when each event of the film and of its redo came, and what took CPU time until then: two
 * cores are shared by the worker, the simulators, the edge and the browser.
 *
 *     npm run bench -- live            about two minutes
 *     npm run bench -- live --json     ends with the figures as one line of JSON
 */
import type { Page } from "playwright-core";
import type { JobEvent } from "../contract/event.ts";
import { openStudio, type Studio } from "../tests/studio/open-studio.ts";
import { submitDream } from "../tests/studio/submit-dream.ts";
import { type Listening, listen } from "./live/listen.ts";
import { printCpu } from "./live/print-cpu.ts";
import { printEvents } from "./live/print-events.ts";
import { type CpuWatch, watchCpu } from "./live/watch-cpu.ts";

const likeTheRealOne = { text: 2_000, picture: 6_000, voice: 3_000 };
/** Seconds of AI before a film's first frame: its storyboard, then picture and voice side by side. */
const aiSeconds = (likeTheRealOne.text + likeTheRealOne.picture) / 1000;
/** Seconds of AI in the redo of a picture. */
const aiRedoSeconds = likeTheRealOne.picture / 1000;
/** Production's worker and pictures, instead of the tests' small ones. */
const fullSize = { DREAMREEL_WORKER: "render-worker/main.ts", OPENAI_SIMULATOR_PICTURE_SCALE: "1" };
const lengthSeconds = 33;
const dream = `I was flying over a city made of glass. Every window held a different season.
When I landed, my grandmother was waiting with a lantern. The street turned into a slow green river.
We rowed to a lighthouse that hummed like a bell. At the top a whale swam past the lamp, and I woke up.`;
const otherDream = `I was walking through a forest of clocks. Every tree struck another hour.
A fox in a red coat asked me for the time. We took a train that ran under the snow.
It stopped at a house with no doors. Inside, my brother was painting the moon, and I woke up.`;

interface Figure {
  name: string;
  value: number;
  goal?: string;
}

/** Prints the figures with their goals. */
export async function run({ json }: { json?: true | undefined }): Promise<void> {
  const studio = await openStudio("text=0,picture=0,voice=0", fullSize);
  const cpu = watchCpu();
  try {
    const figures = await benchLive(studio, cpu);
    for (const { name, value, goal } of figures) {
      console.log(`${name.padEnd(62)}${value.toFixed(2).padStart(8)}${goal ? `   ${goal}` : ""}`);
    }
    if (json) {
      console.log(JSON.stringify(Object.fromEntries(figures.map(({ name, value }) => [name, value]))));
    }
  } finally {
    cpu.stop();
    await studio.close();
  }
}

async function benchLive(studio: Studio, cpu: CpuWatch): Promise<Figure[]> {
  // The browser decodes and draws without a GPU, on the cores that the worker uses, so it stops at the first
  // frame.
  const { page, context } = await studio.open({
    viewport: { width: 640, height: 480 },
    reducedMotion: "reduce",
  });
  // A film before the measured one, because a cloud's first film is slower.
  const fast = await makeAndRedo(studio, page, otherDream);
  await studio.control({ latency_ms: likeTheRealOne });
  await page.reload();
  await page.evaluate(rememberFirstFrame);
  const slow = await makeAndRedo(studio, page, dream);
  const { firstFrameAt } = slow;
  printEvents("the film, seconds after the button", slow.made, slow.askedAt);
  printEvents("the redo, seconds after its request", slow.again, slow.redoAt);
  await context.close();

  const seconds = (from: number, to: number) => (to - from) / 1000;
  const { askedAt, timeOf } = slow;
  const ready = Math.max(
    timeOf("job.cost", { for: "picture", scene: 0 }),
    timeOf("job.cost", { for: "voice", scene: 0 }),
  );
  const filmedAt = slow.timeOf("job.completed");
  printCpu([
    { name: "storyboard", seconds: cpu.between(askedAt, timeOf("job.storyboard")) },
    { name: "to the first picture", seconds: cpu.between(timeOf("job.storyboard"), ready) },
    { name: "to the first frame", seconds: cpu.between(ready, firstFrameAt) },
    { name: "to the end", seconds: cpu.between(firstFrameAt, filmedAt) },
    { name: "redo", seconds: cpu.between(slow.redoAt, timeOfEvent(slow.again, "job.completed")) },
  ]);
  console.log();
  const timeToFirstFrame = seconds(askedAt, firstFrameAt);
  const redoGoal = "< 0.40";
  return [
    { name: "scenes", value: slow.scenes },
    { name: "button -> storyboard", value: seconds(askedAt, timeOf("job.storyboard")) },
    { name: "storyboard -> first picture and voice", value: seconds(timeOf("job.storyboard"), ready) },
    {
      name: "first picture and voice -> 360p in the playlist",
      value: seconds(ready, timeOf("film.playable", { rendition: "360p" })),
    },
    {
      name: "first picture and voice -> frame in the browser",
      value: seconds(ready, firstFrameAt),
      goal: "<= 2",
    },
    {
      name: "first picture and voice -> 1080p in the playlist",
      value: seconds(ready, timeOf("film.playable", { rendition: "1080p" })),
      goal: "<= 3",
    },
    { name: "time_to_first_frame: button -> frame in the browser", value: timeToFirstFrame },
    { name: "the same beyond the AI's time", value: timeToFirstFrame - aiSeconds, goal: "<= 1.2" },
    { name: "button -> film finished", value: slow.filmSeconds },
    { name: "the same beyond the AI's time", value: slow.filmSeconds - aiSeconds, goal: "<= 9" },
    {
      name: "time_to_first_frame / film finished",
      value: timeToFirstFrame / slow.filmSeconds,
      goal: "< 0.40, aim 0.30",
    },
    { name: "longest silence of the stream meanwhile", value: slow.silenceSeconds, goal: "<= 10" },
    { name: "redo of one scene's picture", value: slow.redoSeconds },
    { name: "the same beyond the AI's time", value: slow.redoSeconds - aiRedoSeconds, goal: "<= 3" },
    { name: "redo / film finished", value: slow.redoSeconds / slow.filmSeconds, goal: redoGoal },
    { name: "fast AI: button -> film finished", value: fast.filmSeconds },
    { name: "fast AI: redo of one scene's picture", value: fast.redoSeconds },
    { name: "fast AI: redo / film finished", value: fast.redoSeconds / fast.filmSeconds, goal: redoGoal },
  ];
}

async function makeAndRedo(studio: Studio, page: Page, text: string) {
  await page.goto(`${studio.info.edge_url}/#/`);
  await page.evaluate("addEventListener('click', () => { globalThis.clickedAt = Date.now(); }, true)");
  const dreamId = await submitDream(page, { dream: text, look: "Storybook", seconds: lengthSeconds });
  const askedAt = await page.evaluate<number>("globalThis.clickedAt");
  const { silenceMs } = await untilEnded(studio, dreamId);
  const made = await studio.log(dreamId);
  const firstFrameAt = await page.evaluate<number>("globalThis.firstFrameAt");
  const scenes = made.filter(({ type }) => type === "scene.ready").length;
  // No page plays meanwhile: see above.
  await page.goto(`${studio.info.edge_url}/#/`);
  const redoAt = Date.now();
  await redoScene(studio, dreamId, Math.floor(scenes / 2), text);
  await untilEnded(studio, dreamId);
  const again = await studio.log(dreamId);
  return {
    ...{ made, again, redoAt },
    askedAt,
    firstFrameAt,
    scenes,
    silenceSeconds: silenceMs / 1000,
    filmSeconds: (timeOfEvent(made, "job.completed") - askedAt) / 1000,
    redoSeconds: (timeOfEvent(again, "job.completed") - redoAt) / 1000,
    timeOf: (type: JobEvent["type"], like: Record<string, unknown> = {}) => timeOfEvent(made, type, like),
  };
}

function timeOfEvent(events: JobEvent[], type: JobEvent["type"], like: Record<string, unknown> = {}): number {
  const isLike = ({ data }: JobEvent) =>
    Object.entries(like).every(([key, value]) => (data as Record<string, unknown>)[key] === value);
  const found = events.find((event) => event.type === type && isLike(event));
  if (!found) throw new Error(`no ${type} ${JSON.stringify(like)} in the log`);
  return Date.parse(found.at);
}

/**
 * Runs in the page, which may have no video yet: stores the time at which a film's first frame was shown, and
 * pauses.
 */
const rememberFirstFrame = `new MutationObserver((_, observer) => {
  const video = document.querySelector("#film");
  if (video === null) return;
  observer.disconnect();
  video.requestVideoFrameCallback(() => { globalThis.firstFrameAt = Date.now(); video.pause(); });
}).observe(document, { subtree: true, childList: true, attributes: true })`;

/** A different picture in every film, because an asset that was bought before would be reused. */
async function redoScene({ info }: Studio, dreamId: string, scene: number, text: string): Promise<void> {
  const response = await fetch(`${info.edge_url}/dreams/${dreamId}/scenes/${scene}/redo`, {
    method: "POST",
    headers: { authorization: `Bearer ${info.api_key}`, "content-type": "application/json" },
    body: JSON.stringify({ picture: `A red paper boat on a black lake at night. ${text.slice(0, 40)}` }),
  });
  if (response.status !== 202) throw new Error(`redo: ${response.status} ${await response.text()}`);
}

/** Follows the stream, as the studio does: a question costs the emulator 10 ms of CPU. */
async function untilEnded(studio: Studio, dreamId: string): Promise<Listening> {
  const listening = await listen(studio.info, dreamId);
  const { status, error } = await studio.status(dreamId);
  if (status !== "completed") throw new Error(`${status}: ${JSON.stringify(error)}`);
  return listening;
}
