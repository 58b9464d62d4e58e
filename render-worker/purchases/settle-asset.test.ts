import { describe, expect, it, vi } from "vitest";
import { createSeller, picture, purchase, useAssetStores } from "../../tests/fakes/fake-assets.ts";
import { createFakeLedger, type FakeLedger } from "../../tests/fakes/fake-ledger.ts";
import type { Storage } from "../clients/storage.ts";
import { Poison, Transient, Unsure } from "../errors.ts";

const { bucket, storeOf } = useAssetStores();

describe("a call that brings nothing", () => {
  const failing = (times: number, error: Error) => {
    let calls = 0;
    const seller = createSeller();
    return {
      call: async () => (++calls <= times ? Promise.reject(error) : seller.buy()),
      calls: () => calls,
    };
  };
  const outcomes = ({ calls, settled }: FakeLedger) =>
    [...calls.flatMap(({ settle }) => settle), ...settled].map(({ outcome }) => outcome);

  it("is written down as refused where the provider said no, and made again", async () => {
    const ledger = createFakeLedger();
    const { call, calls } = failing(1, new Transient("openai.unavailable", "", { aiFault: "unavailable" }));
    await storeOf(bucket().storage, ledger).obtain(picture, {}, purchase(call));
    expect([calls(), outcomes(ledger)]).toEqual([2, ["refused", "paid"]]);
  });

  it("is unknown if the answer was lost, and made again only if the ledger grants it", async () => {
    const granted = createFakeLedger();
    await storeOf(bucket().storage, granted).obtain(
      picture,
      {},
      purchase(failing(1, new Unsure("openai.timeout", "", { aiFault: "unavailable" })).call),
    );
    expect(outcomes(granted)).toEqual(["unknown", "paid"]);
    const refused = createFakeLedger((_, nth) => (nth === 3 ? "outcome_unknown" : null));
    const twice = failing(9, new Unsure("openai.timeout", "", { aiFault: "unavailable" }));
    await expect(
      storeOf(bucket().storage, refused).obtain(picture, {}, purchase(twice.call)),
    ).rejects.toMatchObject({
      code: "ai.outcome_unknown",
    });
    expect([twice.calls(), outcomes(refused)]).toEqual([2, ["unknown", "unknown"]]);
  });

  it("is free again where it can never bring anything", async () => {
    const ledger = createFakeLedger();
    const { call, calls } = failing(9, new Poison("openai.refused", "", { aiFault: "refused" }));
    await expect(storeOf(bucket().storage, ledger).obtain(picture, {}, purchase(call))).rejects.toThrow(
      Poison,
    );
    expect([calls(), outcomes(ledger)]).toEqual([1, ["failed"]]);
  });

  it("is booked as paid where we broke it off ourselves, and never as unknown", async () => {
    const ledger = createFakeLedger();
    const stop = new AbortController();
    const broken = storeOf(bucket().storage, ledger, stop.signal).obtain(
      picture,
      {},
      purchase((graceSignal) => {
        stop.abort(new Error("the worker stops"));
        return new Promise((_, reject) =>
          graceSignal.addEventListener("abort", () => reject(graceSignal.reason)),
        );
      }),
    );
    await expect(broken).rejects.toThrow("the worker stops");
    expect(outcomes(ledger)).toEqual(["abandoned"]);
  });

  it("is paid where its answer is of no use, and bought anew", async () => {
    const ledger = createFakeLedger();
    const seller = createSeller();
    let answers = 0;
    await storeOf(bucket().storage, ledger).obtain(
      picture,
      {},
      purchase(async () =>
        ++answers === 1
          ? { unusable: new Transient("storyboard.malformed", ""), costMicroUsd: 7, requestId: null }
          : seller.buy(),
      ),
    );
    expect([outcomes(ledger), ledger.spent]).toEqual([
      ["paid", "paid"],
      [7, 42],
    ]);
  });
});

