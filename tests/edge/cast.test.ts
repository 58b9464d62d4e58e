/** Who and what an owner's films have shown, and what later films are told of it. */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { KnownCast } from "../../contract/cast.ts";
import type { ClaimAnswer, ClaimedJob } from "../../contract/claim.ts";
import { limits } from "../../contract/limits.ts";
import { assetKey } from "../../contract/storage.ts";
import { type Edge, type Job, startEdge } from "./harness.ts";

let edge: Edge;
let key: string;
beforeAll(async () => {
  edge = await startEdge();
});
beforeEach(async () => {
  key = (await edge.newKey()).key;
});
afterAll(() => edge.close());

const sheet = (word: string) => createHash("sha256").update(word).digest("hex");
const grandmother = { id: "g", kind: "person", name: "Grandmother", description: "An old woman" };
const wolf = { id: "w", kind: "animal", name: "Wolf", description: "A grey wolf" };

/** A film whose storyboard has this cast, as its worker reports it. */
async function film(cast: object[], options: object = { cast: true }): Promise<Job> {
  const job = await edge.newJob(key, options);
  await edge.claim(job);
  await tell(job, cast);
  return job;
}
async function tell(job: Job, cast: object[], attempt = 1): Promise<void> {
  const scenes = [{ narration: "A sea.", picture: "A sea." }];
  const event = { type: "job.storyboard" as const, data: { title: "T", language: "en", cast, scenes } };
  await edge.progress(job, attempt, { events: [{ n: 1, event }] as never });
}

const list = async (by = key) => (await edge.call<KnownCast>("GET", "/cast", { key: by })).json.cast;
const names = async (by = key) => (await list(by)).map(({ name }) => name).toSorted();
const forget = (id: string, by = key) => edge.call("DELETE", `/cast/${id}`, { key: by });
async function toldOf(options: object = { cast: true }): Promise<ClaimedJob["known_cast"]> {
  const claimed = (await edge.claim(await edge.newJob(key, options))).json as ClaimAnswer;
  return claimed.outcome === "claimed" ? claimed.known_cast : [];
}
const withoutId = ({ kind, name, description }: typeof wolf) => ({ kind, name, description });

it("are told to the next film with a cast, and to no other owner's", async () => {
  expect(await toldOf()).toEqual([]);
  await film([grandmother, wolf]);
  expect(await list()).toContainEqual({
    ...withoutId(wolf),
    ...{ has_sheet: false, photo_added_at: null },
    id: expect.any(String) as string,
    used_at: expect.any(String) as string,
  });
  expect(await names()).toEqual(["Grandmother", "Wolf"]);
  expect(await toldOf()).toEqual([withoutId(wolf), withoutId(grandmother)]);
  expect(await toldOf({})).toEqual([]);
  const { key: other } = await edge.newKey();
  expect(await list(other)).toEqual([]);
});

it("are not told to films of the dream that showed them first, so that it asks the same again", async () => {
  const job = await film([grandmother]);
  await edge.call("POST", `/dreams/${job.did}/cancel`, { key });
  const again = await edge.call<{ job_id: string }>("POST", `/dreams/${job.did}/finish`, {
    key,
    body: { cast: true },
  });
  const claimed = (await edge.claim({ id: again.json.job_id })).json as ClaimedJob;
  expect(claimed.known_cast).toEqual([]);
});

it("are the same in every attempt, whatever other films have shown meanwhile", async () => {
  await film([grandmother]);
  const job = await edge.newJob(key, { cast: true });
  const first = (await edge.claim(job)).json as ClaimedJob;
  await film([wolf]);
  await edge.release(job, 1);
  const second = (await edge.claim(job)).json as ClaimedJob;
  expect(second.attempt).toBe(2);
  expect(second.known_cast).toEqual(first.known_cast);
});

it("get the newest description by kind and name, whatever its case, and stay one", async () => {
  await film([grandmother]);
  await film([
    { ...grandmother, name: "GRANDMOTHER", description: "A tall woman" },
    { ...grandmother, kind: "place" },
  ]);
  expect((await list()).map(({ kind, description }) => `${kind}: ${description}`).toSorted()).toEqual([
    "person: A tall woman",
    "place: An old woman",
  ]);
});

