import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WorkerEvent } from "../../contract/event.ts";
import { type Edge, startEdge } from "./harness.ts";
import { listen } from "./listen.ts";

let edge: Edge;
let key: string;
beforeAll(async () => {
  edge = await startEdge();
  ({ key } = await edge.newKey());
});
afterAll(() => edge.close());

const streamOf = (did: string, query = "") => new URL(`/dreams/${did}/video-events${query}`, edge.url);
const withKey = { authorization: "" };
beforeAll(() => {
  withKey.authorization = `Bearer ${key}`;
});

describe("a dream's live stream", () => {
  it("begins with a snapshot, tells the log, goes along live, and ends with the job", async () => {
    const job = await edge.newJob(key);
    const heard = listen(streamOf(job.did), { headers: withKey });
    await edge.claim(job);
    await edge.progress(job, 1, { progress: 20, events: [voice(1, 0)] });
    await edge.progress(job, 1, { progress: 40 });
    await edge.putFilm(job, 1);
    await edge.complete(job, 1);
    const { frames, isOver, headers } = await heard;
    expect(isOver).toBe(true);
    expect(headers.get("content-type")).toBe("text/event-stream");
    expect(frames[0]).toMatchObject({ event: "snapshot", id: null });
    expect(frames.filter(({ id }) => id !== null).map(({ event, id }) => `${id} ${event}`)).toEqual([
      `${job.id}:1 job.queued`,
      `${job.id}:2 job.started`,
      `${job.id}:3 scene.voice`,
      `${job.id}:4 job.completed`,
    ]);
  });
});

const voice = (n: number, scene: number): { n: number; event: WorkerEvent } => ({
  n,
  event: { type: "scene.voice", data: { scene, seconds: 1.5, reused: false } },
});
