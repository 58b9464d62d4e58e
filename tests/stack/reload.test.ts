/**
 * `npm run dev` on a copy of the checkout, whose code changes while the cloud runs; and the README's calls,
 * pasted before the cloud is up.
 */
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readStackInfo, type StackInfo } from "../../command-line/local-cloud.ts";
import type { VideoStatus } from "../../contract/job.ts";
import { runCommand } from "../../doctor/run-command.ts";
import { root } from "../../local/root.ts";
import { freePort } from "../free-port.ts";
import { until } from "../until.ts";
import { placeMigratedState } from "./migrated-state.ts";

const parts = [
  ...[
    "build/studio",
    "build/camera.wasm",
    "build/camera-plain.wasm",
    "cli",
    "command-line",
    "contract",
    "db",
  ],
  ...[
    "edge",
    "local",
    "package.json",
    "render-worker",
    "simulators",
    "tsconfig.base.json",
    "web",
    "wrangler.toml",
  ],
];
const copy = mkdtempSync(join(tmpdir(), "dreamreel-copy-"));
let stateDir: string;
let dev: ReturnType<typeof spawn>;
let printed = "";
let pasted: Promise<string>;
let cloud: StackInfo;

beforeAll(async () => {
  for (const part of parts)
    cpSync(join(root, part), join(copy, part), { recursive: true, preserveTimestamps: true });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  const port = await freePort(4);
  stateDir = join(copy, ".local", String(port));
  await placeMigratedState(stateDir);
  const { DREAMREEL_STATE: _, ...env } = process.env;
  dev = spawn(process.execPath, ["local/dev.ts"], {
    cwd: copy,
    env: { ...env, DREAMREEL_PORT: String(port), OPENAI_BASE_URL: "" },
  });
  for (const stream of [dev.stdout, dev.stderr])
    stream?.setEncoding("utf8").on("data", (line: string) => {
      printed += line;
    });
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const [block = ""] = readme.match(/(?<=```sh\n)until [\s\S]*?(?=```)/) ?? [];
  const shell = spawn("bash", [], { cwd: copy, env });
  pasted = text(shell.stdout);
  shell.stdin.end(
    block.replaceAll("localhost:8787", `localhost:${port}`).replaceAll(".local/", `.local/${port}/`),
  );
  cloud = await until(() => {
    if (dev.exitCode !== null) throw new Error(`The cloud ended:\n${printed}`);
    return readStackInfo(stateDir);
  });
});

afterAll(async () => {
  const ended = new Promise((resolve) => dev.once("exit", resolve));
  if (dev.exitCode === null && dev.kill("SIGTERM")) await ended;
  rmSync(copy, { recursive: true, force: true });
});

it("README: its calls wait for the cloud, make a film, and end with its bill", async () => {
  const answers = await pasted;
  expect(answers).toContain("event: job.completed");
  expect(answers).toMatch(/"video_url":"http[^"]+film\.mp4"/);
  expect(answers).toMatch(/"total_usd":0\.\d+/);
});

it("shows a new caption colour in the next film, and an edited page, while the rest runs on", async () => {
  await control({ latency_ms: { picture: 120_000 } });
  const id = await askForFilm();
  await until(async () => (await status(id)).stage === "scenes");
  edit("render-worker/captions/ass/script.ts", "&H00FFFFFF,&H00FFFFFF", "&H00FF00FF,&H00FF00FF");
  edit("web/studio/index.html", "</title>", " edited</title>");
  // The worker hands the job back and the next one takes it up; a lease would end only after a minute.
  await until(async () => (await status(id)).status === "queued");
  await control({ latency_ms: { picture: 0 } });
  const film = await until(
    () => status(id),
    (answer) => answer.status === "completed",
  );
  expect(film.attempt).toBe(2);
  expect(await countMagenta(film.video_url as string)).toBeGreaterThan(100);
  expect(await (await fetch(cloud.edge_url)).text()).toContain("edited</title>");
  expect(readStackInfo(stateDir)?.pids).toEqual({
    ...cloud.pids,
    worker: expect.not.toBeOneOf([cloud.pids.worker]),
  });
});

it("says which process died and where its log is, and starts it again", async () => {
  process.kill(cloud.pids.queue, "SIGKILL");
  await until(() => printed.includes("The queue is up again."));
  expect(printed).toContain(`queue ended unexpectedly (SIGKILL); its log: ${stateDir}/logs/queue.log`);
  expect(dev.exitCode).toBeNull();
});

function edit(path: string, from: string, to: string): void {
  const before = readFileSync(join(copy, path), "utf8");
  expect(before).toContain(from);
  writeFileSync(join(copy, path), before.replace(from, to));
}

async function call(path: string, body?: object): Promise<unknown> {
  const response = await fetch(cloud.edge_url + path, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${cloud.api_key}`, "content-type": "application/json" },
    body: body === undefined ? null : JSON.stringify(body),
  });
  expect(response.ok, path).toBe(true);
  return response.json();
}

const status = (id: string) => call(`/dreams/${id}/video-status`) as Promise<VideoStatus>;

async function askForFilm(): Promise<string> {
  const { id } = (await call("/dreams", { transcript: "A whale sang to me under the ice." })) as {
    id: string;
  };
  await call(`/dreams/${id}/finish`, { length_seconds: 10, captions: "sentence" });
  return id;
}

const control = (change: object) =>
  fetch(new URL("/_control", cloud.openai_url), {
    ...{ method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(change) },
  });

/** Pixels of the new colour in a frame of a second after the film's start, at a quarter of its size. */
async function countMagenta(url: string): Promise<number> {
  const frame = join(copy, "frame.ppm");
  const args = ["-v", "error", "-ss", "1.5", "-i", url, "-frames:v", "1", "-vf", "scale=480:-1", frame];
  const { code, stderr } = await runCommand("ffmpeg", args, { env: process.env, timeoutMs: 200_000 });
  expect(code, stderr).toBe(0);
  const pixels = readFileSync(frame).subarray(-480 * 270 * 3);
  let count = 0;
  for (let at = 0; at < pixels.length; at += 3) {
    const [red = 0, green = 0, blue = 0] = pixels.subarray(at, at + 3);
    if (red > 200 && green < 90 && blue > 200) count++;
  }
  return count;
}
