/** The Worker's log lines of requests whose address contains a permission. */
import { readFileSync } from "node:fs";
import { parse } from "smol-toml";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Edge, secrets, startEdge } from "./harness.ts";

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.close());

it("the Worker's log lines contain no film grant, stream token or key, however the request ends", async () => {
  const { key } = await edge.newKey();
  const job = await edge.newFilm(key);
  const film = (await edge.status(job)).video_url ?? "";
  const [, grant = "-"] = /\/([^/]+)\/film\.mp4$/.exec(film) ?? [];
  const made = await edge.call<{ events_url: string }>("POST", `/dreams/${job.did}/video-events/token`, {
    key,
  });
  const token = new URL(made.json.events_url).searchParams.get("token") ?? "-";
  const other = await edge.newDream(key);
  const forged = grant.replace(/.$/, (last) => (last === "A" ? "B" : "A"));
  await edge.call("GET", film);
  for (const path of [
    film.replace("film.mp4", "preview.mp4"),
    film.replace("film.mp4", "notes.txt"),
    film.replace(grant, forged),
    `/dreams/${other}/video-events?token=${token}`,
    `/dreams/${job.did}/video-events?token=${token}x`,
    `/nothing?token=${token}`,
  ]) {
    const refused = await edge.call("GET", path);
    expect(refused.status).toBeGreaterThanOrEqual(400);
    for (const secret of [grant, forged]) expect(refused.text, path).not.toContain(secret);
  }
  await edge.call("POST", film);
  await edge.call("GET", "/dreams", { key: `${key}x` });
  await edge.call("GET", "/admin/dead-letters", { key });
  const logged = JSON.stringify(edge.logs());
  expect(logged).toContain("getFilmFile");
  expect(logged).toContain("streamVideoEvents");
  for (const secret of [grant, forged, token, key, secrets.ADMIN_KEY]) expect(logged).not.toContain(secret);
});

it("the Worker's log lines are the only ones: Cloudflare's own line for each request, with its address, is switched off", () => {
  const toml = parse(readFileSync(new URL("../../wrangler.toml", import.meta.url), "utf8"));
  expect(toml.observability).toEqual({ enabled: true, logs: { enabled: true, invocation_logs: false } });
});
