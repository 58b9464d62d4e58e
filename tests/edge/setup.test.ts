import { expect, it } from "vitest";
import { startEdge } from "./harness.ts";

it("an edge without a secret names it, and serves nothing but its description", async () => {
  const edge = await startEdge({ PLAYBACK_SECRET: "" });
  for (const path of ["/health", "/dreams", "/videos/d/j/g/film.mp4"]) {
    const answer = await edge.call("GET", path, { key: "dr_any" });
    expect(answer.json).toMatchObject({
      status: 503,
      code: "setup.incomplete",
      detail: expect.stringContaining("PLAYBACK_SECRET"),
    });
  }
  expect((await edge.call("GET", "/openapi.json")).status).toBe(200);
  await edge.close();
});

it("an edge without tables names the command that makes them, and is healthy after it", async () => {
  const edge = await startEdge({}, { migrate: false });
  expect((await edge.call("GET", "/health")).json).toMatchObject({
    status: 503,
    code: "setup.incomplete",
    detail: expect.stringContaining("wrangler d1 migrations apply dreamreel"),
  });
  await edge.migrate();
  expect((await edge.call("GET", "/health")).json).toEqual({ status: "ok" });
  await edge.close();
});
