import OpenAI from "openai";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { until } from "../until.ts";
import { openSimulator, type SimulatorProcess, startSimulator } from "./start-simulator.ts";
import { exampleDream, storyboardRequest } from "./storyboard-task.ts";

let simulator: SimulatorProcess;
beforeAll(async () => {
  simulator = await openSimulator();
});
afterEach(() => simulator.reset());
afterAll(() => simulator.stop());

const dream = exampleDream("flying-short");
const chat = (n = 0, options?: OpenAI.RequestOptions) =>
  simulator.client.chat.completions.create(storyboardRequest(dream, { title: `take ${n}` }), options);
const strike = (kind: string, more: Record<string, unknown> = {}) =>
  simulator.control({ faults: [{ kind, ...more }] });

describe("faults that are not billed", () => {
  it("sends 429 with both of its waits, as often as configured", async () => {
    await strike("rate_limited", { times: 2, retry_after_ms: 1500 });
    for (let i = 0; i < 2; i++) {
      const error = await chat().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(OpenAI.RateLimitError);
      expect(error).toMatchObject({ status: 429, code: "rate_limit_exceeded" });
      const { headers } = error as InstanceType<typeof OpenAI.RateLimitError>;
      expect([headers?.get("retry-after-ms"), headers?.get("retry-after")]).toEqual(["1500", "2"]);
    }
    await expect(chat()).resolves.toHaveProperty("choices");
    const { billed, unbilled } = await simulator.ledger();
    expect([billed.length, unbilled.length]).toEqual([1, 2]);
    expect(unbilled[0]).toMatchObject({ status: 429, fault: "rate_limited", aborted: false });
  });

  it.each([
    ["insufficient_quota", {}, { status: 429, code: "insufficient_quota", type: "insufficient_quota" }],
    ["server_error", {}, { status: 500, type: "server_error" }],
    ["server_error", { status: 503 }, { status: 503, type: "server_error" }],
    ["content_policy_violation", {}, { status: 400, code: "content_policy_violation" }],
  ])("sends %s %j in the envelope", async (kind, more, error) => {
    await strike(kind, more);
    await expect(chat()).rejects.toMatchObject(error);
    expect((await simulator.ledger()).billed).toEqual([]);
  });

  it("cuts the connection", async () => {
    await strike("connection_reset");
    await expect(chat()).rejects.toBeInstanceOf(OpenAI.APIConnectionError);
    expect((await simulator.ledger()).unbilled[0]).toMatchObject({ status: null, aborted: false });
  });

  it("does not bill an invalid request", async () => {
    await expect(simulator.client.images.generate({ prompt: "" })).rejects.toMatchObject({ status: 400 });
    expect(await simulator.ledger()).toEqual({ billed: [], unbilled: [] });
  });
});

describe("faults that are billed", () => {
  it("bills the call and never answers", async () => {
    await strike("timeout_after_charge");
    await expect(chat(0, { timeout: 300 })).rejects.toBeInstanceOf(OpenAI.APIConnectionTimeoutError);
    await until(async () => (await simulator.ledger()).billed[0]?.aborted === true);
    expect((await simulator.ledger()).billed[0]).toMatchObject({
      status: null,
      fault: "timeout_after_charge",
    });
  });

  it("breaks off in the middle of the body", async () => {
    await strike("half_body");
    await expect(chat()).rejects.toThrow();
    // The client sees the break before the simulator has written it down.
    await until(async () => (await simulator.ledger()).billed[0]?.status === 200);
    expect((await simulator.ledger()).billed[0]).toMatchObject({ fault: "half_body" });
  });

  it("answers with another shape", async () => {
    await strike("wrong_shape");
    expect(await chat()).toEqual({ object: "surprise" });
  });

  it.each([
    ["invalid_json", (content: string) => expect(() => JSON.parse(content)).toThrow()],
    [
      "off_schema",
      (content: string) => expect(JSON.parse(content)).toEqual({ surprise: true, scenes: "none" }),
    ],
  ])("answers with a storyboard that is %s", async (kind, check) => {
    await strike(kind);
    check((await chat()).choices[0]?.message.content ?? "");
  });

  it("refuses politely", async () => {
    await strike("refusal");
    expect((await chat()).choices[0]?.message).toMatchObject({ content: null, refusal: expect.any(String) });
    expect((await simulator.ledger()).billed).toHaveLength(1);
  });
});

