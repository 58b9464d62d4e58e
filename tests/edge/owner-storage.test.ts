/** The storage limit of an owner: no key can fill the database. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Dream } from "../../contract/dream.ts";
import { atOnce, type Edge, type OrProblem, startEdge, tally } from "./harness.ts";

const mostDreams = 5;
const mostBytes = 1024 ** 2;
let edge: Edge;
beforeAll(async () => {
  edge = await startEdge({ OWNER_STORAGE: `${mostDreams} 1` });
});
afterAll(() => edge.close());

const create = (key: string, transcript = "A heron.") =>
  edge.call<OrProblem<Dream>>("POST", "/dreams", { key, body: { transcript } });
/** 80,000 bytes, the most that a text may have. */
const longest = "🌙".repeat(20_000);

/** The triggers' counts, and the real amounts. */
async function storageOf(owner: string) {
  const [counted] = await edge.sql("SELECT dreams, bytes FROM owner_storage WHERE owner_id = ?", owner);
  const [there] = await edge.sql(
    `SELECT (SELECT COUNT(*) FROM dreams WHERE owner_id = ?1) AS dreams,
       (SELECT COALESCE(SUM(length(CAST(transcript AS BLOB)) + 1000), 0) FROM dreams WHERE owner_id = ?1)
       + (SELECT COALESCE(SUM(length(CAST(input AS BLOB)) + 16000), 0) FROM jobs WHERE owner_id = ?1) AS bytes`,
    owner,
  );
  return { counted, there };
}

describe("an owner at the limit of dreams", () => {
  it("makes no more dreams, however many requests come at once, until one is deleted", async () => {
    const { key } = await edge.newKey("many");
    const answers = await atOnce(4 * mostDreams, () => create(key));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 201: mostDreams, 409: 3 * mostDreams });
    expect((await create(key)).json).toMatchObject({ code: "dream.limit_reached" });
    const made = answers.find(({ status }) => status === 201);
    await edge.call("DELETE", `/dreams/${made?.json.id}`, { key });
    expect((await create(key)).status).toBe(201);
    expect((await create((await edge.newKey()).key)).status).toBe(201);
  });
});

describe("an owner at the limit of bytes", () => {
  it("stores no longer text and requests no film, until dreams are deleted", async () => {
    const { key } = await edge.newKey("much");
    const { json: dream } = await create(key, longest);
    let films = 0;
    for (;;) {
      const asked = await edge.call<OrProblem<object>>("POST", `/dreams/${dream.id}/finish`, { key });
      if (asked.status !== 202) {
        expect(asked.json.code).toBe("dream.limit_reached");
        break;
      }
      films++;
      await edge.call("POST", `/dreams/${dream.id}/cancel`, { key });
    }
    expect(films).toBe(Math.ceil((mostBytes - 81_000) / 96_000));
    expect((await create(key)).json.code).toBe("dream.limit_reached");
    const change = (transcript: string) =>
      edge.call<OrProblem<Dream>>("PATCH", `/dreams/${dream.id}`, { key, body: { transcript } });
    expect((await change("Short.")).status).toBe(200);
    expect((await change("Longer than that.")).json.code).toBe("dream.limit_reached");
    const { counted, there } = await storageOf("much");
    expect(counted).toEqual(there);
    await edge.call("DELETE", `/dreams/${dream.id}`, { key });
    expect((await storageOf("much")).counted).toEqual({ dreams: 0, bytes: 0 });
    expect((await create(key, longest)).status).toBe(201);
  });
});
