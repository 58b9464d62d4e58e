import { expect, it } from "vitest";
import type { KnownCastMember } from "../../../contract/cast.ts";
import { describeSource, personsFirst } from "./describe-member.ts";

const member: KnownCastMember = {
  ...{ id: "m", kind: "person", name: "Ann", description: "A woman", has_sheet: false },
  ...{ used_at: "2026-11-28T02:00:00Z", photo_added_at: null },
};

it("says what a member is painted from", () => {
  expect(describeSource(member)).toContain("Not painted yet");
  expect(describeSource({ ...member, has_sheet: true })).toBe("Painted from these words.");
  const photo_added_at = "2026-11-28T12:00:00Z";
  expect(describeSource({ ...member, photo_added_at })).toMatch(/Not painted yet.*the photo of Nov 28/);
  expect(describeSource({ ...member, has_sheet: true, photo_added_at })).toBe(
    "Painted from the photo of Nov 28.",
  );
});

it("lists persons first, and else keeps the order", () => {
  const cast = (["place", "person", "animal", "person"] as const).map((kind, n) => ({
    ...member,
    kind,
    id: `${n}`,
  }));
  expect(personsFirst(cast).map(({ id }) => id)).toEqual(["1", "3", "0", "2"]);
});