describe("whom they strike", () => {
  it("only the configured capability and text", async () => {
    await simulator.control({
      faults: [
        { kind: "server_error", capability: "voice" },
        { kind: "server_error", capability: "text", match: "take 7" },
      ],
    });
    await expect(chat(1)).resolves.toHaveProperty("choices");
    await expect(chat(7)).rejects.toMatchObject({ status: 500 });
    await expect(
      simulator.client.audio.speech.create({ model: "m", voice: "sage", input: "Hello." }),
    ).rejects.toMatchObject({ status: 500 });
  });

  it("the same calls for the same seed, in any order, and about the configured share", async () => {
    const outcomes = async (seed: number, order: number[]) => {
      await simulator.control({ seed, faults: [{ kind: "server_error", rate: 0.3 }] });
      const struck: number[] = [];
      await Promise.all(order.map((n) => chat(n).catch(() => struck.push(n))));
      return struck.toSorted((a, b) => a - b);
    };
    const order = Array.from({ length: 60 }, (_, n) => n);
    const first = await outcomes(1, order);
    expect(await outcomes(1, order.toReversed())).toEqual(first);
    expect(await outcomes(2, order)).not.toEqual(first);
    expect(first.length).toBeGreaterThan(6);
    expect(first.length).toBeLessThan(32);
  });

  it("draws again when a faulty call is repeated", async () => {
    await simulator.control({ seed: 4, faults: [{ kind: "server_error", rate: 0.5 }] });
    const outcomes = [];
    for (let i = 0; i < 12; i++)
      outcomes.push(
        await chat().then(
          () => true,
          () => false,
        ),
      );
    expect(new Set(outcomes).size).toBe(2);
  });

  it("refuses an invalid control", async () => {
    await expect(simulator.control({ faults: [{ kind: "earthquake" }] })).rejects.toThrow("400");
    await expect(simulator.control({ latency: 3 })).rejects.toThrow("400");
  });
});

describe("latency and the ledger", () => {
  it("delays each capability's answer as configured", async () => {
    await simulator.control({ latency_ms: { text: 300 } });
    const startedAt = performance.now();
    await chat();
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(295);
  });

  it("serves many slow calls at once", async () => {
    await simulator.control({ latency_ms: { text: 600_000 } });
    const hangUp = new AbortController();
    const { signal } = hangUp;
    const calls = Array.from({ length: 20 }, (_, n) => chat(n, { signal }).catch((error: unknown) => error));
    // A call is entered when its work begins, and none of these ends by itself.
    await until(async () => (await simulator.ledger()).billed.length === 20);
    hangUp.abort();
    for (const end of await Promise.all(calls)) expect(end).toBeInstanceOf(OpenAI.APIUserAbortError);
  });

  it("notes that a client disconnected, and bills it", async () => {
    await simulator.control({ latency_ms: { text: 60_000 } });
    await expect(chat(0, { timeout: 200 })).rejects.toBeInstanceOf(OpenAI.APIConnectionTimeoutError);
    await until(async () => (await simulator.ledger()).billed[0]?.aborted === true);
  });

  it("gives equal requests one fingerprint and others another", async () => {
    await chat(1);
    await chat(1);
    await chat(2);
    const prints = (await simulator.ledger()).billed.map(({ fingerprint }) => fingerprint);
    expect(prints[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(prints[1]).toBe(prints[0]);
    expect(prints[2]).not.toBe(prints[0]);
  });

  it("keeps a call's status, time and number", async () => {
    await chat();
    const { billed } = await simulator.ledger();
    expect(billed[0]).toMatchObject({
      capability: "text",
      status: 200,
      aborted: false,
      billed: true,
      fault: null,
    });
    expect(Date.parse(billed[0]?.at ?? "")).toBeGreaterThan(Date.now() - 60_000);
  });
});

describe("the process", () => {
  it("takes its latency and faults from the environment, and stops at a signal, also in the middle of a call", async () => {
    const other = await startSimulator({
      OPENAI_SIMULATOR_LATENCY: "text=120,picture=6000",
      OPENAI_SIMULATOR_FAULTS: '[{"kind":"refusal","capability":"text","times":1}]',
      OPENAI_SIMULATOR_SEED: "9",
    });
    const state = await (await fetch(`${other.origin}/_control`)).json();
    expect(state).toMatchObject({
      seed: 9,
      latency_ms: { text: 120, picture: 6000 },
      faults: [{ kind: "refusal", left: 1 }],
    });
    await other.client.images
      .generate({ prompt: "a forest", size: "256x256" }, { timeout: 50 })
      .catch(() => {});
    expect(await other.stop()).toBe(0);
  });
});
