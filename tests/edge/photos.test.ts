/** Photos of an owner's cast: what is taken, who has it, and when it goes. */
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { KnownCast, KnownCastMember } from "../../contract/cast.ts";
import type { ClaimAnswer, ClaimedJob } from "../../contract/claim.ts";
import { limits } from "../../contract/limits.ts";
import { assetKey, photoFolder, quarantinePrefix } from "../../contract/storage.ts";
import { type Edge, type OrProblem, startEdge } from "./harness.ts";

let edge: Edge;
let key: string;
beforeAll(async () => {
  edge = await startEdge();
});
beforeEach(async () => {
  key = (await edge.newKey()).key;
});
afterAll(() => edge.close());

type Member = OrProblem<KnownCastMember>;
const size = { width: 400, height: 300 };
/** A photo of one colour. */
const paint = (background = "#884422", { width, height } = size) =>
  sharp({ create: { width, height, channels: 3, background } });

const add = async (name = "Grandmother", by = key) =>
  (await edge.call<Member>("POST", "/cast", { key: by, body: { name, description: "An old woman" } })).json;
const put = (id: string, photo: Uint8Array, by = key, headers: Record<string, string> = {}) =>
  edge.call<Member>("PUT", `/cast/${id}/photo`, {
    key: by,
    body: new ReadableStream({
      start(controller) {
        controller.enqueue(photo);
        controller.close();
      },
    }),
    headers: { "content-type": "image/jpeg", ...headers },
  });
const remove = (path: string, by = key) => edge.call("DELETE", path, { key: by });
const list = async (by = key) => (await edge.call<KnownCast>("GET", "/cast", { key: by })).json.cast;

/** The photos in R2 of these members. Purges that are due have run. */
async function filesOf(...members: string[]): Promise<string[]> {
  await edge.sql("UPDATE purges SET due_at = 1 WHERE dream_id = ?", photoFolder);
  await edge.sweep();
  const { objects } = await edge.media.list({ prefix: quarantinePrefix(photoFolder) });
  const rows = await edge.sql<{ photo_id: string }>(
    "SELECT photo_id FROM cast_members WHERE id IN (SELECT value FROM json_each(?))",
    JSON.stringify(members),
  );
  const ids = rows.map(({ photo_id }) => photo_id);
  return objects.map(({ key }) => key).filter((one) => ids.some((id) => one.endsWith(`/${id}`)));
}
const allFiles = async () =>
  (await edge.media.list({ prefix: quarantinePrefix(photoFolder) })).objects.length;

/** What the worker of a new film is told. */
async function claimed(options: object = { cast: true }): Promise<ClaimedJob> {
  return (await edge.claim(await edge.newJob(key, options))).json as ClaimAnswer as ClaimedJob;
}

it("adds a person by hand, whom the next film is told of, and changes the description by name", async () => {
  const member = await add();
  expect(member).toMatchObject({
    kind: "person",
    name: "Grandmother",
    has_sheet: false,
    photo_added_at: null,
  });
  const body = { name: "  grand\nmother ".replace("\n", ""), description: "A tall woman" };
  const again = await edge.call<Member>("POST", "/cast", { key, body });
  expect(again).toMatchObject({ status: 201, json: { id: member.id, description: "A tall woman" } });
  expect(await list()).toHaveLength(1);
  expect((await claimed()).known_cast).toEqual([
    { kind: "person", name: "grandmother", description: "A tall woman" },
  ]);
  for (const wrong of [
    { name: "", description: "x" },
    { name: "x".repeat(61), description: "x" },
    { name: "A" },
  ])
    expect((await edge.call("POST", "/cast", { key, body: wrong })).status).toBe(422);
});

it("keeps a person whom its owner has added when a dream with it is deleted", async () => {
  await add();
  const job = await edge.newJob(key, { cast: true });
  await edge.claim(job);
  const cast = [{ id: "g", kind: "person", name: "Grandmother", description: "An old woman" }];
  const data = { title: "T", language: "en", cast, scenes: [{ narration: "A.", picture: "A." }] };
  await edge.progress(job, 1, { events: [{ n: 1, event: { type: "job.storyboard", data } }] as never });
  await remove(`/dreams/${job.did}`);
  expect((await list()).map(({ name }) => name)).toEqual(["Grandmother"]);
});

it.each(["jpeg", "png", "webp"] as const)(
  "gives a %s to the worker of the next film, as it was sent",
  async (format) => {
    const { id } = await add();
    const photo = await paint().withMetadata().toFormat(format).toBuffer();
    const answer = await put(id, photo);
    expect(answer).toMatchObject({ status: 200, json: { id, photo_added_at: expect.any(String) as string } });
    const { photos, renews_photos } = await claimed();
    expect(photos).toEqual([
      {
        kind: "person",
        name: "Grandmother",
        photo: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        key: expect.any(String) as string,
      },
    ]);
    expect(renews_photos).toBe(false);
    const stored = await edge.media.get(photos[0]?.key ?? "");
    expect(Buffer.from((await stored?.arrayBuffer()) ?? new ArrayBuffer()).equals(photo)).toBe(true);
    expect((await claimed({})).photos).toEqual([]);
  },
);

