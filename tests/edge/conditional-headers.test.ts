/** Headers of conditional and range requests, with any value, on any address. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Edge, type Job, secrets, startEdge } from "./harness.ts";

let edge: Edge;
let job: Job;
let addresses: { method: string; path: string; key: string }[];
beforeAll(async () => {
  edge = await startEdge();
  const { key } = await edge.newKey();
  job = await edge.newFilm(key, "0123456789");
  const film = new URL((await edge.status(job)).video_url ?? "");
  const { json } = await edge.call<{ paths: Record<string, object> }>("GET", "/openapi.json");
  const fill = (path: string) =>
    path.replace("{did}", job.did).replace("{job_id}", job.id).replace("{id}", "none").replace("{n}", "0");
  addresses = Object.entries(json.paths)
    .filter(
      ([path, methods]) => "get" in methods && !path.startsWith("/videos/") && !path.endsWith("-events"),
    )
    .map(([path]) => ({
      method: "GET",
      path: fill(path),
      key: path.startsWith("/admin/") || path === "/metrics" ? secrets.ADMIN_KEY : key,
    }));
  for (const path of ["/", "/docs", "/openapi.json", film.pathname])
    for (const method of ["GET", "HEAD"]) addresses.push({ method, path, key });
});
afterAll(() => edge.close());

const tags = (count: number) => Array.from({ length: count }, (_, n) => `"${n}"`).join(", ");
const values = [
  ...["abc", '"', '"abc', 'abc"', "W/", 'W/"abc"', "*", "*, *", '"a" "b"', ",", "\u00e9", '""', "\\"],
  ...[tags(500), "bytes=0-", "bytes=-", "bytes=9-0", "bytes=99-", "bytes=0-1,3-4", "bytes=1e3-", "lines=1-2"],
  ...["bytes=18446744073709551616-", "Thu, 01 Jan 1970 00:00:00 GMT", "yesterday", "0"],
];
const names = [
  ...["if-none-match", "if-match", "if-modified-since", "if-unmodified-since", "if-range", "range"],
];

const alone = (value: string): Record<string, string>[] =>
  names.map((name) => ({ [name]: value, ...(name === "if-range" ? { range: "bytes=2-3" } : {}) }));
const together = (value: string) => Object.fromEntries(names.map((name) => [name, value]));

it("never break an answer, however malformed or many they are", async () => {
  expect(addresses.length).toBeGreaterThan(20);
  const broken: string[] = [];
  for (const { method, path, key } of addresses)
    await Promise.all(
      values.flatMap((value) =>
        (path.startsWith("/videos/") ? alone(value) : [together(value)]).map(async (headers) => {
          const { status } = await edge.call(method, path, { key, headers });
          if (status >= 500) broken.push(`${method} ${path} ${JSON.stringify(headers)} -> ${status}`);
        }),
      ),
    );
  expect(broken).toEqual([]);
});

it("take effect where they are valid, beside invalid ones", async () => {
  const address = (await edge.status(job)).video_url ?? "";
  const get = (headers: Record<string, string>) => edge.call("GET", address, { headers });
  const etag = (await get({})).headers.get("etag") ?? "";
  for (const known of [etag, `W/${etag}`, `abc, ${etag}`, `"x", ${etag}, "y"`, "*"])
    expect((await get({ "if-none-match": known })).status, known).toBe(304);
  expect((await get({ "if-none-match": "abc" })).text).toBe("0123456789");
  expect((await get({ range: "bytes=2-3", "if-range": etag })).text).toBe("23");
  for (const other of ["abc", '"abc"', `W/${etag}`, "*", "Thu, 01 Jan 1970 00:00:00 GMT"])
    expect((await get({ range: "bytes=2-3", "if-range": other })).text, other).toBe("0123456789");
  const beyond = await get({ range: "bytes=99-", "if-range": '"abc"' });
  expect([beyond.status, beyond.text]).toEqual([200, "0123456789"]);
});
