import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Cancelled, Poison, Transient } from "../errors.ts";
import { type FfmpegRun, probe, runFfmpeg } from "./ffmpeg.ts";

let cwd = "";
beforeAll(() => {
  process.env.FFMPEG_PATH = fileURLToPath(new URL("./fixtures/misbehaving-ffmpeg.sh", import.meta.url));
});
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "ffmpeg-"));
  return () => rm(cwd, { recursive: true, force: true });
});
afterAll(() => {
  delete process.env.FFMPEG_PATH;
});

const run = (name: string, more: Partial<FfmpegRun> = {}) =>
  runFfmpeg({
    inputs: [{ source: name }],
    outputs: [{ file: "out", options: [] }],
    cwd,
    signal: new AbortController().signal,
    timeoutMs: 20_000,
    ...more,
  });

const memoryBytes = 1024 ** 3;

const isAlive = async () => {
  const pid = Number(await readFile(join(cwd, "pid"), "utf8"));
  // The file is empty for a moment, and signalling process 0 would signal the whole process group.
  if (pid === 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const started = () => expect.poll(isAlive, { timeout: 10_000, interval: 20 }).toBe(true);
const failure = async (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("a run of ffmpeg", () => {
  it("is cancelled by its signal, and its process is gone when it says so", async () => {
    const abort = new AbortController();
    const running = failure(run("stop", { signal: abort.signal }));
    await started();
    abort.abort();
    expect(await running).toBeInstanceOf(Cancelled);
    expect(await isAlive()).toBe(false);
  });

  it("is killed five seconds after a SIGTERM that it ignores", async () => {
    const abort = new AbortController();
    const running = failure(run("hang", { signal: abort.signal }));
    await started();
    const abortedAt = performance.now();
    abort.abort();
    expect(await running).toBeInstanceOf(Cancelled);
    expect(performance.now() - abortedAt).toBeGreaterThan(4_900);
    expect(await isAlive()).toBe(false);
  });

  it("starts nothing when its signal has been aborted before", async () => {
    expect(await failure(run("stop", { signal: AbortSignal.abort() }))).toBeInstanceOf(Cancelled);
    await expect(isAlive()).rejects.toThrow("ENOENT");
  });

  it("ends at its time limit", async () => {
    const error = await failure(run("stop", { timeoutMs: 700 }));
    expect(error).toMatchObject({ code: "ffmpeg.timeout" });
    expect(error).toBeInstanceOf(Transient);
    expect(await isAlive()).toBe(false);
  });

  it.each(["flood", "long-line"])("ends a %s of stderr without keeping it", async (name) => {
    const before = process.memoryUsage.rss();
    const error = await failure(run(name, { untrusted: true }));
    expect(error).toBeInstanceOf(Poison);
    expect(await isAlive()).toBe(false);
    expect(process.memoryUsage.rss() - before).toBeLessThan(60e6);
  });

  it.each([
    ["oom", false, Transient, "ffmpeg.killed"],
    ["oom", true, Transient, "ffmpeg.killed"],
    ["segfault", false, Transient, "ffmpeg.killed"],
    ["segfault", true, Poison, "media.unreadable"],
    ["full", true, Transient, "ffmpeg.no_resources"],
    ["complain", true, Poison, "media.unreadable"],
  ] as const)(
    "that ends by %s (untrusted: %s) throws the right error",
    async (name, untrusted, kind, code) => {
      const error = await failure(run(name, { untrusted }));
      expect(error).toBeInstanceOf(kind);
      expect(error).toMatchObject({ code });
    },
  );

  it.skipIf(process.platform !== "linux")("may use no more memory than it is given", async () => {
    await run("tell-limit", { memoryBytes });
    expect(await readFile(join(cwd, "limit"), "utf8")).toBe("1048576\n");
  });

  it("that fails to allocate memory under a limit of its own has a wrong input", async () => {
    const limited = await failure(run("no-memory", { untrusted: true, memoryBytes }));
    expect(limited).toMatchObject({ code: "media.unreadable" });
    const unlimited = await failure(run("no-memory", { untrusted: true }));
    expect(unlimited).toMatchObject({ code: "ffmpeg.no_resources" });
  });

  it("that fails on our own input is a bug, and has ffmpeg's message", async () => {
    const error = (await failure(run("complain"))) as Error;
    expect(error.constructor).toBe(Error);
    expect(String(error.cause)).toContain("something about the input");
  });

  it("ends when the stream that feeds it fails", async () => {
    async function* feed() {
      yield Buffer.alloc(100_000);
      await started();
      throw new Error("the camera broke");
    }
    const source = Readable.from(feed(), { objectMode: false });
    const error = (await failure(run("", { inputs: [{ source }] }))) as Error;
    expect(error.message).toContain("input stream");
    expect(source.destroyed).toBe(true);
    expect(await isAlive()).toBe(false);
  });

  it("reports a program that cannot be started", async () => {
    const error = (await failure(run("stop", { cwd: join(cwd, "nowhere") }))) as Error;
    expect(error.constructor).toBe(Error);
  });

  it("passes options with spaces whole and takes names that look like options as files", async () => {
    const text = "a title = with; spaces 'and' quotes";
    await expect(
      run("-complain.wav", { outputs: [{ file: "-o", options: ["-metadata", `title=${text}`] }] }),
    ).rejects.toThrow();
    await run("quiet", { outputs: [{ file: "-o", options: ["-metadata", `title=${text}`] }] });
  });
});

describe("ffprobe", () => {
  it("is cancelled by its signal", async () => {
    const abort = new AbortController();
    const probing = failure(
      probe("/dev/zero", { signal: abort.signal, options: ["-f", "s16le", "-ac", "1"] }),
    );
    abort.abort();
    expect(await probing).toBeInstanceOf(Cancelled);
  });

  it("blames a file from outside, and a file of ours not", async () => {
    const { signal } = new AbortController();
    expect(await failure(probe("/dev/null", { signal, untrusted: true }))).toBeInstanceOf(Poison);
    expect((await failure(probe("/dev/null", { signal }))) as Error).not.toBeInstanceOf(Poison);
  });
});

describe.skipIf(process.platform !== "linux")("a run of ffprobe", () => {
  it("may use no more memory than it is given", async () => {
    const report = '{"streams":[],"format":{"format_name":"wav"}}';
    await writeFile(join(cwd, "ffprobe"), `#!/bin/sh\nulimit -v > ${cwd}/limit\necho '${report}'\n`, {
      mode: 0o755,
    });
    const { PATH = "" } = process.env;
    process.env.PATH = `${cwd}:${PATH}`;
    try {
      await probe("file", { signal: new AbortController().signal, memoryBytes });
    } finally {
      process.env.PATH = PATH;
    }
    expect(await readFile(join(cwd, "limit"), "utf8")).toBe("1048576\n");
  });
});
