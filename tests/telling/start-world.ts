/** The whole way of a told dream: edge, queue, AI simulator and a render worker, as processes. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type ProcessGroup, startGroup } from "../../local/process-group.ts";
import { root } from "../../local/root.ts";
import { untilReady } from "../../local/until-ready.ts";
import { type Cloud, startCloud } from "../chaos/cloud.ts";
import { workerEnvironment } from "../chaos/worker-environment.ts";
import { freePort } from "../free-port.ts";
import { smallWorker } from "../stack/run-script.ts";

export interface World {
  cloud: Cloud;
  /** For files of a test; it is removed with the world. */
  folder: string;
  /** Starts the worker of small films on a port of its own. */
  startWorker(): Promise<ProcessGroup>;
  /** What the simulator's voice says, as WAV: the simulator recognises it when it hears it. */
  speak(text: string, voice?: string): Promise<Buffer>;
  /** The sound in another form: ffmpeg's arguments between the input and the output. */
  convert(sound: Buffer, args: readonly string[], format: string): Promise<Buffer>;
  stop(): Promise<void>;
}

export async function startWorld(): Promise<World> {
  const stateDir = mkdtempSync(join(tmpdir(), "dreamreel-told-"));
  const cloud = await startCloud(stateDir);
  // The films are small, and to paint a picture in full size costs 0.7 CPU seconds.
  await cloud.breakOpenai({ picture_scale: 0.35 });
  const workers: ProcessGroup[] = [];
  let files = 0;
  return {
    cloud,
    folder: stateDir,
    async startWorker() {
      const port = await freePort();
      const worker = startGroup("worker", [process.execPath, smallWorker], {
        cwd: root,
        logPath: join(cloud.logDir, `worker-${port}.log`),
        env: {
          PATH: process.env.PATH,
          NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
          ...workerEnvironment(cloud, String(port)),
          PORT: String(port),
          METRICS_PORT: String(port),
          OPENAI_BASE_URL: `${cloud.openaiUrl}/v1`,
          OPENAI_API_KEY: "local",
        },
      });
      workers.push(worker);
      await untilReady(worker, `http://127.0.0.1:${port}/ready`, cloud.logDir);
      return worker;
    },
    async speak(text, voice = "sage") {
      const response = await fetch(`${cloud.openaiUrl}/v1/audio/speech`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: "Bearer local" },
        body: JSON.stringify({ model: "gpt-4o-mini-tts", input: text, voice, response_format: "wav" }),
      });
      if (!response.ok) throw new Error(`speech: ${response.status} ${await response.text()}`);
      return Buffer.from(await response.arrayBuffer());
    },
    async convert(sound, args, format) {
      const from = join(stateDir, `sound-${files++}`);
      const to = `${from}.${format}`;
      await writeFile(from, sound);
      await ffmpeg(["-i", from, ...args, to]);
      return readFile(to);
    },
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop(5_000)));
      await cloud.stop();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

const run = promisify(execFile);

const ffmpeg = (args: readonly string[]) => run("ffmpeg", ["-v", "error", "-nostdin", "-y", ...args]);
