import { expect, it } from "vitest";
import type { ChargeAnswer, ChargeRequest } from "../../contract/charge-request.ts";
import { createSeller, picture, purchase, useAssetStores } from "../../tests/fakes/fake-assets.ts";
import { createFakeLedger } from "../../tests/fakes/fake-ledger.ts";
import { Transient } from "../errors.ts";
import { Slots } from "../flow/slots.ts";
import { carryReports } from "../pipeline/carried-report.ts";
import { Progress } from "../pipeline/progress.ts";
import { createLedgerClient } from "./ledger-client.ts";

const { bucket, storeOf } = useAssetStores();
const { signal } = new AbortController();
const job = { job_id: "j", attempt: 1 };

/** A ledger whose edge stores carried reports, or is too old to. */
function edgeOf(storesReports: boolean, fails = 0) {
  const requests: ChargeRequest[] = [];
  const charge = async (_: string, request: ChargeRequest): Promise<ChargeAnswer> => {
    requests.push(request);
    if (requests.length <= fails) throw new Transient("edge.unreachable", "");
    const reported = { lease_ms: 30_000, watched: false, asks_for_reports: true };
    return { charges: [], short_of: null, reported: storesReports ? reported : null };
  };
  return { charge, requests };
}

it("carries what is unreported, again after a lost reply, and then no more", async () => {
  const { charge, requests } = edgeOf(true, 1);
  const progress = new Progress(() => {});
  const ledger = createLedgerClient({ charge }, job, signal, carryReports(progress));
  progress.enter("scenes");
  progress.useAsset("a");
  await ledger.ask({ send: "f" });
  progress.warn("c", "m", null);
  await ledger.ask({ send: "f" });
  expect(requests.map(({ report }) => report?.events.map(({ n }) => n))).toEqual([[1], [1], [2]]);
  expect(requests.map(({ report }) => report?.assets)).toEqual([["a"], ["a"], []]);
  expect(progress.hasUrgentReports).toBe(false);
});

it("leaves everything to the reports if the edge is too old to store what it carries", async () => {
  const { charge } = edgeOf(false);
  const progress = new Progress(() => {});
  progress.enter("scenes");
  await createLedgerClient({ charge }, job, signal, carryReports(progress)).ask({ send: "f" });
  expect(progress.unreportedEvents(9, 999).map(({ n }) => n)).toEqual([1]);
});

it("reserves a purchase and marks it as sent in one call if a slot is free, else in two", async () => {
  const steps = ({ calls }: ReturnType<typeof createFakeLedger>) =>
    calls.map(({ reserve, send }) => [reserve.length, send.length]);
  const free = createFakeLedger();
  await storeOf(bucket().storage, free).obtain(picture, {}, purchase(createSeller().buy));
  expect(steps(free)).toEqual([[1, 1]]);

  const slots = new Slots(1);
  const give = slots.tryTake();
  const busy = createFakeLedger();
  const store = storeOf(bucket().storage, busy, signal, "owner", { purchases: slots });
  const bought = store.obtain(picture, {}, purchase(createSeller().buy));
  await expect.poll(() => busy.calls.length).toBe(1);
  give?.();
  await bought;
  expect(steps(busy)).toEqual([
    [1, 0],
    [0, 1],
  ]);
  expect(slots.tryTake(), "the purchase gave its slot back").not.toBeNull();
});

it("gives the slot back, and calls nobody, if the ledger does not admit the purchase", async () => {
  const slots = new Slots(1);
  const seller = createSeller();
  const refusing = createFakeLedger(() => "over_budget", "job");
  const store = storeOf(bucket().storage, refusing, signal, "owner", { purchases: slots });
  await expect(store.obtain(picture, {}, purchase(seller.buy))).rejects.toMatchObject({
    code: "budget.job_exceeded",
  });
  expect([seller.sold, slots.tryTake() === null]).toEqual([0, false]);
});