it("keep the description that their owner has written, whatever a film says that was requested before", async () => {
  const [before, after] = ["before", "after"].map(sheet);
  await film([grandmother]);
  const earlier = await edge.newJob(key, { cast: true });
  const change = { kind: "person", name: "Grandmother", description: "A tall woman" };
  expect((await edge.call("POST", "/cast", { key, body: change })).status).toBe(201);
  await film([{ ...change, id: "g", sheet: after }]);
  await edge.claim(earlier);
  await tell(earlier, [{ ...grandmother, sheet: before }]);
  expect(await toldOf()).toEqual([change]);
  const kept = () => list().then(([member]) => edge.call("GET", `/cast/${member?.id}/sheet`, { key }));
  for (const one of [before, after]) await edge.media.put(assetKey(one ?? "", "png"), one ?? "");
  expect((await kept()).text).toBe(after);
  await forget((await list())[0]?.id ?? "");
  expect(await edge.media.head(assetKey(before ?? "", "png"))).toBeNull();
});

it("are written by the attempt that holds the job alone", async () => {
  const job = await edge.newJob(key, { cast: true });
  await edge.claim(job);
  await edge.release(job, 1);
  await edge.claim(job);
  await tell(job, [wolf], 1);
  expect(await names()).toEqual([]);
  await tell(job, [grandmother], 2);
  expect(await names()).toEqual(["Grandmother"]);
});

it("lose those used longest ago, and keep out what is too long", async () => {
  const job = await edge.newJob(key, { cast: true });
  await edge.claim(job);
  await edge.sql(
    `INSERT INTO cast_members SELECT 'old-' || value, (SELECT owner_id FROM jobs WHERE id = ?), 'place', value, value,
       'd', '', 'x', 'x', 1, value, NULL, NULL, NULL FROM json_each(?)`,
    ...[job.id, JSON.stringify(Array.from({ length: limits.knownCast }, (_, n) => n + 1))],
  );
  await tell(job, [grandmother, { ...wolf, description: "x".repeat(limits.castDescriptionChars + 1) }]);
  const kept = await names();
  expect(kept).toHaveLength(limits.knownCast);
  expect(kept).toContain("Grandmother");
  expect(kept).not.toContain("1");
  expect(await toldOf()).toHaveLength(limits.toldCast);
});

it("go with their reference sheets when their owner deletes them, and no other owner can", async () => {
  const sheets = ["ink", "noir"].map(sheet);
  await film([{ ...grandmother, sheet: sheets[0] }]);
  await film([{ ...grandmother, sheet: sheets[1] }, wolf]);
  await Promise.all(sheets.map((one) => edge.media.put(assetKey(one, "png"), "sheet")));
  const { id = "" } = (await list()).find(({ name }) => name === "Grandmother") ?? {};
  const { key: other } = await edge.newKey();
  expect((await forget(id, other)).status).toBe(204);
  expect(await names()).toEqual(["Grandmother", "Wolf"]);
  expect((await forget(id)).status).toBe(204);
  expect(await names()).toEqual(["Wolf"]);
  for (const one of sheets) expect(await edge.media.head(assetKey(one, "png"))).toBeNull();
  expect((await forget(id)).status).toBe(204);
  expect(await toldOf()).toEqual([withoutId(wolf)]);
});

it("go with the last dream that showed them", async () => {
  const [first, second] = [await film([grandmother, wolf]), await film([grandmother])];
  await edge.call("DELETE", `/dreams/${first.did}`, { key });
  expect(await names()).toEqual(["Grandmother"]);
  await edge.call("DELETE", `/dreams/${second.did}`, { key });
  expect(await names()).toEqual([]);
});

it("are not kept in the jobs of other dreams once these are filmed or wait for their owner", async () => {
  const shown = await film([grandmother]);
  const kept = async (options: object, end: (job: Job) => Promise<unknown>) => {
    const job = await edge.newJob(key, { cast: true, ...options });
    const claimed = (await edge.claim(job)).json as ClaimedJob;
    expect(claimed.known_cast).toHaveLength(1);
    await end(job);
    return job.id;
  };
  const jobs = [
    await kept({}, async (job) => {
      await edge.putFilm(job, 1);
      await edge.complete(job, 1);
    }),
    await kept({ pause_after: "storyboard" }, (job) => edge.pause(job, 1)),
  ];
  await edge.call("DELETE", `/dreams/${shown.did}`, { key });
  const rows = await edge.sql<{ input: string }>(
    "SELECT input FROM jobs WHERE id IN (SELECT value FROM json_each(?))",
    JSON.stringify(jobs),
  );
  expect(rows).toHaveLength(2);
  for (const { input } of rows) expect(input).not.toContain("Grandmother");
});