describe("a purchase that ends while its attempt stops or its store is away", () => {
  it("is paid in the ledger though it could never be stored, and is bought again by a later attempt", async () => {
    const { storage } = bucket();
    const seller = createSeller();
    const stop = new AbortController();
    const ledger = createFakeLedger();
    const stalled: Storage = {
      ...storage,
      putFile: async (_key, _path, _type, until) => {
        stop.abort(new Error("the worker stops"));
        await new Promise((resolve) => until.addEventListener("abort", resolve, { once: true }));
        throw until.reason;
      },
    };
    await expect(
      storeOf(stalled, ledger, stop.signal).obtain(picture, {}, purchase(seller.buy)),
    ).rejects.toThrow("the worker stops");
    expect(ledger.settled).toMatchObject([{ outcome: "paid", cost_micro_usd: 42 }]);
    const later = createFakeLedger((_, nth) => (nth === 1 ? "paid" : null));
    await storeOf(storage, later).obtain(picture, {}, purchase(seller.buy));
    expect(later.calls.flatMap(({ reserve }) => reserve.map(({ gone }) => gone))).toEqual([false, true]);
  });

  it("lets a purchase under way end and be stored when its attempt stops, and tells the ledger", async () => {
    const { storage, objects } = bucket();
    const stop = new AbortController();
    const ledger = createFakeLedger();
    const asset = await storeOf(storage, ledger, stop.signal).obtain(
      picture,
      {},
      purchase(async (graceSignal) => {
        stop.abort(new Error("the worker stops"));
        expect(graceSignal.aborted).toBe(false);
        return createSeller().buy();
      }),
    );
    expect(objects.has(asset.key)).toBe(true);
    expect(ledger.settled).toMatchObject([{ outcome: "paid", cost_micro_usd: 42, request_id: "req_1" }]);
  });

  it("is waited for by the attempt that stops, though the film has failed already", async () => {
    const { storage, objects } = bucket();
    const stop = new AbortController();
    const store = storeOf(storage, createFakeLedger(), stop.signal);
    const answer = Promise.withResolvers<void>();
    const seller = createSeller();
    const voice = store.obtain(
      picture,
      {},
      purchase(async () => {
        stop.abort(new Error("the worker stops"));
        await answer.promise;
        return seller.buy();
      }),
    );
    await vi.waitFor(() => expect(stop.signal.aborted).toBe(true));
    const flushed = store.flush();
    answer.resolve();
    await flushed;
    expect([seller.sold, objects.size]).toEqual([1, 1]);
    await voice;
  });

  it("is stored before the ledger says that it is paid, and before the caller has it", async () => {
    const { storage, objects } = bucket();
    const ledger = createFakeLedger();
    const slow: Storage = {
      ...storage,
      putFile: async (...put) => {
        expect(ledger.settled).toEqual([]);
        return storage.putFile(...put);
      },
    };
    const asset = await storeOf(slow, ledger).obtain(picture, {}, purchase(createSeller().buy));
    expect(objects.has(asset.key)).toBe(true);
    expect(ledger.settled).toHaveLength(1);
  });
});

describe("what the provider says no price of", () => {
  const unpriced = async () => ({ bytes: Buffer.from("asset"), costMicroUsd: null, requestId: null });

  it("is booked at its ceiling as an estimate, by the attempt that settles it", async () => {
    const { storage } = bucket();
    const bought = createFakeLedger();
    const asset = await storeOf(storage, bought).obtain(picture, {}, purchase(unpriced));
    const found = createFakeLedger();
    await storeOf(storage, found).obtain(picture, {}, purchase(unpriced));
    expect([asset.costMicroUsd, bought.spent]).toEqual([50, [50]]);
    expect(bought.settled).toMatchObject([{ outcome: "paid", cost_micro_usd: 50, estimated: true }]);
    expect(found.settled).toMatchObject([{ outcome: "found", cost_micro_usd: 50, estimated: true }]);
  });

  it("costs what its decoded length tells, and its ceiling where it can not be decoded", async () => {
    const priced = createFakeLedger();
    const check = async () => ({ costMicroUsd: 7 });
    await storeOf(bucket().storage, priced).obtain(picture, {}, { ...purchase(unpriced), check });
    expect(priced.settled).toMatchObject([{ cost_micro_usd: 7, estimated: false }]);
    const unusable = createFakeLedger();
    const refuse = async () => Promise.reject(new Poison("media.unreadable", ""));
    await expect(
      storeOf(bucket().storage, unusable).obtain(picture, {}, { ...purchase(unpriced), check: refuse }),
    ).rejects.toThrow(Poison);
    expect(unusable.spent).toEqual([50, 50]);
  });
});
