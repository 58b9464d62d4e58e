/** Tries one answer: makes a new owner's film with a provider that gives it, and then with a healthy one. */
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { FilmCost } from "../../contract/cost.ts";
import { isTerminal, type VideoQueued, type VideoStatus } from "../../contract/job.ts";
import { Control, ControlPatch } from "../../simulators/openai/control.ts";
import { Ledger } from "../../simulators/openai/ledger.ts";
import { createApp } from "../../simulators/openai/server.ts";
import type { Cloud } from "../../tests/chaos/cloud.ts";
import type { Answer, Capability } from "./answers.ts";
import type { AnswersWorker } from "./start-worker.ts";

export const capabilities = ["text", "picture", "voice"] as const;
type ByCapability = Record<Capability, number>;

export interface Tried {
  answer: Answer;
  /** Calls that the provider received, and those that it billed. */
  calls: ByCapability;
  billed: ByCapability;
  /** Charges in the edge's ledger: those paid, and those of unknown outcome. */
  paid: ByCapability;
  unknown: ByCapability;
  bookedUsd: number;
  /** The part of `bookedUsd` that is booked at the ceiling, because the provider reported no cost. */
  estimatedUsd: number;
  status: VideoStatus;
  /** If the film was handed back or failed: how it ended with a healthy provider. */
  afterwards: VideoStatus | null;
  seconds: number;
}

const transcript = "I flew over a sea. A town was lit.";
const options = { length_seconds: 10, aspect: "1:1" };

export async function tryAnswer(
  answer: Answer,
  title: string,
  cloud: Cloud,
  worker: AnswersWorker,
): Promise<Tried> {
  const state = { control: new Control(), ledger: new Ledger() };
  const server = createApp(state).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const startedAt = performance.now();
  try {
    worker.serve(title, worker.aiAt(origin, answer.timeoutSeconds));
    state.control.change(ControlPatch.parse({ faults: answer.faults }));
    const ask = askAs(cloud, await cloud.newKey(title));
    await ask("POST", "/dreams", { id: title, title, transcript });
    await ask<VideoQueued>("POST", `/dreams/${title}/finish`, options);
    const status = await untilRested(ask, title);
    const { billed, unbilled } = state.ledger.list();
    const cost = await ask<FilmCost>("GET", `/dreams/${title}/cost`);
    const linesOf = (...wanted: string[]) =>
      count(
        cost.lines.filter((line) => wanted.includes(line.state)),
        "asset",
      );
    const tried = {
      ...{ answer, status },
      calls: count([...billed, ...unbilled], "capability"),
      billed: count(billed, "capability"),
      // A call that is `sent` when its job is handed back is unknown to the next attempt.
      ...{ paid: linesOf("paid"), unknown: linesOf("unknown", "sent") },
      ...{ bookedUsd: cost.total_usd, estimatedUsd: cost.estimated_usd },
    };
    const afterwards = status.status === "completed" ? null : await makeWell();
    return { ...tried, afterwards, seconds: (performance.now() - startedAt) / 1000 };

    /**
     * The operator has repaired the provider, and another machine takes the job, with closed circuit
     * breakers.
     */
    async function makeWell(): Promise<VideoStatus> {
      state.control.change({ faults: [] });
      worker.serve(title, worker.aiAt(origin));
      if (status.status === "failed") await ask("POST", `/dreams/${title}/finish`, options);
      return untilEnded(ask, title);
    }
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

type Ask = ReturnType<typeof askAs>;

/** Whether the job has ended or was handed back to wait for the provider. */
const untilRested = (ask: Ask, title: string) =>
  untilSo(ask, title, ({ status, attempt }) => hasEnded(status) || (status === "queued" && attempt > 0));
const untilEnded = (ask: Ask, title: string) => untilSo(ask, title, ({ status }) => hasEnded(status));
const hasEnded = (status: VideoStatus["status"]) => status !== null && isTerminal(status);

const timeoutMs = 15 * 60_000;

async function untilSo(
  ask: Ask,
  title: string,
  isSo: (status: VideoStatus) => boolean,
): Promise<VideoStatus> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const status = await ask<VideoStatus>("GET", `/dreams/${title}/video-status`);
    if (isSo(status) || performance.now() > deadline) return status;
    await sleep(500);
  }
}

const askAs =
  (cloud: Cloud, key: string) =>
  async <T>(method: string, path: string, body?: object): Promise<T> => {
    const response = await fetch(new URL(path, cloud.edgeUrl), {
      method,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: body === undefined ? null : JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };

function count<K extends string>(items: readonly Record<K, string>[], key: K): ByCapability {
  const ofKind = (name: string) => items.filter((item) => item[key] === name).length;
  return { text: ofKind("text"), picture: ofKind("picture"), voice: ofKind("voice") };
}
