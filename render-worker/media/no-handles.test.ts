/** The real ffmpeg on a machine that has no file handles left. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { Transient } from "../errors.ts";
import { runFfmpeg } from "./ffmpeg.ts";

const times = 20;

it(`says that it can open no more files, ${times} times: no input is at fault`, async () => {
  process.env.FFMPEG_PATH = fileURLToPath(new URL("./fixtures/few-files.sh", import.meta.url));
  const cwd = await mkdtemp(join(tmpdir(), "no-handles-"));
  for (let time = 0; time < times; time++) {
    const error = await runFfmpeg({
      inputs: [{ source: "/dev/zero", options: ["-f", "rawvideo", "-s", "320x240", "-t", "1"] }],
      outputs: [{ file: "out.nut", options: ["-c:v", "rawvideo"] }],
      cwd,
      signal: new AbortController().signal,
      timeoutMs: 20_000,
    }).then(
      () => undefined,
      (failure: unknown) => failure,
    );
    expect(error).toBeInstanceOf(Transient);
    expect(error).toMatchObject({ code: "ffmpeg.no_resources" });
  }
  await rm(cwd, { recursive: true });
});