it("gives the photo that there is at the approval to a film that waited for it, and says that it is new", async () => {
  const { id } = await add();
  const job = await edge.newJob(key, { cast: true, pause_after: "storyboard" });
  await edge.claim(job);
  await edge.pause(job, 1);
  await put(id, await paint().jpeg().toBuffer());
  await edge.approve(job, 1);
  const approved = (await edge.claim(job)).json as ClaimedJob;
  expect(approved).toMatchObject({ renews_photos: true, photos: [{ name: "Grandmother" }] });
});

it("is not in the inputs of jobs that have ended", async () => {
  const { id } = await add();
  await put(id, await paint().jpeg().toBuffer());
  const job = await edge.newJob(key, { cast: true });
  await edge.claim(job);
  await edge.putFilm(job, 1);
  await edge.complete(job, 1);
  const [row] = await edge.sql<{ input: string }>("SELECT input FROM jobs WHERE id = ?", job.id);
  expect(row?.input).not.toContain("Grandmother");
});

describe("a photo that is replaced or deleted", () => {
  const sheet = "a".repeat(64);
  /** A member with a photo and a sheet. */
  async function pictured() {
    const { id } = await add();
    await put(id, await paint().jpeg().toBuffer());
    await edge.sql("UPDATE cast_members SET sheets = ? WHERE id = ?", sheet, id);
    await edge.media.put(assetKey(sheet, "png"), "sheet");
    return id;
  }

  it("goes with its sheets when another comes, and stays when the same comes again", async () => {
    const id = await pictured();
    const before = await filesOf(id);
    expect(before).toHaveLength(1);
    await put(id, await paint().jpeg().toBuffer());
    expect(await filesOf(id)).toEqual(before);
    expect(await edge.media.head(assetKey(sheet, "png"))).not.toBeNull();
    const all = await allFiles();
    await put(id, await paint("#112233").jpeg().toBuffer());
    const [after] = await filesOf(id);
    expect(after).not.toBe(before[0]);
    expect(await allFiles()).toBe(all);
    expect(await edge.media.head(assetKey(sheet, "png"))).toBeNull();
  });

  it.each([
    ["its deletion", (id: string) => `/cast/${id}/photo`],
    ["the member's", (id: string) => `/cast/${id}`],
  ])("goes with its sheets by %s, once or twice, and by no other owner's", async (_, path) => {
    const id = await pictured();
    const all = await allFiles();
    const { key: other } = await edge.newKey();
    expect((await remove(path(id), other)).status).toBe(204);
    expect(await filesOf(id)).toHaveLength(1);
    expect((await remove(path(id))).status).toBe(204);
    expect(await allFiles()).toBe(all - 1);
    expect(await edge.media.head(assetKey(sheet, "png"))).toBeNull();
    expect((await remove(path(id))).status).toBe(204);
    expect((await claimed()).photos).toEqual([]);
  });

  it("goes with the dream that alone showed the member", async () => {
    const job = await edge.newJob(key, { cast: true });
    await edge.claim(job);
    const cast = [{ id: "g", kind: "person", name: "Uncle", description: "A man" }];
    const data = { title: "T", language: "en", cast, scenes: [{ narration: "A.", picture: "A." }] };
    await edge.progress(job, 1, { events: [{ n: 1, event: { type: "job.storyboard", data } }] as never });
    const [uncle] = await list();
    await put(uncle?.id ?? "", await paint().jpeg().toBuffer());
    const all = await allFiles();
    await remove(`/dreams/${job.did}`);
    await filesOf();
    expect(await allFiles()).toBe(all - 1);
    expect(await list()).toEqual([]);
  });
});

it("shows the newest sheet to its owner alone", async () => {
  const { id } = await add();
  const path = `/cast/${id}/sheet`;
  expect((await edge.call<Member>("GET", path, { key })).json.code).toBe("cast.no_sheet");
  const [newest, older] = ["b", "c"].map((digit) => digit.repeat(64));
  await edge.sql("UPDATE cast_members SET sheets = ? WHERE id = ?", `${newest} ${older}`, id);
  await edge.media.put(assetKey(older ?? "", "png"), "older");
  const shown = await edge.call("GET", path, { key });
  expect(shown).toMatchObject({ status: 200, text: "older" });
  expect(shown.headers.get("content-type")).toBe("image/png");
  expect(shown.headers.get("x-content-type-options")).toBe("nosniff");
  const { key: other } = await edge.newKey();
  expect((await edge.call<Member>("GET", path, { key: other })).json.code).toBe("cast.not_found");
  expect((await edge.call("GET", path)).status).toBe(401);
});

