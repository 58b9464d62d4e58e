import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { Output } from "../command-line/output.ts";
import type { ApiClient } from "./api-client.ts";
import type { GivenFilmOptions } from "./film-options.ts";
import { makeAgain, makeFilm } from "./make-film.ts";

const transcript = "I flew over a sea.";
const folder = mkdtempSync(join(tmpdir(), "dreamreel-make-"));
let films: Server;
let happened: string[];

beforeAll(async () => {
  films = createServer((_, response) => response.end("a film"));
  await new Promise<void>((done) => films.listen(0, "127.0.0.1", done));
});
afterAll(() => {
  films.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  happened = [];
});

const storyboard = {
  ...{
    revision: 3,
    at: "storyboard",
    expires_at: "2026-12-05T00:00:00.000Z",
    title: "The sea",
    language: "en",
  },
  scenes: [{ narration: "I flew over a sea.", picture: "A sea." }],
  ...{ picture_urls: [null], price: { spent_usd: 0.01, expected_usd: 0.04, at_most_usd: 0.1 } },
};

/** An API whose films cost $0.05 and are done at once, or never; `waits`: once they are approved. */
function fakeApi(title: string | null, isDone = true, waits = false): ApiClient {
  let isWaiting = waits;
  const called = <T>(name: string, answer: unknown) => {
    happened.push(name);
    return Promise.resolve(answer as T);
  };
  const video_url = `http://127.0.0.1:${(films.address() as AddressInfo).port}/film.mp4`;
  const status = {
    ...{ status: isDone ? "completed" : "processing", video_url, progress: 50, stage: "scenes" },
    ...{ scenes: { total: 1, ready: 1 }, duration_seconds: 5, timings: null },
    ...{ created_at: null, completed_at: null, options: null },
    warnings: ["Scene 1 is painted without AI."],
  };
  return {
    estimate: () => called("estimate", { scenes: 1, seconds: 6, cost_usd: 0.05, at_most_usd: 0.1 }),
    createDream: () => called("createDream", { id: "dream-1" }),
    finish: () => called("finish", {}),
    status: () => called("status", isWaiting ? { ...status, status: "waiting" } : status),
    dream: () => called("dream", { title }),
    cost: () => called("cost", { total_usd: 0.05, estimated_usd: 0, reused: 0, saved_usd: 0 }),
    cancel: () => called("cancel", undefined),
    takes: () => called("takes", undefined),
    buyTakes: () => called("buyTakes", undefined),
    choose: () => called("choose", undefined),
    list: () => called("list", undefined),
    cast: () => called("cast", { cast: [] }),
    addMember: () => called("addMember", undefined),
    deleteMember: () => called("deleteMember", undefined),
    putPhoto: () => called("putPhoto", undefined),
    deletePhoto: () => called("deletePhoto", undefined),
    storyboard: () => called("storyboard", storyboard),
    approve: () => {
      isWaiting = false;
      return called("approve", {});
    },
    transcript: () => called("transcript", undefined),
  };
}

const output: Output = {
  isForPeople: false,
  say: (line) => void happened.push(`say ${line}`),
  note: (line) => void happened.push(`note ${line}`),
  result: (_, text) => void happened.push(`result ${text}`),
};
const make = (given: GivenFilmOptions & { out?: string }, api = fakeApi(null)) =>
  makeFilm(api, transcript, { out: folder, ...given }, output, () => () => {});

it.each<[string, GivenFilmOptions & { out?: string }, string]>([
  ["a place that is not there", { out: join(folder, "nowhere", "film.mp4") }, "--out"],
  ["a budget below the price", { maxCost: 0.01 }, "--max-cost 0.01: the film would cost about $0.0500"],
  ["a pronunciation that is too long", { pronounce: { sea: "s".repeat(500) } }, "--pronounce"],
])("refuses %s before it stores the dream", async (_, given, message) => {
  await expect(make(given)).rejects.toThrow(message);
  expect(happened.filter((what) => /createDream|finish/.test(what))).toEqual([]);
});

