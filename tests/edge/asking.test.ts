/**
 * A film whose owner decides before it is paid for: the real worker, edge and ledger, and the AI simulator
 * with its own bill.
 */
import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import type { WaitingStoryboard } from "../../contract/approval.ts";
import type { PausePoint } from "../../contract/film.ts";
import { createAi } from "../../render-worker/ai/create-ai.ts";
import { guardAi } from "../../render-worker/ai/guard-ai.ts";
import { createEdgeClient } from "../../render-worker/clients/edge.ts";
import { Slots } from "../../render-worker/flow/slots.ts";
import { runJob } from "../../render-worker/job.ts";
import type { FilmPorts } from "../../render-worker/pipeline/film-context.ts";
import { makeFilm } from "../../render-worker/pipeline/make-film.ts";
import { createLog } from "../../render-worker/runtime/log.ts";
import { createMetrics } from "../../render-worker/runtime/metrics.ts";
import { parseProviders } from "../../render-worker/runtime/providers.ts";
import { useLedgerAndSimulator } from "../chaos/use-ledger.ts";
import { createFakeStorage } from "../fakes/fake-storage.ts";
import { type Job, secrets, tally } from "./harness.ts";

const { edge, simulator, folder } = await useLedgerAndSimulator();

const providers = parseProviders({
  OPENAI_API_KEY: "local",
  OPENAI_BASE_URL: `${simulator.origin}/v1`,
  VOICE_CHAIN: "speech",
});
const metrics = createMetrics({ version: "1", region: "test" }, { activeJobs: () => 1, slots: 1 });
const client = createEdgeClient(edge.url.href, secrets.CALLBACK_SECRETS.split(" ")[0] as string, "w");
const { storage } = createFakeStorage(folder);
const small = (width: number, height: number) => ({
  ...{ "16:9": { width, height }, "9:16": { width, height }, "1:1": { width, height } },
});
const ai = guardAi(createAi(providers), metrics, ["speech"]);
const ports: FilmPorts = {
  ...{ providers, metrics, edge: client, graceMs: 1_000 },
  // As small as films and pictures come.
  sizes: { film: small(320, 180), preview: small(160, 90) },
  storage: {
    ...storage,
    async putFile(name, from, ...rest) {
      await storage.putFile(name, from, ...rest);
      // The edge looks for the finished film.
      if (name.endsWith("film.mp4")) await edge.media.put(name, await readFile(from));
    },
  },
  ai: { ...ai, paint: (request, signal) => ai.paint({ ...request, size: "256x256" as "1024x1024" }, signal) },
  encoders: new Slots(2),
  purchases: new Slots(6),
  markMedia: async () => "unavailable",
};

/** Lets a worker take the job and do what it can. */
const work = (job: Job) =>
  runJob(
    { jobId: job.id, queue: "standard" },
    {
      ...{ edge: client, edgeUrl: edge.url.href, scratchDir: folder, metrics },
      log: createLog("fatal", {}),
      makeFilm: (claimed, scratch, progress, signal) => makeFilm(claimed, scratch, progress, signal, ports),
    },
    new AbortController().signal,
  );

const bill = async () => {
  const { billed } = await simulator.ledger();
  const said = billed.flatMap(({ said: words }) => (words === null ? [] : [words]));
  return { counts: tally(billed.map(({ capability }) => capability)), said };
};

it.each<[PausePoint, object, object]>([
  ["storyboard", { text: 1 }, { text: 1, picture: 2, voice: 2 }],
  ["pictures", { text: 1, picture: 2 }, { text: 1, picture: 3, voice: 2 }],
])("stops after its %s, and is then filmed as its owner has changed it", async (pause_after, shown, made) => {
  await simulator.reset();
  const { key } = await edge.newKey();
  const dream = `I flew over a silver sea for ${pause_after}. A town was lit under the water.`;
  const job = await edge.newJob(key, { pause_after, length_seconds: 10 }, dream);
  expect(await work(job)).toBe("ack");
  expect((await bill()).counts).toEqual(shown);
  expect((await edge.status(job)).status).toBe("waiting");

  const read = await edge.call<WaitingStoryboard>("GET", `/dreams/${job.did}/storyboard`, { key });
  const { revision, title, scenes, price, picture_urls } = read.json;
  expect(picture_urls.map((one) => one !== null)).toEqual(scenes.map(() => pause_after === "pictures"));
  expect(price.spent_usd).toBeGreaterThan(0);
  const [first, second] = scenes as [(typeof scenes)[0], (typeof scenes)[0]];
  // The second scene first, and the first with another picture and other words.
  const changed = { ...first, picture: "A green door in a wall.", narration: "Then a green door opened." };
  const edited = await edge.call<WaitingStoryboard>("PUT", `/dreams/${job.did}/storyboard`, {
    ...{ key, body: { title, scenes: [second, changed] }, headers: { "if-match": `"${revision}"` } },
  });
  expect(edited.json.picture_urls.map((one) => one !== null)).toEqual([pause_after === "pictures", false]);

  expect((await edge.approve(job, edited.json.revision)).status).toBe(202);
  expect(await work(job)).toBe("ack");
  const { counts, said } = await bill();
  expect(counts).toEqual(made);
  expect(said.sort()).toEqual([second.narration, changed.narration].sort());
  expect(await edge.status(job)).toMatchObject({ status: "completed", scenes: { total: 2, ready: 2 } });
  const [row] = await edge.sql<{ data: string }>(
    "SELECT data FROM events WHERE job_id = ? AND type = 'job.storyboard' ORDER BY seq DESC LIMIT 1",
    job.id,
  );
  expect(JSON.parse(row?.data ?? "").scenes.map(({ picture }: typeof first) => picture)).toEqual([
    second.picture,
    changed.picture,
  ]);
});
