import { expect, it } from "vitest";
import type { Output } from "../command-line/output.ts";
import type { Take, TakeList } from "../contract/takes.ts";
import { type ApiClient, ApiProblem } from "./api-client.ts";
import { chooseTake, showTakes } from "./takes.ts";

const take = (number: number, is_chosen = false): Take => ({
  ...{ id: `${number}`.padEnd(16, "0"), asset: "picture", number, status: "ready", is_chosen },
  ...{ prompt: "A sea.", cost_usd: 0.04, created_at: "2026-11-28T02:00:00Z", job_id: "job" },
  ...{ picture_url: `http://edge/${number}.jpg`, audio_url: null, error: null },
  ...{ film_url: null, is_softened: false, is_file_gone: false },
});

/** An API with a dream of one film, and what was asked of it. */
function fakeApi(job: TakeList["job"] = null, takes = [take(1, true), take(2)]) {
  const asked: unknown[][] = [];
  const list: TakeList = {
    ...{ dream_id: "d", scene: 1, film_job_id: "job", job, takes },
    price: { picture_usd: 0.04, voice_usd: 0.01 },
  };
  const api = {
    takes: async () => list,
    buyTakes: async (...args: unknown[]) => {
      asked.push(args);
      return { job_id: "job_2", at_most_usd: 0.5 };
    },
  } as unknown as ApiClient;
  return { api, asked };
}

const lines: string[] = [];
const output: Output = {
  isForPeople: false,
  say: () => {},
  note: (line) => void lines.push(line),
  result: (_, text) => void lines.push(text),
};

it("lists a scene's pictures without buying one", async () => {
  lines.length = 0;
  const { api, asked } = fakeApi();
  await showTakes(api, { dreamId: "d", scene: 2 }, output);
  expect(asked).toEqual([]);
  expect(lines).toEqual([
    " 1  in the film $0.0400  A sea.\n    http://edge/1.jpg",
    " 2  ready       $0.0400  A sea.\n    http://edge/2.jpg",
  ]);
});

it("says that a picture was painted from gentler words, that a file is gone, and where a film's voice is heard", async () => {
  lines.length = 0;
  const { api } = fakeApi(null, [
    { ...take(1), is_softened: true },
    { ...take(2), picture_url: null, is_file_gone: true },
    { ...take(3), picture_url: null, film_url: "http://edge/film.mp4#t=1,2" },
  ]);
  await showTakes(api, { dreamId: "d", scene: 2 }, output);
  expect(lines.map((line) => line.split("\n    ").slice(1))).toEqual([
    ["http://edge/1.jpg", "painted from gentler words: the provider refused the description"],
    ["its file is not kept any more; it may still be chosen"],
    ["http://edge/film.mp4#t=1,2"],
  ]);
});

it("buys as many as asked for, and says the most that they cost", async () => {
  lines.length = 0;
  const { api, asked } = fakeApi({ job_id: "job_2", scene: 1, status: "completed", error: null });
  await showTakes(api, { dreamId: "d", scene: 2, count: 3, prompt: "A lake." }, output);
  expect(asked).toEqual([["d", 1, { asset: "picture", count: 3, prompt: "A lake." }]]);
  expect(lines[0]).toBe("buying 3, for at most $0.50");
});

it("says why none could be bought", async () => {
  const error = { code: "budget.owner_exceeded", message: "The budget of the day is spent" };
  const { api } = fakeApi({ job_id: "job_2", scene: 1, status: "failed", error });
  await expect(showTakes(api, { dreamId: "d", scene: 2, count: 1 }, output)).rejects.toThrow(error.message);
});

it("explains a scene or a number that is none", async () => {
  const { api } = fakeApi();
  await expect(showTakes(api, { dreamId: "d", scene: 0 }, output)).rejects.toThrow("number from 1");
  await expect(showTakes(api, { dreamId: "d", scene: 1, prompt: "x" }, output)).rejects.toThrow("--count");
  await expect(chooseTake(api, { dreamId: "d", scene: 2, number: 9 }, output)).rejects.toThrow(
    "scene 2 has no picture 9",
  );
});

it.each([
  ["listed", (api: ApiClient) => showTakes(api, { dreamId: "d", scene: 9 }, output)],
  ["bought", (api: ApiClient) => showTakes(api, { dreamId: "d", scene: 9, count: 2 }, output)],
  ["chosen", (api: ApiClient) => chooseTake(api, { dreamId: "d", scene: 9, number: 1 }, output)],
])("counts the scenes of a film from 1 where one is asked for that it lacks, to be %s", async (_, act) => {
  const missing = async () => {
    throw new ApiProblem("scene.out_of_range", "The film has 4 scenes, counted from 0.");
  };
  const status = async () => ({ scenes: { total: 4, ready: 4 } });
  const api = { takes: missing, buyTakes: missing, status } as unknown as ApiClient;
  await expect(act(api)).rejects.toThrow("There is no scene 9: the film has the scenes 1 to 4.");
});