it("says before the film is asked for how many words of a long dream fit", async () => {
  const shortening = { unit: "words", has: 3_000, fit: 80 };
  const answer = { scenes: 5, seconds: 30, cost_usd: 0.2, at_most_usd: 0.6, shortening };
  await make({}, { ...fakeApi(null), estimate: async () => answer as never });
  expect(happened[0]).toMatch(/has 3,000 words, and a film of 30 s has room for about 80: the rest is/);
  expect(happened.indexOf("finish")).toBeGreaterThan(0);
});

it("may exceed a budget with --on-budget degrade, which the film then keeps to", async () => {
  await make({ maxCost: 0.01, onBudget: "degrade" });
  expect(happened).toContain("finish");
});

it("says price and id before the film is asked for, and warnings at its end", async () => {
  await make({});
  expect(happened.slice(0, 5)).toEqual([
    ...["estimate", expect.stringMatching(/^say about \$0\.05 for 1 scene, 6 s\n/), "createDream"],
    ...["note dream dream-1", "finish"],
  ]);
  expect(happened[1], "why it may cost more").toMatch(/never more than \$0\.10: .* repeated\. --max-cost/s);
  expect(happened.at(-1)).toMatch(/^warning +Scene 1 is painted without AI/m);
});

it("names the file after the title, else after the first words, and overwrites none", async () => {
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
  writeFileSync(join(folder, "夢の海.mp4"), "another film");
  await make({}, fakeApi("夢の海!"));
  await make({}, fakeApi("Über den Dächern / 3"));
  await make({});
  expect(readdirSync(folder).sort()).toEqual(
    ["i-flew-over-a-sea.mp4", "über-den-dächern-3.mp4", "夢の海-2.mp4", "夢の海.mp4"].sort(),
  );
});

it("says at Ctrl-C how to cancel the film, and leaves it to be made", async () => {
  const interruptAtOnce = (react: () => void) => {
    react();
    return () => {};
  };
  await expect(makeFilm(fakeApi(null, false), transcript, {}, output, interruptAtOnce)).rejects.toThrow(
    "still being made, and paid for. Stop it: npx dreamreel cancel dream-1",
  );
  expect(happened).not.toContain("cancel");
});

const asked = (answer: boolean | null) =>
  makeFilm(
    fakeApi(null, true, true),
    transcript,
    { out: folder, pause: "storyboard" },
    output,
    () => () => {},
    answer === null ? null : async () => answer,
  );

it("shows the storyboard with its price, and makes the film after a yes", async () => {
  await asked(true);
  expect(happened.filter((what) => /storyboard|approve|^say \n/.test(what))).toEqual([
    "storyboard",
    expect.stringMatching(
      /The sea\n +1 {2}I flew over a sea\.\n +picture: A sea\.\nabout \$0\.04 .* at most \$0\.10/,
    ),
    "approve",
  ]);
  expect(happened.at(-1)).toMatch(/^warning /m);
});

it.each([
  ["after a no", false],
  ["without a terminal", null],
])("buys nothing more %s, and says how to approve the film later", async (_, answer) => {
  await asked(answer);
  expect(happened).not.toContain("approve");
  expect(happened.at(-1)).toContain("npx dreamreel approve dream-1");
});

it.each([
  [{}, {}],
  [{ newStoryboard: true as const }, { new_storyboard: true }],
])(
  "makes a film again with the options that it had, and says whose storyboard it starts from",
  async (given, asked) => {
    const api = fakeApi("Sea");
    const options = { style: "ink", pause_after: "storyboard" };
    const requests: unknown[] = [];
    const again = makeAgain(
      {
        ...api,
        status: async (id) => ({ ...(await api.status(id)), options }),
        finish: async (id, request) => {
          requests.push(request);
          return { ...(await api.finish(id, request)), storyboard_of: "job-1" };
        },
      },
      "dream-1",
      { out: folder, ...given },
      output,
    );
    await again;
    expect(requests).toEqual([{ ...options, ...asked }]);
    expect(happened).toContain("say It starts from the storyboard that you changed.");
  },
);

it("says that a film is made again from a new storyboard where no changed one is left", async () => {
  const api = fakeApi("Sea");
  const status = async (id: string) => ({ ...(await api.status(id)), options: null });
  await makeAgain({ ...api, status }, "dream-1", { out: folder }, output);
  expect(happened).toContain("say It starts from a new storyboard.");
});
