/**
 * A dream that is told aloud, as the API and its workers see it: bad input is a clear problem, and nothing
 * is lost.
 */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { limits } from "../../contract/limits.ts";
import type { Segment, UploadUrl } from "../../contract/segment.ts";
import { atOnce, type Edge, type OrProblem, startEdge } from "./harness.ts";
import { type Heard, listen } from "./listen.ts";

let edge: Edge;
let key: string;
beforeAll(async () => {
  edge = await startEdge();
  key = (await edge.newKey()).key;
});
afterAll(() => edge.close());

const wav = { content_type: "audio/wav", content_length: 4 };
const announce = (did: string, id: string, file: object = {}, as = key) =>
  edge.call<OrProblem<UploadUrl>>("POST", `/dreams/${did}/upload-url`, {
    key: as,
    body: { segment_id: id, ...wav, ...file },
  });
const put = (uploaded: string, bytes = "wave", contentType = "audio/wav") =>
  edge.media.put(uploaded, bytes, { httpMetadata: { contentType } });
const post = (did: string, id: string, order: number, uploaded: string, more: object = {}, as = key) =>
  edge.call<OrProblem<Segment>>("POST", `/dreams/${did}/segments`, {
    key: as,
    body: { segment_id: id, order, key: uploaded, ...more },
  });
const list = async (did: string) =>
  (await edge.call<{ data: Segment[] }>("GET", `/dreams/${did}/segments`, { key })).json.data;
const change = (did: string, id: string, body: object) =>
  edge.call<OrProblem<Segment>>("PATCH", `/dreams/${did}/segments/${id}`, { key, body });
const remove = (did: string, id: string) => edge.call("DELETE", `/dreams/${did}/segments/${id}`, { key });
const finish = (did: string) =>
  edge.call<OrProblem<{ job_id: string }>>("POST", `/dreams/${did}/finish`, { key, body: {} });
const text = async (did: string) =>
  (await edge.call<{ transcript: string }>("GET", `/dreams/${did}/transcript`, { key })).json.transcript;
const film = async (id: string) => {
  const [row] = await edge.sql<{ status: string; input: string; error_code: string | null }>(
    "SELECT status, input, error_code FROM jobs WHERE id = ?",
    id,
  );
  return { status: row?.status, error: row?.error_code, ...JSON.parse(row?.input ?? "{}") };
};

async function newDream(transcript = ""): Promise<string> {
  return (await edge.call<{ id: string }>("POST", "/dreams", { key, body: { transcript } })).json.id;
}
/** Uploads and posts a part. Gives the id of its job. */
async function tell(did: string, id: string, order: number): Promise<string> {
  const { json } = await announce(did, id);
  await put(json.key);
  const posted = await post(did, id, order, json.key);
  expect(posted.status).toBe(202);
  return posted.json.job_id as string;
}
const end = (jobId: string, said: object) =>
  edge.report(`/internal/jobs/${jobId}/transcribed`, {
    job_id: jobId,
    attempt: 1,
    status: "completed",
    ...said,
  });
/** Lets a worker transcribe the part. */
async function hear(jobId: string, transcript: string): Promise<void> {
  expect((await edge.claim({ id: jobId })).json).toMatchObject({ outcome: "transcribe", job_id: jobId });
  expect((await end(jobId, { transcript, language: "en", duration_seconds: 2 })).status).toBe(200);
}
async function fail(jobId: string): Promise<void> {
  await edge.claim({ id: jobId });
  const said = { status: "failed", error: "The recording is silent.", error_code: "segment.silent" };
  expect((await end(jobId, said)).status).toBe(200);
}
const codeOf = (answer: { json: { code?: string | undefined } }) => answer.json.code;

