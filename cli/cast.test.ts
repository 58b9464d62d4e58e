import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import type { Output } from "../command-line/output.ts";
import type { KnownCastMember } from "../contract/cast.ts";
import { addMember, changePhoto, deleteMember, listCast } from "./cast.ts";

const member = (id: string, name: string, kind: KnownCastMember["kind"] = "person"): KnownCastMember => ({
  ...{ id, kind, name, description: "An old woman", has_sheet: false },
  ...{ used_at: "2026-11-28T02:00:00Z", photo_added_at: null },
});
let asked: unknown[][];
let lines: string[];
beforeEach(() => {
  asked = [];
  lines = [];
});
const note =
  (name: string, answer: unknown) =>
  async (...args: unknown[]) => {
    asked.push([name, ...args]);
    return answer;
  };
const api = (cast: KnownCastMember[]) =>
  ({
    cast: async () => ({ cast }),
    addMember: note("add", cast[0]),
    deleteMember: note("delete", undefined),
    putPhoto: note("photo", cast[0]),
    deletePhoto: note("no photo", undefined),
  }) as unknown as Parameters<typeof listCast>[0];
const output: Output = {
  isForPeople: false,
  say: () => {},
  note: () => {},
  result: (_, text) => void lines.push(text),
};

it("lists the cast, and says who has a photo", async () => {
  await listCast(api([{ ...member("m1", "Ann"), photo_added_at: "2026-11-28T02:00:00Z" }]), output);
  expect(lines).toEqual(["Ann (person, with a photo)\n    An old woman"]);
});

it("says for people that a cast is empty, and prints no result", async () => {
  const said: string[] = [];
  await listCast(api([]), { ...output, say: (line) => void said.push(line) });
  expect(said.join()).toContain("empty");
  expect(lines).toEqual([]);
});

it("adds a member, and knows the kinds", async () => {
  const cast = api([member("m1", "Ann")]);
  await addMember(cast, { name: "Ann", description: "An old woman", kind: "person" }, output);
  expect(asked).toEqual([["add", { name: "Ann", description: "An old woman", kind: "person" }]]);
  await expect(addMember(cast, { name: "A", description: "b", kind: "ghost" }, output)).rejects.toThrow(
    "person",
  );
});

it("sends a photo to the member of the name, whatever its case, and removes it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cli-cast-"));
  const file = join(folder, "ann.jpg");
  await writeFile(file, "photo");
  const cast = api([member("m1", "Ann"), member("m2", "Ben")]);
  await changePhoto(cast, { name: "ANN", file, isRemoved: false }, output);
  await changePhoto(cast, { name: "m2", isRemoved: true }, output);
  expect(asked).toEqual([
    ["photo", "m1", new Uint8Array(Buffer.from("photo"))],
    ["no photo", "m2"],
  ]);
  await rm(folder, { recursive: true });
});

it("changes nothing where it is not plain who or which file is meant", async () => {
  const cast = api([member("m1", "Ann"), member("m2", "Ann", "animal")]);
  const none = (name: string, file?: string, isRemoved = false) =>
    changePhoto(cast, { name, file, isRemoved }, output);
  await expect(none("Ann", "x.jpg")).rejects.toThrow("2 named");
  await expect(none("Eve", "x.jpg")).rejects.toThrow("no “Eve”");
  await expect(none("m1")).rejects.toThrow("either");
  await expect(none("m1", "x.jpg", true)).rejects.toThrow("either");
  await expect(none("m1", "/no/such/file")).rejects.toThrow("is no file");
  await expect(deleteMember(cast, "Eve", output)).rejects.toThrow("no “Eve”");
  expect(asked).toEqual([]);
  await deleteMember(cast, "m2", output);
  expect(asked).toEqual([["delete", "m2"]]);
});
