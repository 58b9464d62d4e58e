/**
 * How soon a film can be watched that is still being made, and what changing one of its scenes takes: the studio in a
 * real Chromium, before a local cloud whose AI takes as long as the real one does (2 s a text, 6 s a picture, 3 s a
 * voice). All of it in one run; ratios hold on other machines, seconds do not.
 *
 *   npm run bench -- live            about two minutes
 *   npm run bench -- live --json     ends with the figures as one line of JSON
 */
import type { JobEvent } from "../contract/event.ts";
import { openStudio, type Studio } from "../tests/studio/open-studio.ts";
import { submitDream } from "../tests/studio/submit-dream.ts";

const latency = "text=2000,picture=6000,voice=3000";
const lengthSeconds = 33;
const dream = `I was flying over a city made of glass. Every window held a different season.
When I landed, my grandmother was waiting with a lantern. The street turned into a slow green river.
We rowed to a lighthouse that hummed like a bell. At the top a whale swam past the lamp, and I woke up.`;

interface Figure {
  name: string;
  seconds: number;
  goal?: string;
}

export async function run(args: string[]): Promise<void> {
  const studio = await openStudio(latency);
  try {
    const figures = await benchLive(studio);
    for (const { name, seconds, goal } of figures) {
      console.log(`${name.padEnd(58)}${seconds.toFixed(2).padStart(8)}${goal ? `   ${goal}` : ""}`);
    }
    if (args.includes("--json")) {
      console.log(JSON.stringify(Object.fromEntries(figures.map(({ name, seconds }) => [name, seconds]))));
    }
  } finally {
    await studio.close();
  }
}

async function benchLive(studio: Studio): Promise<Figure[]> {
  const { page, context } = await studio.open({ viewport: { width: 1280, height: 900 } });
  await page.evaluate(rememberFirstFrame);
  const askedAt = Date.now();
  const dreamId = await submitDream(page, { dream, look: "Storybook", seconds: lengthSeconds });
  await untilEnded(studio, dreamId);
  const firstFrame = await page.evaluate<number>("globalThis.firstFrameAt");
  const made = await studio.log(dreamId);
  const timeOf = (type: JobEvent["type"], like: Record<string, unknown> = {}) =>
    timeOfEvent(made, type, like);
  const since = (at: number, start: number) => (at - start) / 1000;
  const bought = ["picture", "voice"].map((what) => timeOf("job.cost", { for: what, scene: 0 }));
  const ready = Math.max(...bought);
  const whole = since(timeOf("job.completed"), askedAt);
  const scenes = made.filter(({ type }) => type === "scene.ready").length;

  const redoAt = Date.now();
  await redoScene(studio, dreamId, Math.floor(scenes / 2));
  await untilEnded(studio, dreamId);
  const again = since(timeOfEvent(await studio.log(dreamId), "job.completed"), redoAt);
  await context.close();

  const timeToFirstFrame = since(firstFrame, askedAt);
  return [
    { name: "scenes", seconds: scenes },
    { name: "button -> storyboard", seconds: since(timeOf("job.storyboard"), askedAt) },
    {
      name: "storyboard -> first scene's picture and voice",
      seconds: since(ready, timeOf("job.storyboard")),
    },
    {
      name: "first scene's picture and voice -> in the playlist",
      seconds: since(timeOf("film.playable", { rendition: "360p" }), ready),
    },
    { name: "first scene's picture and voice -> frame", seconds: since(firstFrame, ready), goal: "<= 2" },
    {
      name: "first scene's picture and voice -> 1080p in the playlist",
      seconds: since(timeOf("film.playable", { rendition: "1080p" }), ready),
    },
    { name: "time_to_first_frame: button -> frame in the browser", seconds: timeToFirstFrame },
    { name: "button -> film finished", seconds: whole },
    {
      name: "time_to_first_frame / film finished",
      seconds: timeToFirstFrame / whole,
      goal: "< 0.40, aim 0.30",
    },
    { name: "redo of one scene's picture", seconds: again },
    { name: "redo / film finished", seconds: again / whole, goal: "< 0.40" },
  ];
}

function timeOfEvent(events: JobEvent[], type: JobEvent["type"], like: Record<string, unknown> = {}): number {
  const isLike = ({ data }: JobEvent) =>
    Object.entries(like).every(([key, value]) => (data as Record<string, unknown>)[key] === value);
  const found = events.find((event) => event.type === type && isLike(event));
  if (!found) throw new Error(`no ${type} ${JSON.stringify(like)} in the log`);
  return Date.parse(found.at);
}

/** Runs in the page, which may have no video yet: keeps the time at which the first frame of a film was shown. */
const rememberFirstFrame = `new MutationObserver((_, observer) => {
  const video = document.querySelector("video");
  if (video === null) return;
  observer.disconnect();
  video.requestVideoFrameCallback(() => { globalThis.firstFrameAt = Date.now(); });
}).observe(document, { subtree: true, childList: true, attributes: true })`;

async function redoScene({ info }: Studio, dreamId: string, scene: number): Promise<void> {
  const response = await fetch(`${info.edge_url}/dreams/${dreamId}/scenes/${scene}/redo`, {
    method: "POST",
    headers: { authorization: `Bearer ${info.api_key}`, "content-type": "application/json" },
    body: JSON.stringify({ picture: "A red paper boat on a black lake at night, far from any shore" }),
  });
  if (response.status !== 202) throw new Error(`redo: ${response.status} ${await response.text()}`);
}

async function untilEnded(studio: Studio, dreamId: string): Promise<void> {
  for (;;) {
    const { status, error } = await studio.status(dreamId);
    if (status === "completed") return;
    if (status !== "queued" && status !== "processing")
      throw new Error(`${status}: ${JSON.stringify(error)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
