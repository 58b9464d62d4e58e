import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, renameSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCommand } from "../../doctor/run-command.ts";
import { freePort } from "../free-port.ts";
import { bareEnvironment, buildByHand, type Image, listFiles, parseDockerfile } from "./dockerfile.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const stages = parseDockerfile(readFileSync(join(root, "Dockerfile"), "utf8"));
const path = `${dirname(process.execPath)}:${process.env.PATH}`;
/** The id of Debian's `nobody`, in place of the container's user `node`. */
const nobody = 65_534;

describe("the image's Dockerfile", () => {
  it("pins Node by the exact version that the project runs on", () => {
    const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    for (const { base } of stages) expect(base).toBe(`node:${devDependencies.node}-bookworm-slim`);
  });

  it("runs as another user than root, with Node as process 1", () => {
    const last = stages.at(-1)?.steps ?? [];
    expect(last.filter(({ instruction }) => instruction === "USER").at(-1)?.text).toBe("node");
    expect(last.find(({ instruction }) => instruction === "CMD")?.text).toBe(
      '["node", "render-worker/main.ts"]',
    );
    expect(last.find(({ instruction }) => instruction === "ENTRYPOINT")).toBeUndefined();
  });

  it("has Node keep few young objects and give large buffers back, and leaves ffmpeg's memory alone", async () => {
    const settings = stages.at(-1)?.steps.filter(({ instruction }) => instruction === "ENV") ?? [];
    const set = settings.flatMap(({ text }) => text.split(" ")).map((one) => one.split(/=(.*)/s).slice(0, 2));
    const shown = `import "./render-worker/media/ffmpeg.ts";
      const { NODE_OPTIONS, MALLOC_MMAP_THRESHOLD_ = null } = process.env;
      console.log(JSON.stringify([NODE_OPTIONS, MALLOC_MMAP_THRESHOLD_]))`;
    const { stdout } = await runCommand("node", ["--input-type=module", "-e", shown], {
      cwd: root,
      env: { ...bareEnvironment(path), ...Object.fromEntries(set) },
      timeoutMs: 30_000,
    });
    expect(Object.fromEntries(set).MALLOC_MMAP_THRESHOLD_).toMatch(/^\d+$/);
    expect(JSON.parse(stdout)).toEqual(["--max-semi-space-size=2", null]);
  });

  it("names Debian packages that exist", async () => {
    const install =
      stages.flatMap(({ steps }) => steps).find(({ text }) => text.includes("apt-get install"))?.text ?? "";
    const names = /--no-install-recommends ([^&]+)/.exec(install)?.[1]?.trim().split(/\s+/) ?? [];
    expect(names).toContain("ffmpeg");
    const { code, stdout } = await runCommand("apt-cache", ["show", "--no-all-versions", ...names], {
      env: process.env,
      timeoutMs: 30_000,
    });
    if (code === 127) return;
    expect([...stdout.matchAll(/^Package: (\S+)/gm)].map((match) => match[1])).toEqual(names);
  });
});

describe("the image, built without Docker", () => {
  const folder = mkdtempSync(join(tmpdir(), "dreamreel-image-"));
  const app = () => join(image.root, image.workdir);
  let image: Image;

  beforeAll(async () => {
    chmodSync(folder, 0o755);
    image = await buildByHand(stages, root, folder, path);
  }, 300_000);
  afterAll(() => rm(folder, { recursive: true, force: true }), 120_000);

  it("contains the worker, its contract, its kernel and the doctor, and nothing else", () => {
    const files = listFiles(app());
    expect(new Set(files.map((file) => file.split("/")[0]))).toEqual(
      new Set([
        ...[".npmrc", "package.json", "package-lock.json"],
        ...["build", "contract", "render-worker", "command-line", "doctor"],
      ]),
    );
    expect(files.filter((file) => file.startsWith("build/")).sort()).toEqual([
      "build/camera-plain.wasm",
      "build/camera.wasm",
    ]);
    expect(files.filter((file) => file.endsWith(".test.ts"))).toEqual([]);
  });

  it("needs the Docker engine only for apt and the scratch folder's owner", () => {
    expect(image.leftOut).toHaveLength(2);
    expect(image.ran.map(({ result }) => result.code)).toEqual(image.ran.map(() => 0));
  });

  it("starts as a user that may write to scratch only, answers its health check, and stops on SIGTERM", async () => {
    const services = await startServices();
    const worker = await startWorker(image, services.url);
    try {
      const check = () =>
        runCommand(image.healthcheck[0] as string, image.healthcheck.slice(1), {
          env: { ...bareEnvironment(path), ...image.env, PORT: String(worker.port) },
          timeoutMs: 10_000,
        });
      await expect.poll(async () => (await check()).code, { timeout: 20_000 }).toBe(0);
      const ready = await fetch(`http://127.0.0.1:${worker.port}/ready`);
      expect(ready.status).toBe(200);
      await expect.poll(() => services.pulls(), { timeout: 10_000 }).toBeGreaterThan(0);

      worker.process.kill("SIGTERM");
      const [code] = await once(worker.process, "exit");
      expect(code, worker.output()).toBe(0);
      expect((await check()).code).toBe(1);
    } finally {
      worker.process.kill("SIGKILL");
      await services.close();
    }
  });

  it("would not build without a file it needs", async () => {
    renameSync(join(app(), "contract"), join(app(), "contract-away"));
    try {
      const { code, stderr } = await runCommand("node", ["doctor/main.ts", "--worker"], {
        cwd: app(),
        env: bareEnvironment(path),
        timeoutMs: 30_000,
      });
      expect(code).toBe(1);
      expect(stderr).toContain("ERR_MODULE_NOT_FOUND");
    } finally {
      renameSync(join(app(), "contract-away"), join(app(), "contract"));
    }
  });
});

/** A queue that is always empty. */
async function startServices() {
  let pulls = 0;
  const server = createServer((request, response) => {
    request.resume();
    if (request.url?.endsWith("/messages/pull")) pulls++;
    response.setHeader("content-type", "application/json");
    response.end(
      JSON.stringify({
        success: true,
        errors: [],
        messages: [],
        result: { message_backlog_count: 0, messages: [] },
      }),
    );
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pulls: () => pulls,
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

async function startWorker(image: Image, services: string) {
  const port = await freePort();
  const [file, ...args] = image.command;
  let text = "";
  const process_: ChildProcess = spawn(file as string, args, {
    cwd: join(image.root, image.workdir),
    ...(process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {}),
    env: {
      ...bareEnvironment(path),
      ...image.env,
      HOME: "/nonexistent",
      PORT: String(port),
      SCRATCH_DIR: join(image.root, image.env.SCRATCH_DIR as string),
      EDGE_URL: services,
      CALLBACK_SECRET: `whsec_${Buffer.alloc(32).toString("base64")}`,
      CLOUDFLARE_ACCOUNT_ID: "account",
      CLOUDFLARE_API_TOKEN: "token",
      CLOUDFLARE_API_BASE_URL: services,
      QUEUE_STANDARD_ID: "standard",
      QUEUE_PREMIUM_ID: "premium",
      S3_ENDPOINT: services,
      S3_ACCESS_KEY_ID: "key",
      S3_SECRET_ACCESS_KEY: "secret",
      OPENAI_API_KEY: "key",
    },
  });
  for (const stream of [process_.stdout, process_.stderr])
    stream?.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
  return { process: process_, port, output: () => text };
}
