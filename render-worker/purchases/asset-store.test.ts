import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createFakeLedger, type FakeLedger } from "../../tests/fakes/fake-ledger.ts";
import { createFakeStorage } from "../../tests/fakes/fake-storage.ts";
import type { Storage } from "../clients/storage.ts";
import { Poison, Transient, Unsure } from "../errors.ts";
import { createAssetStore, hashOf, type PurchaseSpec } from "./asset-store.ts";

const kind = { capability: "picture", extension: "png", contentType: "image/png" } as const;
const signal = new AbortController().signal;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dreamreel-test-"));
});
afterEach(() => rm(folder, { recursive: true }));

const bucket = () => createFakeStorage(folder);

function createSeller() {
  let sold = 0;
  return {
    get sold() {
      return sold;
    },
    buy: async () => ({ bytes: Buffer.from(`asset ${++sold}`), costMicroUsd: 42, requestId: `req_${sold}` }),
  };
}

const purchase = (call: PurchaseSpec["call"], scene = 0): PurchaseSpec => ({
  scene,
  model: "m",
  ceilingMicroUsd: 50,
  call,
});
const storeOf = (storage: Storage, ledger = createFakeLedger(), until = signal, owner = "owner") =>
  createAssetStore(ledger.ports(storage, until), owner, folder, until);

describe("assets", () => {
  it("buys once: a second attempt finds what the first one stored, and what it had cost", async () => {
    const { storage } = bucket();
    const ledger = createFakeLedger();
    const first = await storeOf(storage).obtain(kind, { prompt: "a" }, purchase(createSeller().buy));
    const second = await storeOf(storage, ledger).obtain(
      kind,
      { prompt: "a" },
      purchase(() => Promise.reject(new Error("bought twice"))),
    );
    expect([first.reused, second.reused]).toEqual([false, true]);
    expect(second.costMicroUsd).toBe(42);
    expect(await readFile(second.path, "utf8")).toBe("asset 1");
    expect([ledger.calls, ledger.spent]).toEqual([[], []]);
    expect(ledger.settled).toMatchObject([{ outcome: "found", cost_micro_usd: 42 }]);
  });

  it("says what the film uses, whether it is bought, found or made, before it is there", async () => {
    const { storage, objects } = bucket();
    const bought = createFakeLedger();
    const segment = { capability: "segment", extension: "mp4", contentType: "video/mp4" } as const;
    const first = storeOf(storage, bought);
    await first.obtain(kind, { prompt: "a" }, purchase(createSeller().buy));
    await first.getOrMake(segment, { scene: 0 }, async (path) => {
      expect(bought.used).toHaveLength(2);
      await writeFile(path, "segment");
    });
    await first.flush();
    expect([...objects.keys()]).toEqual(
      bought.used.map((fingerprint, index) => `assets/${fingerprint}.${index ? "mp4" : "png"}`),
    );
    const found = createFakeLedger();
    await storeOf(storage, found).obtain(kind, { prompt: "a" }, purchase(createSeller().buy));
    expect(found.used).toEqual([bought.used[0]]);
  });

  it("lets two scenes that want the same thing share one purchase", async () => {
    const seller = createSeller();
    const store = storeOf(bucket().storage);
    const both = await Promise.all(
      [1, 2].map(() => store.obtain(kind, { prompt: "a" }, purchase(seller.buy))),
    );
    expect(seller.sold).toBe(1);
    expect(both.map((asset) => asset.reused)).toEqual([false, true]);
  });

  it("never answers one owner from another's purchase", async () => {
    const { storage } = bucket();
    const seller = createSeller();
    for (const owner of ["one", "two"])
      await storeOf(storage, createFakeLedger(), signal, owner).obtain(
        kind,
        { prompt: "a" },
        purchase(seller.buy),
      );
    expect(seller.sold).toBe(2);
  });

  it("stores what was paid once the store is back, and does not buy again", async () => {
    const { storage, objects } = bucket();
    const seller = createSeller();
    let outages = 2;
    const flaky: Storage = {
      ...storage,
      putFile: async (...put) => {
        if (outages-- > 0) throw new Transient("storage.unavailable", "away");
        return storage.putFile(...put);
      },
    };
    const asset = await storeOf(flaky).obtain(kind, {}, purchase(seller.buy));
    expect([seller.sold, objects.has(asset.key)]).toEqual([1, true]);
  });

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
      storeOf(stalled, ledger, stop.signal).obtain(kind, {}, purchase(seller.buy)),
    ).rejects.toThrow("the worker stops");
    expect(ledger.settled).toMatchObject([{ outcome: "paid", cost_micro_usd: 42 }]);
    const later = createFakeLedger((_, nth) => (nth === 1 ? "paid" : null));
    await storeOf(storage, later).obtain(kind, {}, purchase(seller.buy));
    expect(later.calls.flatMap(({ reserve }) => reserve.map(({ gone }) => gone))).toEqual([false, true]);
  });

  it("keeps what it made without waiting for the upload, and makes again what could not be stored", async () => {
    const { storage } = bucket();
    const segment = { capability: "segment", extension: "mp4", contentType: "video/mp4" } as const;
    let made = 0;
    const make = async (path: string) => writeFile(path, `segment ${++made}`);
    const away: Storage = {
      ...storage,
      putFile: () => Promise.reject(new Transient("storage.unavailable", "")),
    };
    const gate = Promise.withResolvers<void>();
    const slow: Storage = {
      ...storage,
      putFile: (...put) => gate.promise.then(() => storage.putFile(...put)),
    };
    const unkept = storeOf(away);
    await unkept.getOrMake(segment, { n: 1 }, make);
    await unkept.flush();
    const store = storeOf(slow);
    const { path } = await store.getOrMake(segment, { n: 1 }, make);
    expect(await readFile(path, "utf8")).toBe("segment 2");
    gate.resolve();
    await store.flush();
    expect(await storeOf(storage).getOrMake(segment, { n: 1 }, make)).toMatchObject({ reused: true });
    expect(made).toBe(2);
  });

  it("lets a purchase under way end and be stored when its attempt stops, and tells the ledger", async () => {
    const { storage, objects } = bucket();
    const stop = new AbortController();
    const ledger = createFakeLedger();
    const asset = await storeOf(storage, ledger, stop.signal).obtain(
      kind,
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
      kind,
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
    const asset = await storeOf(slow, ledger).obtain(kind, {}, purchase(createSeller().buy));
    expect(objects.has(asset.key)).toBe(true);
    expect(ledger.settled).toHaveLength(1);
  });
});

