/** A dream that its owner has not named: the storyboard's title, the owner's title, and a download's name. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Dream } from "../../contract/dream.ts";
import type { VideoQueued } from "../../contract/job.ts";
import { type Edge, type Job, startEdge } from "./harness.ts";

let edge: Edge;
let key: string;
beforeAll(async () => {
  edge = await startEdge();
  ({ key } = await edge.newKey());
});
afterAll(() => edge.close());

async function newUnnamedJob(options: object = {}): Promise<Job> {
  const body = { transcript: "I flew over a city of glass." };
  const { id } = (await edge.call<Dream>("POST", "/dreams", { key, body })).json;
  return edge.jobOf(key, id, await finish(id, options));
}
const finish = async (did: string, body: object = {}) =>
  (await edge.call<VideoQueued>("POST", `/dreams/${did}/finish`, { key, body })).json.job_id;
const titleOf = async ({ did }: Job) => (await edge.call<Dream>("GET", `/dreams/${did}`, { key })).json.title;
const report = (job: Job, title: string) =>
  edge.progress(job, 1, {
    events: [{ n: 1, event: { type: "job.storyboard", data: { title, language: "en", scenes: [] } } }],
  });

it("has the title of its storyboard until its owner names it, and so have its downloads", async () => {
  const job = await newUnnamedJob({ captions: "none" });
  expect(await titleOf(job)).toBeNull();
  await edge.claim(job);
  await report(job, "The Glass City");
  expect(await titleOf(job)).toBe("The Glass City");
  await edge.putFilm(job, 1);
  await edge.complete(job, 1);
  const status = await edge.status(job);
  expect(status.options).toMatchObject({ captions: "none", style: "dreamlike", aspect: "16:9" });

  const disposition = async (query = "") =>
    (await edge.call("HEAD", status.video_url + query)).headers.get("content-disposition");
  expect(await disposition("?download")).toContain('filename="The Glass City.mp4"');
  expect(await disposition(), "a player asks for no attachment").toBeNull();

  await edge.call("PATCH", `/dreams/${job.did}`, { key, body: { title: "مدينة الزجاج" } });
  expect(await titleOf(job)).toBe("مدينة الزجاج");
  const named = encodeURIComponent("مدينة الزجاج.mp4");
  expect(await disposition("?download")).toBe(`attachment; filename="film.mp4"; filename*=UTF-8''${named}`);
  const { data } = (await edge.call<{ data: Dream[] }>("GET", "/dreams", { key })).json;
  expect(data[0]?.title).toBe("مدينة الزجاج");
});

it("is asked for like the first time when its film failed, so that nothing is bought twice", async () => {
  const job = await newUnnamedJob();
  await edge.claim(job);
  await report(job, "The Glass City");
  await edge.call("POST", `/dreams/${job.did}/cancel`, { key });
  const inputOf = async (id: string) => JSON.parse(String((await edge.row({ id }))?.input));
  expect(await inputOf(await finish(job.did))).toEqual(await inputOf(job.id));
});
