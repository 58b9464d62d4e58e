/**
 * `node bench/api/count-d1.ts`: what one call of the API asks of D1, counted by D1 itself. The last line that
 * it prints is JSON of `D1Use` by name of the call. A process of its own, because the edge's code has the
 * types of Workers.
 */

import { filmKey } from "../../contract/storage.ts";
import { startEdgeInProcess } from "../../tests/edge/edge-in-process.ts";
import type { D1Use } from "./d1-use.ts";

/** The use of D1 by name of the call. Work after the answer counts too. */
async function countD1(): Promise<Record<string, D1Use>> {
  const edgeInProcess = await startEdgeInProcess({ fresh: true });
  const { edge, watched, ask, claim, charges, progress, report, completion } = edgeInProcess;
  try {
    const uses: Record<string, D1Use> = {};
    const count = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
      watched.forget();
      const result = await work();
      const { trips, statements, rowsRead, rowsWritten } = watched;
      uses[name] = { trips, statements: statements.length, rowsRead, rowsWritten };
      return result;
    };
    const made = await ask("POST", "/dreams", { transcript: "A sea." });
    const path = `/dreams/${made.json.id}`;
    const { json } = await count("finish", () => ask("POST", `${path}/finish`));
    await count("status, queued", () => ask("GET", `${path}/video-status`));
    const { dream_id, attempt } = (await count("claim", () => claim(json.job_id))).json;
    await count("charges, one purchase", () => charges(json.job_id, attempt));
    await count("progress, three events", () => progress(json.job_id, attempt));
    const heartbeat = { job_id: json.job_id, attempt, stage: "scenes", progress: 30, scenes_total: 2 };
    const said = { ...heartbeat, scenes_ready: 1, cost_usd: 0.01, events: [] };
    await count("heartbeat of a job", () => report(`/internal/jobs/${json.job_id}/progress`, said));
    const machine = {
      worker_id: "w",
      region: "r",
      version: "1",
      slots: 1,
      leaving: false,
      every_seconds: 45,
    };
    const workerPath = "/internal/workers/w/sign-of-life";
    for (let n = 0; n < 17; n++) await count("heartbeat of a machine", () => report(workerPath, machine));
    await edge.media.put(filmKey(dream_id, json.job_id, attempt, "film.mp4"), "film");
    const end = completion(dream_id, json.job_id, attempt);
    await count("complete", () => report(`/dreams/${dream_id}/video-complete`, end));
    await count("status, completed", () => ask("GET", `${path}/video-status`));
    return uses;
  } finally {
    await edge.close();
  }
}

console.log(JSON.stringify(await countD1()));