describe("a film's purchases", () => {
  it("ask the ledger together: once to reserve all of them, voices first, once to begin", async () => {
    const ledger = createFakeLedger();
    const store = storeOf(bucket().storage, ledger);
    const voice = { capability: "voice", extension: "wav", contentType: "audio/wav" } as const;
    await Promise.all(
      [0, 1, 2, 3].flatMap((scene) =>
        [kind, voice].map((one) => store.obtain(one, { scene }, purchase(createSeller().buy, scene))),
      ),
    );
    expect(ledger.calls.map(({ reserve, send }) => [reserve.length, send.length])).toEqual([
      [8, 0],
      [0, 8],
    ]);
    expect(ledger.calls[0]?.reserve.map(({ capability, scene }) => `${capability} ${scene}`)).toEqual(
      ["voice", "picture"].flatMap((name) => [0, 1, 2, 3].map((scene) => `${name} ${scene}`)),
    );
  });

  it.each([
    ["over_budget", "owner", "budget.owner_exceeded"],
    ["over_budget", "job", "budget.job_exceeded"],
    ["outcome_unknown", null, "ai.outcome_unknown"],
  ] as const)("are not made where the ledger says %s (%s)", async (decision, exceededBudget, code) => {
    const seller = createSeller();
    const store = storeOf(
      bucket().storage,
      createFakeLedger(() => decision, exceededBudget),
    );
    await expect(store.obtain(kind, {}, purchase(seller.buy))).rejects.toMatchObject({ code });
    expect(seller.sold).toBe(0);
  });

  it("wait for another job that buys the same, and take what it has bought", async () => {
    const { storage } = bucket();
    const seller = createSeller();
    const ledger = createFakeLedger((_, nth) => (nth === 1 ? "wait" : null));
    const waiting = storeOf(storage, ledger).obtain(kind, {}, purchase(seller.buy));
    await storeOf(storage).obtain(kind, {}, purchase(seller.buy));
    expect([(await waiting).reused, seller.sold]).toEqual([true, 1]);
  });

  it("are made again where what the ledger calls paid is gone from the store", async () => {
    const ledger = createFakeLedger((_, nth) => (nth === 1 ? "paid" : null));
    const asset = await storeOf(bucket().storage, ledger).obtain(kind, {}, purchase(createSeller().buy));
    expect(asset.reused).toBe(false);
    expect(ledger.calls.flatMap(({ reserve }) => reserve.map(({ gone }) => gone))).toEqual([false, true]);
  });
});

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
    await storeOf(bucket().storage, ledger).obtain(kind, {}, purchase(call));
    expect([calls(), outcomes(ledger)]).toEqual([2, ["refused", "paid"]]);
  });

  it("is unknown if the answer was lost, and made again only if the ledger grants it", async () => {
    const granted = createFakeLedger();
    await storeOf(bucket().storage, granted).obtain(
      kind,
      {},
      purchase(failing(1, new Unsure("openai.timeout", "", { aiFault: "unavailable" })).call),
    );
    expect(outcomes(granted)).toEqual(["unknown", "paid"]);
    const refused = createFakeLedger((_, nth) => (nth === 3 ? "outcome_unknown" : null));
    const twice = failing(9, new Unsure("openai.timeout", "", { aiFault: "unavailable" }));
    await expect(
      storeOf(bucket().storage, refused).obtain(kind, {}, purchase(twice.call)),
    ).rejects.toMatchObject({
      code: "ai.outcome_unknown",
    });
    expect([twice.calls(), outcomes(refused)]).toEqual([2, ["unknown", "unknown"]]);
  });

  it("is free again where it can never bring anything", async () => {
    const ledger = createFakeLedger();
    const { call, calls } = failing(9, new Poison("openai.refused", "", { aiFault: "refused" }));
    await expect(storeOf(bucket().storage, ledger).obtain(kind, {}, purchase(call))).rejects.toThrow(Poison);
    expect([calls(), outcomes(ledger)]).toEqual([1, ["failed"]]);
  });

  it("is unknown where we broke it off ourselves", async () => {
    const ledger = createFakeLedger();
    const stop = new AbortController();
    const broken = storeOf(bucket().storage, ledger, stop.signal).obtain(
      kind,
      {},
      purchase((graceSignal) => {
        stop.abort(new Error("the worker stops"));
        return new Promise((_, reject) =>
          graceSignal.addEventListener("abort", () => reject(graceSignal.reason)),
        );
      }),
    );
    await expect(broken).rejects.toThrow("the worker stops");
    expect(outcomes(ledger)).toEqual(["unknown"]);
  });

  it("is paid where its answer is of no use, and bought anew", async () => {
    const ledger = createFakeLedger();
    const seller = createSeller();
    let answers = 0;
    await storeOf(bucket().storage, ledger).obtain(
      kind,
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
    const asset = await storeOf(storage, ledger).obtain(kind, {}, { ...purchase(createSeller().buy), check });
    expect([await readFile(asset.path, "utf8"), ledger.spent]).toEqual(["asset 2", [42, 42]]);
    expect(all(ledger).map(({ outcome }) => outcome)).toEqual(["paid", "paid"]);
    expect(objects.get(asset.key)?.metadata).toMatchObject({ decoded: "1", "cost-micro-usd": "42" });
  });

  it("is bought twice an attempt at most, nothing of it is kept, and a later attempt buys again", async () => {
    const { storage, objects } = bucket();
    const seller = createSeller();
    const { check } = taking("asset 3");
    // Like the edge: a charge settled as paid stays paid until it is reported as gone.
    const paid = createFakeLedger((_, nth) => (nth === 1 ? "paid" : null));
    await expect(storeOf(storage).obtain(kind, {}, { ...purchase(seller.buy), check })).rejects.toBe(poison);
    expect([seller.sold, objects.size]).toEqual([2, 0]);
    await storeOf(storage, paid).obtain(kind, {}, { ...purchase(seller.buy), check });
    expect([seller.sold, objects.size]).toEqual([3, 1]);
  });

  it("is gone where it lies in the store from before, and replaced for all that share it", async () => {
    const { storage } = bucket();
    const seller = createSeller();
    const old = purchase(seller.buy);
    await storeOf(storage).obtain(kind, {}, old);
    const { check, looks } = taking("asset 2");
    const ledger = createFakeLedger((_, nth) => (nth === 1 ? "paid" : null));
    const again = await storeOf(storage, ledger).obtain(kind, {}, { ...old, check });
    expect([again.reused, seller.sold]).toEqual([false, 2]);
    expect(ledger.calls.flatMap(({ reserve }) => reserve.map(({ gone }) => gone))).toEqual([false, true]);
    const other = await storeOf(storage).obtain(kind, {}, { ...old, check });
    expect([other.reused, seller.sold, looks.at(-1)]).toEqual([true, 2, ["asset 2", true]]);
  });

  it("is stored where it could not be looked at for another reason, and looked at when it is found", async () => {
    const { storage, objects } = bucket();
    const seller = createSeller();
    const ledger = createFakeLedger();
    const full = async () => Promise.reject(new Transient("ffmpeg.no_resources", ""));
    await expect(
      storeOf(storage, ledger).obtain(kind, {}, { ...purchase(seller.buy), check: full }),
    ).rejects.toThrow(Transient);
    expect(all(ledger)).toMatchObject([{ outcome: "paid", cost_micro_usd: 42 }]);
    expect([...objects.values()].map(({ metadata }) => metadata.decoded)).toEqual([undefined]);
    const { check, looks } = taking("asset 1");
    await storeOf(storage).obtain(kind, {}, { ...purchase(seller.buy), check });
    expect([seller.sold, looks]).toEqual([1, [["asset 1", false]]]);
  });

  it("is done without where the budget has nothing left for another", async () => {
    const ledger = createFakeLedger((_, nth) => (nth === 2 ? "over_budget" : null), "job");
    const { check } = taking();
    const seller = createSeller();
    const obtaining = storeOf(bucket().storage, ledger).obtain(kind, {}, { ...purchase(seller.buy), check });
    await expect(obtaining).rejects.toBe(poison);
    expect(seller.sold).toBe(1);
  });
});