describe("an upload that is no photo", () => {
  /** What the upload answers, and whether anything is stored. */
  async function refused(bytes: Uint8Array, headers: Record<string, string> = {}) {
    const { id } = await add();
    const before = await allFiles();
    const { status, json } = await put(id, bytes, key, headers);
    expect(await allFiles()).toBe(before);
    expect((await list())[0]?.photo_added_at).toBeNull();
    return `${status} ${json.code}`;
  }
  const encode = (text: string) => new TextEncoder().encode(text);

  it("is refused by what it is, whatever it calls itself", async () => {
    const unsupported = "415 photo.type_unsupported";
    const svg =
      '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
    expect(await refused(encode(svg))).toBe(unsupported);
    expect(await refused(encode("<html><script>alert(1)</script>"))).toBe(unsupported);
    expect(await refused(encode("#EXTM3U\nfile:///etc/passwd"))).toBe(unsupported);
    expect(await refused(await paint().gif().toBuffer())).toBe(unsupported);
    expect(await refused(encode("\0\0\0\x18ftypheic\0\0\0\0mif1heic"))).toBe(unsupported);
    expect(await refused(new Uint8Array())).toBe(unsupported);
  });

  it("says how a HEIC photo can be saved otherwise", async () => {
    const { id } = await add();
    const answer = await put(id, encode("\0\0\0\x18ftypheic\0\0\0\0mif1heic"));
    expect(answer.json.detail).toContain("JPEG");
  });

  it("is refused if it moves", async () => {
    const frames = Buffer.concat([0, 255].map((value) => Buffer.alloc(200 * 200 * 3, value)));
    const raw = { width: 200, height: 400, channels: 3, pageHeight: 200 } as const;
    const moving = await sharp(frames, { raw })
      .webp({ loop: 0, delay: [100, 100] })
      .toBuffer();
    expect(await refused(moving)).toBe("415 photo.type_unsupported");
    const png = await paint().png().toBuffer();
    const control = Buffer.concat([Buffer.from([0, 0, 0, 8]), Buffer.from("acTL"), Buffer.alloc(12)]);
    expect(await refused(Buffer.concat([png.subarray(0, 33), control, png.subarray(33)]))).toBe(
      "415 photo.type_unsupported",
    );
  });

  it("is refused if it is a bomb: few bytes and too many pixels", async () => {
    const header = (bytes: Buffer, width: number, height: number) => {
      bytes.writeUInt32BE(width, 16);
      bytes.writeUInt32BE(height, 20);
      return bytes;
    };
    const png = header(await paint().png().toBuffer(), 30_000, 30_000);
    expect(png.length).toBeLessThan(10_000);
    expect(await refused(png)).toBe("413 photo.too_large");
    const jpeg = await paint().jpeg().toBuffer();
    const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
    jpeg.writeUInt16BE(65_000, frame + 5);
    jpeg.writeUInt16BE(65_000, frame + 7);
    expect(await refused(jpeg)).toBe("413 photo.too_large");
  });

  it("is refused if it is cut anywhere, or too small", async () => {
    for (const format of ["jpeg", "png", "webp"] as const) {
      const noisy = sharp({
        create: {
          ...size,
          channels: 3,
          background: "#000",
          noise: { type: "gaussian", mean: 128, sigma: 40 },
        },
      });
      const whole = await noisy.toFormat(format).toBuffer();
      for (const part of [0.1, 0.5, 0.99])
        expect(await refused(whole.subarray(0, Math.floor(whole.length * part)))).toBe(
          "422 photo.unreadable",
        );
    }
    const small = await paint("#333", { width: 127, height: 300 }).png().toBuffer();
    expect(await refused(small)).toBe("422 photo.too_small");
  });

  it("is refused as soon as it is too large, whatever length it names", async () => {
    const start = await paint().jpeg().toBuffer();
    const large = Buffer.concat([start, Buffer.alloc(limits.photoBytes)]);
    expect(await refused(large)).toBe("413 photo.too_large");
  });
});

it("cannot be given to another owner's member, or one that is none", async () => {
  const { id } = await add();
  const { key: other } = await edge.newKey();
  const photo = await paint().jpeg().toBuffer();
  for (const [path, by] of [
    [id, other],
    ["none", key],
    ["..%2f..%2fassets%2fx", key],
  ] as const)
    expect((await put(path, photo, by)).json.code).toBe("cast.not_found");
  expect((await put("x".repeat(65), photo)).status).toBe(422);
  expect((await edge.call("PUT", `/cast/${id}/photo`)).status).toBe(401);
});

it("has room for so many photos of an owner, and replaces one where there is no more", async () => {
  const { id } = await add();
  await edge.sql(
    `INSERT INTO cast_members SELECT 'full-' || value, (SELECT owner_id FROM cast_members WHERE id = ?), 'place',
       value, value, 'd', '', '', '', 1, 1, ? || value, 'h', 1 FROM json_each(?)`,
    ...[id, `${id}-`, JSON.stringify(Array.from({ length: limits.photos }, (_, n) => n))],
  );
  const photo = await paint().jpeg().toBuffer();
  const all = await allFiles();
  expect((await put(id, photo)).json.code).toBe("photo.too_many");
  await filesOf();
  expect(await allFiles()).toBe(all);
  expect((await put("full-0", photo)).status).toBe(200);
});

it("is in no line of the log", async () => {
  const { id } = await add("Rumpelstilzchen");
  await put(id, await paint().jpeg().toBuffer());
  await claimed();
  expect(JSON.stringify(edge.logs())).not.toContain("Rumpelstilzchen");
});