describe("a film of a told dream", () => {
  it("waits for its segments, and has what was written and told, in the order of the parts", async () => {
    const did = await newDream("Last night:");
    const [second, first] = [await tell(did, "b", 1), await tell(did, "a", 0)];
    const { json } = await finish(did);
    expect((await edge.claim({ id: json.job_id })).json).toMatchObject({ outcome: "not_yours" });
    await hear(second, "And I swam.");
    expect((await edge.claim({ id: json.job_id })).json).toMatchObject({ outcome: "not_yours" });
    await hear(first, "I flew.");
    const claimed = await edge.claim({ id: json.job_id });
    expect(claimed.json).toMatchObject({
      outcome: "claimed",
      dream: { transcript: "Last night:\n\nI flew.\n\nAnd I swam." },
    });
    expect(await text(did)).toBe("Last night:\n\nI flew.\n\nAnd I swam.");
    expect(await edge.messages(json.job_id)).toHaveLength(1);
    expect(await edge.log({ id: first })).toEqual(["job.queued", "job.started", "segment.transcribed"]);
  });

  it("may cost what its whole text costs, also if it waited for the text", async () => {
    const [told, written] = [await newDream(), await newDream("I flew over the sea.")];
    const job = await tell(told, "a", 0);
    const waiting = (await finish(told)).json.job_id;
    await hear(job, "I flew over the sea.");
    const [a, b] = [await film(waiting), await film((await finish(written)).json.job_id)];
    expect(a).toEqual(b);
  });

  it("fails with the reason if a segment fails while it waits, and can be asked for again", async () => {
    const did = await newDream();
    const [good, bad] = [await tell(did, "a", 0), await tell(did, "b", 1)];
    const { json } = await finish(did);
    await hear(good, "I flew.");
    await fail(bad);
    expect(await film(json.job_id)).toMatchObject({ status: "failed", error: "segment.failed" });
    expect(codeOf(await finish(did))).toBe("segment.failed");
    await change(did, "b", { transcript: "I fell." });
    const again = await finish(did);
    expect(await film(again.json.job_id)).toMatchObject({
      status: "queued",
      transcript: "I flew.\n\nI fell.",
    });
  });

  it("is refused while a file was announced and not uploaded, naming no other reason", async () => {
    const did = await newDream("Text.");
    await announce(did, "a");
    expect(codeOf(await finish(did))).toBe("segment.not_uploaded");
    await remove(did, "a");
    expect((await finish(did)).status).toBe(202);
  });

  it("is refused where the order has a gap, unless the missing part was deleted", async () => {
    const did = await newDream();
    for (const [id, order] of [
      ["a", 0],
      ["b", 1],
      ["d", 3],
    ] as const)
      await hear(await tell(did, id, order), `${id}.`);
    expect(codeOf(await finish(did))).toBe("segment.order_gap");
    await hear(await tell(did, "c", 2), "c.");
    await remove(did, "c");
    expect(await film((await finish(did)).json.job_id)).toMatchObject({ transcript: "a.\n\nb.\n\nd." });
  });

  it("is refused where the parts are longer than a transcript may be, and every part is kept", async () => {
    const did = await newDream();
    const long = "x".repeat(limits.transcriptChars - 100);
    for (const order of [0, 1]) await hear(await tell(did, `p${order}`, order), long);
    expect(codeOf(await finish(did))).toBe("dream.transcript_too_long");
    expect((await list(did)).map(({ transcript }) => transcript?.length)).toEqual([long.length, long.length]);
  });

  it("keeps the owner's change of the whole text, and adds what is told after it", async () => {
    const did = await newDream();
    await hear(await tell(did, "a", 0), "I few.");
    await edge.call("PATCH", `/dreams/${did}`, { key, body: { transcript: "I flew." } });
    expect(codeOf(await change(did, "a", { transcript: "I flow." }))).toBe("segment.replaced");
    await hear(await tell(did, "b", 1), "I swam.");
    expect(await film((await finish(did)).json.job_id)).toMatchObject({ transcript: "I flew.\n\nI swam." });
  });
});

