/**
 * Ten films whose worker process is killed after it has bought sheets and first pictures. Another process
 * makes them, with the ledger of an edge in workerd.
 */
import { mkdtempSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { FilmCost } from "../../contract/cost.ts";
import type { VideoQueued, VideoStatus } from "../../contract/job.ts";
import type { Storyboard } from "../../contract/storyboard.ts";
import { type Cloud, startCloud } from "../chaos/cloud.ts";
import { History } from "../chaos/history.ts";
import { Machine } from "../chaos/workers.ts";
import { until } from "../until.ts";
import { dreams } from "./dreams.ts";
import { expectMarks } from "./expect-marks.ts";

const stateDir = mkdtempSync(join(tmpdir(), "cast-crash-"));
let cloud: Cloud;
let machines: Machine[] = [];
beforeAll(async () => {
  cloud = await startCloud(stateDir);
  await cloud.breakOpenai({ picture_scale: 0.1 });
  const options = {
    slots: dreams.length,
    faults: { edgeLoss: 0, storeLoss: 0 },
    random: () => 1,
    program: join("tests", "cast", "worker.ts"),
  };
  machines = ["doomed", "sound"].map((name) => new Machine(name, cloud, new History(), options));
});
afterAll(async () => {
  await Promise.all(machines.map((machine) => machine.stop()));
  await cloud?.stop();
  await rm(stateDir, { recursive: true, force: true });
});

async function ask<T>(key: string, path: string, body?: object): Promise<T> {
  const response = await fetch(cloud.edgeUrl + path, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** A file of the film that the second attempt has left. */
const filmed = (job: string, name: string) => readFile(join(stateDir, "films", `${job}.2`, name));

/** Every owner has one dream, so that no sheet is another film's. */
async function request(transcript: string, n: number) {
  const [did, key] = [`dream-${n}`, await cloud.newKey(`owner-${n}`)];
  await ask(key, "/dreams", { id: did, transcript });
  const options = { cast: true, length_seconds: 33 };
  return { did, key, job: (await ask<VideoQueued>(key, `/dreams/${did}/finish`, options)).job_id };
}

it("shows the same people, and buys no sheet twice, after a crash of the worker and a takeover", async () => {
  const [doomed, sound] = machines as [Machine, Machine];
  const films = await Promise.all(dreams.map(({ first }, n) => request(first, n)));
  await doomed.start(String(films.length));
  expect(await doomed.untilCrashed()).toBe(true);
  const { length: billedBefore } = (await cloud.bill()).billed;
  // A storyboard, a sheet and a picture of each film, at least.
  expect(billedBefore).toBeGreaterThanOrEqual(films.length * 3);

  await sound.start();
  const clock = setInterval(() => void cloud.sweep(), 2_000);
  let bought = 0;
  let sheets = 0;
  try {
    for (const { did, key, job } of films) {
      const status = await until(
        () => ask<VideoStatus>(key, `/dreams/${did}/video-status`),
        (now) => now.status === "completed" || now.status === "failed",
        120_000,
      );
      expect(status).toMatchObject({ status: "completed", attempt: 2, warnings: [] });
      const storyboard = JSON.parse(String(await filmed(job, "storyboard.json"))) as Storyboard;
      expect(storyboard.scenes).toHaveLength(6);
      const pictures = await Promise.all(storyboard.scenes.map((_, n) => filmed(job, `${n}.png`)));
      await expectMarks(storyboard, pictures);
      const { lines, outcome_unknown } = await ask<FilmCost>(key, `/dreams/${did}/cost`);
      expect([outcome_unknown, new Set(lines.map(({ state }) => state))]).toEqual([0, new Set(["paid"])]);
      const sheetLines = lines.filter(({ asset, scene }) => asset === "picture" && scene === null);
      expect(sheetLines).toHaveLength(storyboard.cast?.length ?? 0);
      expect(lines).toHaveLength(sheetLines.length + storyboard.scenes.length + 1);
      bought += lines.length;
      sheets += sheetLines.length;
    }
  } finally {
    clearInterval(clock);
  }
  expect(sheets).toBeGreaterThanOrEqual(films.length * 3);
  // The provider's own bill has each of them once: storyboards, sheets and pictures.
  expect((await cloud.bill()).billed).toHaveLength(bought);
});
