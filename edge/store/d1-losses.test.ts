/** What becomes of a request whose answer from D1 is lost. */
import { randomUUID } from "node:crypto";
import { afterAll, describe, expect, it } from "vitest";
import { startEdgeInProcess } from "../../tests/edge/edge-in-process.ts";
import { secrets } from "../../tests/edge/harness.ts";
import { seeded, seedOfRun } from "../../tests/seeded.ts";

const { edge, app, watched, ask, report, claim, progress, completion, putFilm, announce, postSegment } =
  await startEdgeInProcess();
afterAll(() => edge.close());

describe("when one trip in five is lost, half of them after D1 had done it", () => {
  const random = seeded(seedOfRun);

  it(`every dream gets one film, and one end is reported, though clients and workers ask again (SEED=${seedOfRun})`, async () => {
    watched.fault = () => {
      const dice = random();
      return dice < 0.1 ? "before" : dice < 0.2 ? "after" : null;
    };
    let asked = 0;
    /** A client or worker that asks again for as long as it is told that the service is not reachable. */
    const insist = async (work: () => ReturnType<typeof ask>) => {
      for (;;) {
        asked++;
        const answer = await work();
        if (answer.status !== 503) return answer;
      }
    };
    try {
      for (let i = 0; i < 20; i++) {
        const created = randomUUID();
        const { json: dream } = await insist(() =>
          ask("POST", "/dreams", { transcript: `Dream ${i}` }, { "idempotency-key": created }),
        );
        const queued = randomUUID();
        const finished = await insist(() =>
          ask("POST", `/dreams/${dream.id}/finish`, {}, { "idempotency-key": queued }),
        );
        expect(finished.status).toBe(202);
        const { job_id } = finished.json;
        const claimId = randomUUID();
        const claimed = await insist(() => claim(job_id, claimId));
        expect(claimed.json).toMatchObject({ outcome: "claimed", attempt: 1 });
        expect((await insist(() => progress(job_id, 1))).status).toBe(200);
        const dreamId: string = claimed.json.dream_id;
        await putFilm(dreamId, job_id, 1);
        const done = await insist(() =>
          report(`/dreams/${dreamId}/video-complete`, completion(dreamId, job_id, 1)),
        );
        expect(done.json).toMatchObject({ status: "ok" });
        expect(await edge.sql("SELECT id FROM jobs WHERE dream_id = ?", dreamId)).toEqual([{ id: job_id }]);
        expect(await edge.log({ id: job_id })).toEqual([
          "job.queued",
          "job.started",
          "scene.voice",
          "scene.voice",
          "scene.voice",
          "job.completed",
        ]);
        expect(await edge.sql("SELECT video_status FROM dreams WHERE id = ?", dreamId)).toEqual([
          { video_status: "completed" },
        ]);
      }
    } finally {
      watched.fault = () => null;
    }
    expect(asked).toBeGreaterThanOrEqual(100);
  });
});