describe("a segment", () => {
  it("keeps the owner's correction when its transcription ends later", async () => {
    const did = await newDream();
    const job = await tell(did, "a", 0);
    await change(did, "a", { transcript: "What I said." });
    await hear(job, "What was heard.");
    expect((await list(did))[0]).toMatchObject({ transcript: "What I said.", corrected: true });
  });

  it("that is posted twice at once has one job, and gets the same answer", async () => {
    const did = await newDream();
    const { json } = await announce(did, "a");
    await put(json.key);
    const answers = await atOnce(10, () => post(did, "a", 0, json.key));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ json: one }) => one.job_id)).size).toBe(1);
    expect(codeOf(await post(did, "a", 5, json.key))).toBe("segment.exists");
    expect(codeOf(await announce(did, "a"))).toBe("segment.exists");
  });

  it("that failed is transcribed again when it is posted again", async () => {
    const did = await newDream();
    const first = await tell(did, "a", 0);
    await fail(first);
    const [failed] = await list(did);
    expect(failed).toMatchObject({ status: "failed", error: { code: "segment.silent" } });
    const { json } = await announce(did, "b");
    const uploaded = json.key.replace(/[^/]+$/, (await segmentIds(did)).a as string);
    const again = await post(did, "a", 0, uploaded);
    expect(again.json).toMatchObject({ status: "queued" });
    await hear(again.json.job_id as string, "I flew.");
  });

  it("needs its own uploaded file: no other owner's key, no other segment's, none that is missing", async () => {
    const did = await newDream();
    const other = (await edge.newKey()).key;
    const theirs = (await edge.call<{ id: string }>("POST", "/dreams", { key: other, body: {} })).json.id;
    const { json: foreign } = await announce(theirs, "a", {}, other);
    await put(foreign.key);
    const { json: own } = await announce(did, "a");
    const { json: sibling } = await announce(did, "b");
    await put(sibling.key);
    for (const uploaded of [foreign.key, sibling.key, "assets/x.wav", `${own.key}/..`]) {
      const answer = await post(did, "a", 0, uploaded);
      expect([answer.status, codeOf(answer)], uploaded).toEqual([404, "segment.not_found"]);
    }
    expect(codeOf(await post(did, "a", 0, own.key))).toBe("segment.not_uploaded");
    const stolen = await post(theirs, "a", 0, foreign.key);
    expect([stolen.status, codeOf(stolen)]).toEqual([404, "dream.not_found"]);
  });

  it("whose file has another length than announced is refused, and can be uploaded again", async () => {
    const did = await newDream();
    const { json } = await announce(did, "a");
    await put(json.key, "longer than four bytes");
    expect(codeOf(await post(did, "a", 0, json.key))).toBe("segment.not_as_signed");
    await put(json.key);
    expect((await post(did, "a", 0, json.key)).status).toBe(202);
  });

  it.each([
    ["0 bytes", { content_length: 0 }, 422, "segment.empty"],
    ["more than 25 MiB", { content_length: limits.segmentBytes + 1 }, 413, "segment.too_large"],
    ["a playlist", { content_type: "application/vnd.apple.mpegurl" }, 415, "segment.type_unsupported"],
    ["a video", { content_type: "video/mp4" }, 415, "segment.type_unsupported"],
  ])("of %s gets no address", async (_, file, status, code) => {
    const answer = await announce(await newDream(), "a", file);
    expect([answer.status, codeOf(answer)]).toEqual([status, code]);
  });

  it("of more than half an hour, or at an order beyond the last, is refused", async () => {
    const did = await newDream();
    const { json } = await announce(did, "a");
    await put(json.key);
    expect(codeOf(await post(did, "a", 0, json.key, { duration: 1_801 }))).toBe("segment.too_long");
    expect(codeOf(await post(did, "a", limits.segments, json.key))).toBe("segment.too_many");
    expect((await post(did, "a", 0, json.key, { duration: 1_800 })).status).toBe(202);
  });

  it("needs a place of its own", async () => {
    const did = await newDream();
    await tell(did, "a", 0);
    const { json } = await announce(did, "b");
    await put(json.key);
    expect(codeOf(await post(did, "b", 0, json.key))).toBe("segment.order_taken");
    expect((await post(did, "b", 1, json.key)).status).toBe(202);
    expect(codeOf(await change(did, "b", { order: 0 }))).toBe("segment.order_taken");
    expect((await change(did, "b", { order: 2 })).json.order).toBe(2);
  });

  it("is one of 100 at most: of 200, the first 100 are kept", async () => {
    const did = await newDream();
    const codes: (string | number)[] = [];
    for (let n = 0; n < 200; n += 20) {
      const some = await atOnce(20, (i) => announce(did, `s${n + i}`));
      codes.push(...some.map((answer) => codeOf(answer) ?? answer.status));
    }
    expect(codes.filter((code) => code === 200)).toHaveLength(limits.segments);
    expect(new Set(codes.slice(limits.segments))).toEqual(new Set(["segment.too_many"]));
    expect(await list(did)).toHaveLength(limits.segments);
  });

  it("gives its owner's bytes back when it is deleted, and its files, its job and its text go", async () => {
    const own = await edge.newKey();
    const did = (await edge.call<{ id: string }>("POST", "/dreams", { key: own.key, body: {} })).json.id;
    const kept = () =>
      edge.sql(
        `SELECT bytes, recording_bytes FROM owner_storage
         WHERE owner_id = (SELECT owner_id FROM api_keys WHERE id = ?)`,
        own.id,
      );
    const { json } = await announce(did, "a", {}, own.key);
    await put(json.key);
    const { job_id } = (await post(did, "a", 0, json.key, {}, own.key)).json;
    await hear(job_id as string, "A secret.");
    expect(await kept()).toMatchObject([{ recording_bytes: 4 }]);
    expect(await edge.media.head(json.key)).toBeNull();
    await edge.call("DELETE", `/dreams/${did}/segments/a`, { key: own.key });
    expect(await kept()).toEqual([{ bytes: 2_000, recording_bytes: 0 }]);
    expect(await edge.sql("SELECT id FROM jobs WHERE id = ?", job_id)).toEqual([]);
    const [row] = await edge.sql(
      "SELECT transcript, filename, job_id FROM segments WHERE segment_id = 'a' AND is_deleted = 1",
    );
    expect(row).toEqual({ transcript: null, filename: null, job_id: null });
  });
});

