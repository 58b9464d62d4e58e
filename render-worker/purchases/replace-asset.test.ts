import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { createSeller, picture, purchase, useAssetStores } from "../../tests/fakes/fake-assets.ts";
import { createFakeLedger, type FakeLedger } from "../../tests/fakes/fake-ledger.ts";
import { Poison, Transient } from "../errors.ts";
import type { PurchaseSpec } from "./examine-asset.ts";

const { bucket, storeOf } = useAssetStores();

describe("what is bought and can not be decoded", () => {
  const poison = new Poison("media.unreadable", "");
  /** A check that accepts only these bytes and records its calls. */
  const taking = (...good: string[]) => {
    const looks: [string, boolean][] = [];
    const check: NonNullable<PurchaseSpec["check"]> = async (path, isVerified) => {
      const text = await readFile(path, "utf8");
      looks.push([text, isVerified]);
      if (!good.includes(text)) throw poison;
      return undefined;
    };
    return { check, looks };
  };
  const all = ({ calls, settled }: FakeLedger) => [...calls.flatMap(({ settle }) => settle), ...settled];

  it("is paid, bought once more, and kept only where it can be used", async () => {
    const { storage, objects } = bucket();
    const ledger = createFakeLedger();
    const { check } = taking("asset 2");
    const asset = await storeOf(storage, ledger).obtain(
      picture,
      {},
      { ...purchase(createSeller().buy), check },
    );
    expect([await readFile(await asset.file(), "utf8"), ledger.spent]).toEqual(["asset 2", [42, 42]]);
    expect(all(ledger).map(({ outcome }) => outcome)).toEqual(["paid", "paid"]);
    expect(objects.get(asset.key)?.metadata).toMatchObject({ decoded: "1", "cost-micro-usd": "42" });
  });

  it("is bought twice an attempt at most, nothing of it is kept, and a later attempt buys again", async () => {
    const { storage, objects } = bucket();
    const seller = createSeller();
    const { check } = taking("asset 3");
    // Like the edge: a charge settled as paid stays paid until it is reported as gone.
    const paid = createFakeLedger((_, nth) => (nth === 1 ? "paid" : null));
    await expect(storeOf(storage).obtain(picture, {}, { ...purchase(seller.buy), check })).rejects.toBe(
      poison,
    );
    expect([seller.sold, objects.size]).toEqual([2, 0]);
    await storeOf(storage, paid).obtain(picture, {}, { ...purchase(seller.buy), check });
    expect([seller.sold, objects.size]).toEqual([3, 1]);
  });

  it("is gone where it lies in the store from before, and replaced for all that share it", async () => {
    const { storage } = bucket();
    const seller = createSeller();
    const old = purchase(seller.buy);
    await storeOf(storage).obtain(picture, {}, old);
    const { check, looks } = taking("asset 2");
    const ledger = createFakeLedger((_, nth) => (nth === 1 ? "paid" : null));
    const again = await storeOf(storage, ledger).obtain(picture, {}, { ...old, check });
    expect([again.reused, seller.sold]).toEqual([false, 2]);
    expect(ledger.calls.flatMap(({ reserve }) => reserve.map(({ gone }) => gone))).toEqual([false, true]);
    const other = await storeOf(storage).obtain(picture, {}, { ...old, check });
    expect([other.reused, seller.sold, looks.at(-1)]).toEqual([true, 2, ["asset 2", true]]);
  });

  it("is stored where it could not be looked at for another reason, and looked at when it is found", async () => {
    const { storage, objects } = bucket();
    const seller = createSeller();
    const ledger = createFakeLedger();
    const full = async () => Promise.reject(new Transient("ffmpeg.no_resources", ""));
    await expect(
      storeOf(storage, ledger).obtain(picture, {}, { ...purchase(seller.buy), check: full }),
    ).rejects.toThrow(Transient);
    expect(all(ledger)).toMatchObject([{ outcome: "paid", cost_micro_usd: 42 }]);
    expect([...objects.values()].map(({ metadata }) => metadata.decoded)).toEqual([undefined]);
    const { check, looks } = taking("asset 1");
    await storeOf(storage).obtain(picture, {}, { ...purchase(seller.buy), check });
    expect([seller.sold, looks]).toEqual([1, [["asset 1", false]]]);
  });

  it("is done without where the budget has nothing left for another", async () => {
    const ledger = createFakeLedger((_, nth) => (nth === 2 ? "over_budget" : null), "job");
    const { check } = taking();
    const seller = createSeller();
    const obtaining = storeOf(bucket().storage, ledger).obtain(
      picture,
      {},
      { ...purchase(seller.buy), check },
    );
    await expect(obtaining).rejects.toBe(poison);
    expect(seller.sold).toBe(1);
  });
});
