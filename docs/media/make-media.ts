/**
 * `npm run docs:media`: makes the pictures of the README from a real run. It starts the local cloud, makes
 * three films, records the studio's page in Chromium while the first one is being made, and writes into this
 * folder:
 *
 *   film-being-made.webp   the recording, with the making in fast motion
 *   <sample>.jpg           the poster of each film
 *
 * It prints the cells of the README's table of films.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { chromium, type Page } from "playwright-core";
import { type ApiClient, createApiClient, download } from "../../cli/api-client.ts";
import { watchFilm } from "../../cli/watch-film.ts";
import { readLocalPlace } from "../../command-line/local-cloud.ts";
import type { VideoStatus } from "../../contract/job.ts";
import { findBrowser } from "../../local/find-browser.mjs";
import { root } from "../../local/root.ts";
import { startStack } from "../../local/stack.ts";
import { untilStopped } from "../../local/until-stopped.ts";

const folder = join(root, "docs", "media");
const posterHeight = 300;
const recordedSize = { width: 820, height: 980 };
const shownWidth = 560;
/** The making is shown in fast motion; before it and after it everything takes the time that it took. */
const makingSeconds = 12;
const playingSeconds = 8;
const framesPerSecond = 8;
/** How long the written dream stays on the screen before the button is pressed. */
const readingMs = 3_000;
/** GitHub shows larger pictures too, but a reader waits for them. */
const mostBytes = 3_000_000;

const samples = [
  {
    name: "glass-city",
    look: "Storybook",
    options: { style: "storybook", aspect: "16:9", length_seconds: 25 },
    dream:
      "I was flying over a city made of glass. Every window held a different season. When I landed, my grandmother was waiting with a lantern. The street turned into a slow green river.",
  },
  {
    name: "whale-stair",
    options: { style: "ink", aspect: "1:1", length_seconds: 10 },
    dream: "I walked down a stair of light into the sea. A whale was waiting for me there. It sang.",
  },
  {
    name: "lighthouse",
    options: { style: "watercolor", aspect: "9:16", length_seconds: 10 },
    dream:
      "We rowed to a lighthouse that hummed like a bell. At the top, the moon came in and sat down beside us.",
  },
] as const;
type Sample = (typeof samples)[number];

const run = promisify(execFile);
const stopped = untilStopped();
const scratch = await mkdtemp(join(tmpdir(), "dreamreel-media-"));
// A state of its own: in the usual one the films may be there already, and cost nothing.
const place = readLocalPlace({ ...process.env, DREAMREEL_STATE: join(scratch, "state") });
const stack = await startStack(place, stopped.signal);
try {
  const api = createApiClient(stack.info.edge_url, stack.info.api_key);
  const [first, ...others] = samples;
  await showFilm(first, await recordStudio(`${stack.info.edge_url}/#key=${stack.info.api_key}`, first, api));
  for (const sample of others) {
    const dream = await api.createDream({ transcript: sample.dream });
    await api.finish(dream.id, sample.options);
    await showFilm(sample, await watchFilm(api, dream.id, () => {}, stopped.signal));
  }
} finally {
  await stack.stop();
  await rm(scratch, { recursive: true });
}
process.exit();