describe("a write without an Idempotency-Key whose answer from D1 was lost", () => {
  const storesNothing = new Set(["estimateFilm", "createEventsAddress"]);
  const storyboard = { title: "T", language: "en", scenes: [{ narration: "A sea.", picture: "A sea." }] };
  const admin = { authorization: `Bearer ${secrets.ADMIN_KEY}` };
  const dream = async () => (await ask("POST", "/dreams", { transcript: "A sea." })).json.id as string;
  const queued = async () => {
    const did = await dream();
    return { did, jobId: (await ask("POST", `/dreams/${did}/finish`)).json.job_id as string };
  };
  const filmed = async () => {
    const { did, jobId } = await queued();
    const { dream_id: dreamId } = (await claim(jobId)).json;
    const events = [{ n: 1, event: { type: "job.storyboard", data: storyboard } }];
    await report(`/internal/jobs/${jobId}/progress`, {
      ...{
        job_id: jobId,
        attempt: 1,
        stage: "scenes",
        progress: 1,
        scenes_total: 1,
        scenes_ready: 0,
        cost_usd: 0,
      },
      events,
    });
    await putFilm(dreamId, jobId, 1);
    await report(`/dreams/${dreamId}/video-complete`, completion(dreamId, jobId, 1));
    return { did, jobId };
  };
  const failed = async () => {
    const { did, jobId } = await queued();
    const { dream_id: dreamId } = (await claim(jobId)).json;
    await report(`/dreams/${dreamId}/video-complete`, {
      ...completion(dreamId, jobId, 1),
      ...{ status: "failed", error: "e" },
    });
    return { did, jobId };
  };
  const hook = async () =>
    (await ask("POST", "/webhooks", { url: "https://127.0.0.1:1/x" })).json.id as string;
  const apiKey = async () => (await ask("POST", "/admin/keys", { owner: "o" }, admin)).json.id as string;

  const member = async () => (await ask("POST", "/cast", { name: "N", description: "d" })).json.id as string;
  const photo = new Uint8Array(
    Buffer.from("RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\xff\xc0\x3f\0\0\0\0\0\0\0\0\0\0", "latin1"),
  );

  const waiting = async () => {
    const did = await dream();
    const { job_id } = (await ask("POST", `/dreams/${did}/finish`, { pause_after: "storyboard" })).json;
    await claim(job_id);
    const pause = { job_id, attempt: 1, at: "storyboard", storyboard };
    expect((await report(`/internal/jobs/${job_id}/pause`, pause)).status).toBe(200);
    return did;
  };

  const writes: [string, number, () => Promise<() => ReturnType<typeof ask>>][] = [
    [
      "POST /dreams",
      201,
      async () => () => ask("POST", "/dreams", { id: randomUUID(), transcript: "A sea." }),
    ],
    [
      "PATCH /dreams/{did}",
      200,
      async () => {
        const did = await dream();
        return () => ask("PATCH", `/dreams/${did}`, { title: "T" });
      },
    ],
    [
      "DELETE /dreams/{did}",
      204,
      async () => {
        const { did } = await queued();
        return () => ask("DELETE", `/dreams/${did}`);
      },
    ],
    [
      "POST /dreams/{did}/finish",
      202,
      async () => {
        const did = await dream();
        return () => ask("POST", `/dreams/${did}/finish`);
      },
    ],
    [
      "POST /dreams/{did}/scenes/{n}/redo",
      202,
      async () => {
        const { did } = await filmed();
        return () => ask("POST", `/dreams/${did}/scenes/0/redo`);
      },
    ],
    [
      "POST /dreams/{did}/scenes/{n}/takes",
      202,
      async () => {
        const { did } = await filmed();
        return () => ask("POST", `/dreams/${did}/scenes/0/takes`, { count: 2 });
      },
    ],
    [
      "POST /dreams/{did}/scenes/{n}/takes/{take}/choose",
      202,
      async () => {
        const { did } = await filmed();
        const { takes, job_id } = (await ask("POST", `/dreams/${did}/scenes/0/takes`)).json;
        await claim(job_id);
        await report(`/internal/jobs/${job_id}/takes`, {
          ...{ job_id, attempt: 1, status: "completed" },
          takes: [{ id: takes[0], has_file: true, cost_usd: 0, error: null }],
        });
        return () => ask("POST", `/dreams/${did}/scenes/0/takes/${takes[0]}/choose`);
      },
    ],
    [
      "POST /dreams/{did}/takes/cancel",
      200,
      async () => {
        const { did } = await filmed();
        await ask("POST", `/dreams/${did}/scenes/0/takes`);
        return () => ask("POST", `/dreams/${did}/takes/cancel`);
      },
    ],
    [
      "PUT /dreams/{did}/storyboard",
      200,
      async () => {
        const did = await waiting();
        const { title, scenes } = { ...storyboard, title: "Another" };
        return () => ask("PUT", `/dreams/${did}/storyboard`, { title, scenes }, { "if-match": '"1"' });
      },
    ],
    [
      "POST /dreams/{did}/approve",
      202,
      async () => {
        const did = await waiting();
        return () => ask("POST", `/dreams/${did}/approve`, { revision: 1 });
      },
    ],
    [
      "POST /dreams/{did}/cancel",
      200,
      async () => {
        const { did } = await queued();
        return () => ask("POST", `/dreams/${did}/cancel`);
      },
    ],
    ["POST /webhooks", 201, async () => () => ask("POST", "/webhooks", { url: "https://127.0.0.1:1/x" })],
    [
      "PUT /settings",
      200,
      async () => () => ask("PUT", "/settings", { pronunciations: { Siobhan: "shivawn" } }),
    ],
    [
      "PATCH /webhooks/{id}",
      200,
      async () => {
        const id = await hook();
        return () => ask("PATCH", `/webhooks/${id}`, { enabled: false });
      },
    ],
    [
      "DELETE /webhooks/{id}",
      204,
      async () => {
        const id = await hook();
        return () => ask("DELETE", `/webhooks/${id}`);
      },
    ],
    ["POST /admin/keys", 201, async () => () => ask("POST", "/admin/keys", { owner: "o" }, admin)],
    [
      "DELETE /admin/keys/{id}",
      204,
      async () => {
        const id = await apiKey();
        return () => ask("DELETE", `/admin/keys/${id}`, undefined, admin);
      },
    ],
    [
      "PATCH /admin/owners/{owner}/budget",
      200,
      async () => () => ask("PATCH", "/admin/owners/o/budget", { daily_usd: 1 }, admin),
    ],
    [
      "POST /admin/ops/jobs/{job_id}/cancel",
      200,
      async () => {
        const { jobId } = await queued();
        return () => ask("POST", `/admin/ops/jobs/${jobId}/cancel`, undefined, admin);
      },
    ],
    [
      "POST /admin/ops/jobs/{job_id}/retry",
      200,
      async () => {
        const { jobId } = await failed();
        return () => ask("POST", `/admin/ops/jobs/${jobId}/retry`, undefined, admin);
      },
    ],
    [
      "POST /admin/ops/redrive",
      200,
      async () => {
        const { jobId } = await queued();
        return () => ask("POST", "/admin/ops/redrive", { job_ids: [jobId] }, admin);
      },
    ],
    [
      "POST /webhooks/{id}/deliveries/{delivery_id}/redeliver",
      202,
      async () => {
        const id = await hook();
        const { jobId } = await failed();
        const [row] = await edge.sql<{ id: string }>(
          "SELECT id FROM deliveries WHERE webhook_id = ? AND job_id = ?",
          id,
          jobId,
        );
        return () => ask("POST", `/webhooks/${id}/deliveries/${row?.id}/redeliver`);
      },
    ],
    [
      "POST /dreams/{did}/upload-url",
      200,
      async () => {
        const did = await dream();
        const file = { segment_id: "a", content_type: "audio/wav", content_length: 4 };
        return () => ask("POST", `/dreams/${did}/upload-url`, file);
      },
    ],
    [
      "POST /dreams/{did}/segments",
      202,
      async () => {
        const did = await dream();
        const uploaded = await announce(did, "a");
        return () => postSegment(did, "a", 0, uploaded);
      },
    ],
    [
      "PATCH /dreams/{did}/segments/{segment_id}",
      200,
      async () => {
        const did = await dream();
        await postSegment(did, "a", 0, await announce(did, "a"));
        return () => ask("PATCH", `/dreams/${did}/segments/a`, { transcript: "A lake." });
      },
    ],
    [
      "DELETE /dreams/{did}/segments/{segment_id}",
      204,
      async () => {
        const did = await dream();
        await postSegment(did, "a", 0, await announce(did, "a"));
        return () => ask("DELETE", `/dreams/${did}/segments/a`);
      },
    ],
    [
      "POST /admin/ops/holds/{capability}/probe",
      200,
      async () => {
        await edge.sql(
          "INSERT OR REPLACE INTO holds (capability, kind, code, since, probe_at) VALUES (?, ?, ?, 1, 1)",
          ...["transcription", "transcription", "transcription.no_credit"],
        );
        return () => ask("POST", "/admin/ops/holds/transcription/probe", undefined, admin);
      },
    ],
    ["POST /cast", 201, async () => () => ask("POST", "/cast", { name: randomUUID(), description: "d" })],
    [
      "PUT /cast/{id}/photo",
      200,
      async () => {
        const id = await member();
        return () => ask("PUT", `/cast/${id}/photo`, photo);
      },
    ],
    [
      "DELETE /cast/{id}/photo",
      204,
      async () => {
        const id = await member();
        await ask("PUT", `/cast/${id}/photo`, photo);
        return () => ask("DELETE", `/cast/${id}/photo`);
      },
    ],
    [
      "DELETE /cast/{id}",
      204,
      async () => {
        const id = await member();
        await ask("PUT", `/cast/${id}/photo`, photo);
        return () => ask("DELETE", `/cast/${id}`);
      },
    ],
    ["POST /admin/cleanup", 200, async () => () => ask("POST", "/admin/cleanup", { dry_run: false }, admin)],
  ];

  it.each(writes)("is a success: %s", async (_, success, prepare) => {
    for (let lost = 1; ; lost++) {
      const write = await prepare();
      watched.forget();
      watched.fault = () => (watched.trips === lost ? "after" : null);
      const answer = await write().finally(() => {
        watched.fault = () => null;
      });
      expect({ lost, status: answer.status, json: answer.json }).toMatchObject({ status: success });
      if (watched.trips < lost) break;
    }
  });

  it("is tried for every route that a client or operator writes to", () => {
    const routes = app.openAPIRegistry.definitions
      .flatMap((one) => (one.type === "route" ? one.route : []))
      .filter(({ method, security, operationId = "" }) => {
        const isClients = security?.some((one) => "apiKey" in one || "adminKey" in one);
        return method !== "get" && isClients && !storesNothing.has(operationId);
      });
    expect(routes.length).toBeGreaterThan(10);
    const tried = new Set(writes.map(([name]) => name));
    expect(
      routes.map(({ method, path }) => `${method.toUpperCase()} ${path}`).filter((one) => !tried.has(one)),
    ).toEqual([]);
  });
});