it("deleting a dream deletes its recordings, also one that is still being uploaded", async () => {
  const did = await newDream();
  const job = await tell(did, "a", 0);
  const { json: late } = await announce(did, "b");
  await edge.call("DELETE", `/dreams/${did}`, { key });
  const [a] = (await edge.media.list({ prefix: late.key.replace(/[^/]+$/, "") })).objects;
  expect(a).toBeUndefined();
  expect((await edge.claim({ id: job })).json).toMatchObject({ outcome: "not_yours" });
  await put(late.key);
  await edge.sql("UPDATE purges SET due_at = 0");
  await edge.sweep();
  expect(await edge.media.head(late.key)).toBeNull();
});

it("a file that is never posted goes after a day, with its segment", async () => {
  const did = await newDream();
  const { json } = await announce(did, "a");
  await put(json.key);
  await edge.sql("UPDATE segments SET expires_at = 1 WHERE expires_at IS NOT NULL");
  await edge.sweep();
  expect(await list(did)).toEqual([]);
  await edge.sql("UPDATE purges SET due_at = 0");
  await edge.sweep();
  expect(await edge.media.head(json.key)).toBeNull();
});

it("the sweep frees a film whose release was lost", async () => {
  const did = await newDream();
  const job = await tell(did, "a", 0);
  const { json } = await finish(did);
  await edge.claim({ id: job });
  await edge.sql("UPDATE segments SET transcript = 'I flew.', chars = 7 WHERE job_id = ?", job);
  await edge.sql("UPDATE jobs SET status = 'completed', ended_at = 1 WHERE id = ?", job);
  await edge.sweep();
  expect(await film(json.job_id)).toMatchObject({ status: "queued", transcript: "I flew." });
  expect((await edge.claim({ id: json.job_id })).json).toMatchObject({ outcome: "claimed" });
});

