/** The operators' page in a real Chromium, with one local cloud for all tests. */
import { afterAll, beforeAll } from "vitest";
import { actOnJobs } from "./act-suite.ts";
import { lookAtJobs } from "./jobs-suite.ts";
import { type Ops, openOps } from "./open-ops.ts";
import { usePage } from "./page-suite.ts";

let ops: Ops;

beforeAll(async () => {
  ops = await openOps();
});
afterAll(() => ops?.studio.close());

usePage(() => ops);
lookAtJobs(() => ops);
actOnJobs(() => ops);
