/** What is deleted with a photo, on the edge's real D1 and R2, with a worker that paints meanwhile. */
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assetKey } from "../../../contract/storage.ts";
import { type Edge, secrets, startEdge } from "../../../tests/edge/harness.ts";
import type { Env } from "../../env.ts";
import { hashKey } from "../../store/keys.ts";
import { openPrimary } from "../../store/open.ts";
import { deletePhoto, putPhoto } from "./change-photo.ts";
import { deleteMember } from "./delete-member.ts";

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.close());

const paint = async (background: string) =>
  new Uint8Array(
    await sharp({ create: { width: 200, height: 200, channels: 3, background } })
      .jpeg()
      .toBuffer(),
  );

describe.each([
  ["is deleted", deletePhoto],
  ["is deleted with its member", deleteMember],
  [
    "is replaced",
    async (context: Parameters<typeof putPhoto>[0], keyHash: string, id: string) =>
      void (await putPhoto(context, { keyHash, id, photoId: "photo-2", bytes: await paint("#224488") })),
  ],
])("a photo that %s", (_, change) => {
  it("leaves no sheet that a worker stores between the deletion of the sheets and of the row", async () => {
    const { key } = await edge.newKey();
    const keyHash = await hashKey(key);
    const body = { name: "Grandmother", description: "An old woman" };
    const { id } = (await edge.call<{ id: string }>("POST", "/cast", { key, body })).json;
    const sheet = keyHash.slice(0, 64).padEnd(64, "0");
    await edge.sql(
      "UPDATE cast_members SET sheets = ?, photo_id = 'photo-1', photo_hash = 'x' WHERE id = ?",
      sheet,
      id,
    );
    let isPainted = false;
    const media = {
      put: (name: string, bytes: Uint8Array) => edge.media.put(name, bytes),
      delete: async (keys: string | string[]) => {
        await edge.media.delete(keys);
        if (isPainted) return;
        isPainted = true;
        await edge.media.put(assetKey(sheet, "png"), "a sheet");
      },
    };
    const env = { ...secrets, DB: edge.d1, MEDIA: media } as unknown as Env;
    await change({ env, session: openPrimary(edge.d1), now: Date.now }, keyHash, id);
    expect(isPainted).toBe(true);
    expect(await edge.media.head(assetKey(sheet, "png"))).toBeNull();
  });
});