describe("the live stream of a told dream", () => {
  const open = (did: string, query: string, enough?: (heard: Heard) => boolean) =>
    listen(new URL(`/dreams/${did}/video-events${query}`, edge.url), {
      headers: { authorization: `Bearer ${key}` },
      ...(enough === undefined ? {} : { enough }),
    });
  const partsOf = ({ frames }: Heard) =>
    frames
      .filter(({ event }) => event === "segment")
      .map(({ id, data }) => {
        const { segment_id, status, transcript } = data as Segment;
        return [id, segment_id, status, transcript];
      });

  it("has each part when it opens and at each change, without an id, for a listener that asks", async () => {
    const did = await newDream();
    await hear(await tell(did, "a", 0), "I flew.");
    let isOpen = () => {};
    const opened = new Promise<void>((resolve) => {
      isOpen = resolve;
    });
    const listening = open(did, "?include=segments", (heard) => {
      if (partsOf(heard).length > 0) isOpen();
      return partsOf(heard).some(([, , , transcript]) => transcript === "And I sank.");
    });
    await opened;
    await hear(await tell(did, "b", 1), "And I swam.");
    await change(did, "b", { transcript: "And I sank." });
    const parts = partsOf(await listening);
    expect(parts[0]).toEqual([null, "a", "transcribed", "I flew."]);
    expect(parts.slice(1).map(([id, name]) => [id, name])).toEqual(parts.slice(1).map(() => [null, "b"]));
    expect(parts.at(-1)).toEqual([null, "b", "transcribed", "And I sank."]);
  });

  it("has none for a listener that does not ask, such as an older client", async () => {
    const did = await newDream();
    await hear(await tell(did, "a", 0), "I flew.");
    await finish(did);
    const listening = open(did, "");
    await edge.call("POST", `/dreams/${did}/cancel`, { key });
    const events = (await listening).frames.map(({ event }) => event);
    expect(events).toContain("job.cancelled");
    expect(events).not.toContain("segment");
  });
});

it("a worker gets names of the owner's earlier dreams and the languages as hints", async () => {
  const own = (await edge.newKey()).key;
  const dream = (transcript: string) =>
    edge.call<{ id: string }>("POST", "/dreams", { key: own, body: { transcript } });
  await dream("We met Ottilie at the sea, and Ottilie sang. The boat of Wenzel sank.");
  const did = (await dream("")).json.id;
  const { json } = await announce(did, "a", {}, own);
  await put(json.key);
  const { job_id } = (await post(did, "a", 0, json.key, { languages: ["German"] }, own)).json;
  const claimed = await edge.claim({ id: job_id as string });
  expect(claimed.json).toMatchObject({ keywords: ["Ottilie", "Wenzel"], languages: ["de"] });
});

it("is filmed through the queue of its owner's turn, claimed once however many ask", async () => {
  const did = await newDream();
  const job = await tell(did, "a", 0);
  const claims = await atOnce(10, () => edge.claim({ id: job }, { claim_id: randomUUID() }));
  expect(claims.filter(({ json }) => json.outcome === "transcribe")).toHaveLength(1);
});

/** The server's ids of the dream's segments, by the client's. */
async function segmentIds(did: string): Promise<Record<string, string>> {
  const rows = await edge.sql<{ id: string; segment_id: string }>(
    "SELECT segments.id, segment_id FROM segments JOIN dreams ON dreams.id = dream_id WHERE client_id = ?",
    did,
  );
  return Object.fromEntries(rows.map(({ id, segment_id }) => [segment_id, id]));
}