/** Makes the sample's film through the studio and records the page until the film is ready. */
async function recordStudio(
  address: string,
  sample: (typeof samples)[0],
  api: ApiClient,
): Promise<VideoStatus> {
  const browser = await chromium.launch({
    executablePath: findBrowser() ?? "chromium",
    args: ["--no-sandbox"],
  });
  try {
    const page = await browser.newPage({ viewport: recordedSize, colorScheme: "dark" });
    await page.goto(address);
    await page.getByRole("textbox", { name: "Your dream" }).fill(sample.dream);
    await page.getByRole("radio", { name: sample.look }).check();
    await page.getByLabel("Length").fill(String(sample.options.length_seconds));
    await page.evaluate("scrollTo(0, 0)");
    const recording = await record(page);
    await sleep(readingMs);
    const pressedAt = recording.elapsedMs();
    await page.getByRole("button", { name: "Dream it" }).click();
    await page.waitForURL(/#\/dreams\//);
    const dreamId = page.url().split("/").at(-1) as string;
    const status = await watchFilm(api, dreamId, () => {}, stopped.signal);
    const readyAt = recording.elapsedMs();
    await page.evaluate("void Object.assign(document.querySelector('video'), { currentTime: 0 }).play()");
    await sleep(playingSeconds * 1_000);
    await writePicture(await recording.end(), pressedAt, readyAt);
    return status;
  } finally {
    await browser.close();
  }
}

interface Shot {
  path: string;
  /** Milliseconds of the recording's clock. */
  at: number;
}

interface Recording {
  /** The recording's clock. It stands while a film that has played to its end is black. */
  elapsedMs(): number;
  end(): Promise<Shot[]>;
}

/** Keeps what the page shows, as often as `framesPerSecond`. */
async function record(page: Page): Promise<Recording> {
  const startedAt = performance.now();
  let blackMs = 0;
  let blackSince: number | null = null;
  const elapsedMs = () => (blackSince ?? performance.now()) - startedAt - blackMs;
  const shots: Shot[] = [];
  const cast = await page.context().newCDPSession(page);
  cast.on("Page.screencastFrame", async ({ data, sessionId }) => {
    const isBlack = await page.evaluate("document.querySelector('video')?.ended === true").catch(() => false);
    if (isBlack) blackSince ??= performance.now();
    else if (blackSince !== null) {
      blackMs += performance.now() - blackSince;
      blackSince = null;
    }
    const at = elapsedMs();
    if (!isBlack && at - (shots.at(-1)?.at ?? Number.NEGATIVE_INFINITY) > 900 / framesPerSecond) {
      const path = join(scratch, `shot-${shots.length}.jpg`);
      shots.push({ path, at });
      await writeFile(path, Buffer.from(data, "base64"));
    }
    await cast.send("Page.screencastFrameAck", { sessionId }).catch(() => {});
  });
  await cast.send("Page.startScreencast", { format: "jpeg", quality: 92 });
  return {
    elapsedMs,
    async end() {
      await cast.send("Page.stopScreencast");
      return shots;
    },
  };
}

/**
 * Joins the shots to an animated WebP. What lies between `pressedAt` and `readyAt` is compressed to
 * `makingSeconds`.
 */
async function writePicture(shots: readonly Shot[], pressedAt: number, readyAt: number): Promise<void> {
  const speed = (readyAt - pressedAt) / (makingSeconds * 1_000);
  const shownMs = (at: number) =>
    Math.min(at, pressedAt) +
    Math.max(0, Math.min(at, readyAt) - pressedAt) / speed +
    Math.max(0, at - readyAt);
  const endMs = readyAt + playingSeconds * 1_000;
  const lines = shots.map(({ path, at }, i) => {
    const seconds = (shownMs(shots[i + 1]?.at ?? endMs) - shownMs(at)) / 1_000;
    return `file '${path}'\nduration ${Math.max(0.01, seconds).toFixed(3)}`;
  });
  const list = join(scratch, "shots.txt");
  await writeFile(list, `ffconcat version 1.0\n${lines.join("\n")}\n`);
  const picture = join(folder, "film-being-made.webp");
  const filter = `fps=${framesPerSecond},scale=${shownWidth}:-2:flags=lanczos`;
  const encoder = ["-c:v", "libwebp_anim", "-quality", "60", "-compression_level", "6", "-loop", "0"];
  await run("ffmpeg", [
    "-v",
    "error",
    "-y",
    "-f",
    "concat",
    "-safe",
    "0",
    "-i",
    list,
    "-vf",
    filter,
    ...encoder,
    picture,
  ]);
  const { size } = await stat(picture);
  if (size > mostBytes) throw new Error(`${picture} has ${size} bytes; ${mostBytes} are allowed`);
  console.log(
    `film-being-made.webp: ${size} bytes, ${shots.length} shots, ${speed.toFixed(1)} times as fast as it was`,
  );
}

/** Writes the film's poster and prints its cell. */
async function showFilm(sample: Sample, status: VideoStatus): Promise<void> {
  if (status.status !== "completed" || status.poster_url === null)
    throw new Error(`${sample.name}: ${status.error?.message ?? status.status}`);
  const whole = join(scratch, `${sample.name}.jpg`);
  await download(status.poster_url, whole);
  const poster = join(folder, `${sample.name}.jpg`);
  await run("ffmpeg", [
    "-v",
    "error",
    "-y",
    "-i",
    whole,
    "-vf",
    `scale=-2:${posterHeight}`,
    "-q:v",
    "5",
    poster,
  ]);
  const { style, aspect } = sample.options;
  const figures = `${status.duration_seconds?.toFixed(1)} s, ${status.scenes.ready} scenes, $${status.cost_usd.toFixed(3)}`;
  const picture = `<img src="docs/media/${sample.name}.jpg" height="200" alt="" />`;
  console.log(
    `<td valign="top">${picture}<br />${sample.dream}<br /><sub>${style}, ${aspect}: ${figures}</sub></td>`,
  );
}
