import { describe, expect, it } from "vitest";
import { seeded, seedOfRun } from "../tests/seeded.ts";
import {
  numberMessages,
  readSequencedId,
  type SignatureHeaders,
  signMessage,
  verifyMessage,
} from "./signature.ts";

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const other = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const now = 1614265330;
const body = '{"test": 2432232314}';
const vector = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

const verify = (headers: Partial<SignatureHeaders>, text = body, secrets = [secret], at = now) =>
  verifyMessage(secrets, (name) => headers[name], text, at);

describe("signature", () => {
  const signed = signMessage(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", now, body);

  it("makes the signature of the specification's own example", () => {
    expect(signed["webhook-signature"]).toBe(vector);
  });

  it("accepts its own signature, also among others and after a rotation", () => {
    const id = { id: "msg_p5jXN8AQM9LWM0D4loKWxJek" };
    expect(verify(signed)).toEqual(id);
    expect(verify({ ...signed, "webhook-signature": `v1,AAAA ${vector} v1a,x` })).toEqual(id);
    expect(verify(signed, body, [other, secret])).toEqual(id);
  });

  it.each([
    ["another key", signed, body, [other]],
    ["a changed body", signed, `${body} `, [secret]],
    ["re-serialised JSON", signed, '{"test":2432232314}', [secret]],
    ["another id", { ...signed, "webhook-id": "msg_other" }, body, [secret]],
    ["an id with a dot", { ...signed, "webhook-id": "msg.1" }, body, [secret]],
    ["an empty signature", { ...signed, "webhook-signature": "v1," }, body, [secret]],
    ["a cut signature", { ...signed, "webhook-signature": vector.slice(0, -2) }, body, [secret]],
    ["another version", { ...signed, "webhook-signature": vector.replace("v1,", "v2,") }, body, [secret]],
  ])("refuses %s", (_, headers, text, secrets) => {
    expect(verify(headers, text, secrets)).toEqual({ fault: "signature.invalid" });
  });

  it.each([
    "-5",
    "123abc",
    "1e9",
    "1614265330.5",
    "99999999999999999999",
    String(now - 301),
    String(now + 301),
  ])("refuses the time %s", (timestamp) => {
    expect(verify({ ...signed, "webhook-timestamp": timestamp })).toEqual({ fault: "signature.stale" });
  });

  it.each(["webhook-id", "webhook-timestamp", "webhook-signature"] as const)(
    "refuses a missing %s",
    (name) => {
      expect(verify({ ...signed, [name]: undefined })).toEqual({ fault: "signature.missing" });
    },
  );
});

describe("the time that a refusal takes", () => {
  const signed = signMessage(secret, "msg_timed", now, body);
  const flip = (at: number) => {
    const text = signed["webhook-signature"];
    return `${text.slice(0, at)}${text[at] === "A" ? "B" : "A"}${text.slice(at + 1)}`;
  };

  /**
   * Welch's t for refusals that differ in the first character against those that differ in the last, in
   * random order.
   */
  function measure(seed: number, times: number): number {
    const random = seeded(seed);
    const wrong = [flip("v1,".length), flip(signed["webhook-signature"].length - 2)];
    const sums = [newSum(), newSum()];
    for (let i = 0; i < times; i++) {
      const which = random() < 0.5 ? 0 : 1;
      const headers = { ...signed, "webhook-signature": wrong[which] as string };
      const began = performance.now();
      verify(headers);
      const tookUs = (performance.now() - began) * 1000;
      // A pause of the machine is not the code's doing.
      if (tookUs < 200) add(sums[which] as Sum, tookUs);
    }
    const [first, last] = sums as [Sum, Sum];
    return (mean(first) - mean(last)) / Math.sqrt(variance(first) / first.n + variance(last) / last.n);
  }

  it("does not reveal how much of the signature was right: 100,000 refusals, p > 0.01", () => {
    measure(1, 5_000);
    // One run in a hundred fails by chance, three in a row one in a million.
    const found = [0, 1, 2].some((again) => Math.abs(measure(seedOfRun + again, 100_000)) < 2.576);
    expect(found, `SEED=${seedOfRun}`).toBe(true);
  });
});

interface Sum {
  n: number;
  total: number;
  squares: number;
}
const newSum = (): Sum => ({ n: 0, total: 0, squares: 0 });
function add(sum: Sum, value: number): void {
  sum.n++;
  sum.total += value;
  sum.squares += value * value;
}
const mean = ({ n, total }: Sum) => total / n;
const variance = (sum: Sum) => sum.squares / sum.n - mean(sum) ** 2;

describe("numbered messages", () => {
  const uuid = "0f0e0d0c-0b0a-4908-8706-050403020100";

  it("have unique ids, and each sender's count from 1 without holes", () => {
    const nextId = numberMessages(uuid);
    const ids = Array.from({ length: 1000 }, nextId);
    expect(new Set(ids).size).toBe(1000);
    const bySender = Map.groupBy(ids.map(readSequencedId), (sequence) => sequence?.sender);
    expect(bySender.size).toBe(16);
    for (const sequences of bySender.values()) {
      expect(sequences.map((sequence) => sequence?.number)).toEqual(sequences.map((_, place) => place + 1));
    }
  });

  it("are signed like any other", () => {
    const id = numberMessages(uuid)();
    const headers = signMessage(secret, id, 1_700_000_000, "{}");
    const header = (name: keyof typeof headers) => headers[name];
    expect(verifyMessage([secret], header, "{}", 1_700_000_000)).toEqual({ id });
  });

  it.each([
    uuid,
    "seq_0f_1",
    `seq_${"0".repeat(33)}_0`,
    `seq_${"0".repeat(33)}_01`,
    `seq_${"0".repeat(33)}_1e3`,
    `seq_${"0".repeat(33)}_${"9".repeat(16)}`,
    `seq_${"G".repeat(33)}_1`,
    `msg_${"0".repeat(33)}_1`,
  ])("are not read from an id of another form: %s", (id) => {
    expect(readSequencedId(id)).toBeNull();
  });
});
