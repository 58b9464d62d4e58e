/** How many films of one owner may wait for an approval, and that they are not counted as being made. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Problem } from "../../contract/problem.ts";
import { gateOf } from "./gate.ts";
import { type Edge, startEdge } from "./harness.ts";

let edge: Edge;
let key: string;
beforeAll(async () => {
  edge = await startEdge({ ACTIVE_JOBS: "1 1", OWNER_WAITING: "2 2" });
  key = (await edge.newKey()).key;
});
afterAll(() => edge.close());

it("lets films wait without a place among those being made, up to a number of their own, which the answer names", async () => {
  const { waiting } = gateOf(edge, key);
  const [first, second] = [await waiting(), await waiting()];
  const did = await edge.newDream(key);
  const finish = (body: object) => edge.call<Problem>("POST", `/dreams/${did}/finish`, { key, body });
  expect(await finish({ pause_after: "storyboard" })).toMatchObject({
    ...{ status: 409, json: { code: "job.too_many_waiting", detail: expect.stringContaining("At most 2") } },
  });
  expect((await finish({})).status).toBe(202);
  // One film is being made, which is all that may be.
  expect(await edge.approve(first, 1)).toMatchObject({
    ...{ status: 429, json: { code: "job.too_many", detail: expect.stringContaining("do not count") } },
  });
  expect((await edge.status(first)).status).toBe("waiting");
  await edge.call("POST", `/dreams/${did}/cancel`, { key });
  expect((await edge.approve(first, 1)).status).toBe(202);
  expect((await edge.approve(first, 1)).status).toBe(202);
  expect(await edge.approve(second, 1)).toMatchObject({ status: 429 });
});