describe("what the provider says no price of", () => {
  const unpriced = async () => ({ bytes: Buffer.from("asset"), costMicroUsd: null, requestId: null });

  it("is booked at its ceiling as an estimate, by the attempt that settles it", async () => {
    const { storage } = bucket();
    const bought = createFakeLedger();
    const asset = await storeOf(storage, bought).obtain(kind, {}, purchase(unpriced));
    const found = createFakeLedger();
    await storeOf(storage, found).obtain(kind, {}, purchase(unpriced));
    expect([asset.costMicroUsd, bought.spent]).toEqual([50, [50]]);
    expect(bought.settled).toMatchObject([{ outcome: "paid", cost_micro_usd: 50, estimated: true }]);
    expect(found.settled).toMatchObject([{ outcome: "found", cost_micro_usd: 50, estimated: true }]);
  });

  it("costs what its decoded length tells, and its ceiling where it can not be decoded", async () => {
    const priced = createFakeLedger();
    const check = async () => ({ costMicroUsd: 7 });
    await storeOf(bucket().storage, priced).obtain(kind, {}, { ...purchase(unpriced), check });
    expect(priced.settled).toMatchObject([{ cost_micro_usd: 7, estimated: false }]);
    const unusable = createFakeLedger();
    const refuse = async () => Promise.reject(new Poison("media.unreadable", ""));
    await expect(
      storeOf(bucket().storage, unusable).obtain(kind, {}, { ...purchase(unpriced), check: refuse }),
    ).rejects.toThrow(Poison);
    expect(unusable.spent).toEqual([50, 50]);
  });
});

describe("hashOf", () => {
  it("does not depend on the order of fields", () => {
    expect(hashOf({ a: 1, b: { c: [1, { d: 2, e: 3 }] } })).toBe(
      hashOf({ b: { c: [1, { e: 3, d: 2 }] }, a: 1 }),
    );
  });

  it("depends on every value", () => {
    expect(hashOf({ a: 1 })).not.toBe(hashOf({ a: "1" }));
    expect(hashOf({ a: [1, 2] })).not.toBe(hashOf({ a: [2, 1] }));
  });
});
