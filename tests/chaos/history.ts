/**
 * The history of a chaos run: one append-only list that clients, workers' proxies and the fault generator
 * ("nemesis") write to. `check-history.ts` checks it afterwards.
 *
 * `ok`: the operation took effect. `fail`: it did not. `unknown`: the effect is not known, as when one side
 * was killed while it ran.
 */
import { appendFileSync } from "node:fs";

export type Outcome = "ok" | "fail" | "unknown";

export type Op =
  /** A client requested a film. */
  | { op: "submit"; args: { job: string; dream: string; owner: string } }
  /** A client read the status. */
  | { op: "read"; args: { job: string; status: string; progress: number; attempt: number } }
  /** A client tried to read the status of another owner's job. */
  | { op: "read-foreign"; args: { job: string } }
  /** A client approved the storyboard of a job that waits. `replayed`: another request had approved it. */
  | { op: "approve"; args: { job: string; revision: number; replayed: boolean } }
  | { op: "cancel"; args: { job: string } }
  /** A worker claimed a job. `attempt` is null if the edge gave it no job. */
  | { op: "claim"; args: { job: string; claim: string; attempt: number | null } }
  | { op: "report"; args: { job: string; attempt: number } }
  | { op: "release"; args: { job: string; attempt: number } }
  /** A worker paused a job for its owner. `applied`: this call did, and not an earlier one. */
  | { op: "pause"; args: { job: string; attempt: number; applied: boolean } }
  /** `applied`: this call ended the job, and not an earlier one. */
  | {
      op: "complete";
      args: {
        job: string;
        attempt: number;
        status: string;
        applied: boolean;
        sha256: string | null;
        size: number | null;
      };
    }
  /**
   * A paid call. `what` identifies the request, `content` is the answer's hash if known, and `fault` is the
   * simulator's fault in the answer.
   */
  | { op: "buy"; args: { what: string; capability: string; content: string | null; fault: string | null } }
  | { op: "put"; args: { key: string; sha256: string; size: number } }
  /** An owner has a receiver that answers, and it got a message. */
  | { op: "listen"; args: { owner: string } }
  | { op: "heard"; args: { job: string; type: string } }
  /** The fault generator. */
  | { op: "kill"; args: { worker: string } }
  | { op: "kill-edge"; args: Record<string, never> }
  | { op: "start"; args: { worker: string } }
  | { op: "start-edge"; args: Record<string, never> }
  /** At the end, from the edge's own rows and files. */
  | {
      op: "final";
      args: {
        job: string;
        status: string;
        attempt: number;
        failedAttempts: number;
        ends: number;
        /** Why it failed. */
        code: string | null;
      };
    }
  /**
   * A job that waited for its owner, by its own log: how often it stopped and was approved, and the charges
   * that were opened between.
   */
  | { op: "waited"; args: { job: string; waits: number; approvals: number; chargesBetween: number } }
  | { op: "film"; args: { job: string; attempt: number; sha256: string; size: number } }
  | { op: "promise-left"; args: { job: string } }
  /** A row of the charge ledger. `fingerprint` identifies the asset and its owner. */
  | {
      op: "charge";
      args: { job: string; fingerprint: string; capability: string; state: string; microUsd: number };
    }
  /** Calls of one kind on the provider's own bill. */
  | { op: "bill"; args: { capability: string; count: number } }
  /** The budget of a job, or of an owner's day, and the amount that the ledger has spent. Micro-dollars. */
  | { op: "budget"; args: { about: string; spent: number; limit: number } }
  | { op: "left-behind"; args: { worker: string; what: string; count: number } };

/** `t` is when it began, `ms` how long it took; both in milliseconds since the run began. */
export type Entry = Op & { t: number; ms: number; actor: string; outcome: Outcome; note?: string };

export class History {
  readonly entries: Entry[] = [];
  readonly #path: string | null;
  readonly #startedAt = performance.now();

  /** `path`: a file that gets one line per entry. */
  constructor(path: string | null = null) {
    this.#path = path;
  }

  now(): number {
    return Math.round((performance.now() - this.#startedAt) * 10) / 10;
  }

  /** `since` is when the operation began, by `now()`; without it, it took no time. */
  add(actor: string, op: Op, outcome: Outcome = "ok", since = this.now(), note?: string): void {
    const entry: Entry = {
      t: since,
      ms: Math.round((this.now() - since) * 10) / 10,
      actor,
      ...op,
      outcome,
      ...(note === undefined ? {} : { note }),
    };
    this.entries.push(entry);
    if (this.#path !== null) appendFileSync(this.#path, `${JSON.stringify(entry)}\n`);
  }
}

type Named<N extends Op["op"]> = Extract<Op, { op: N }> & Omit<Entry, "op" | "args">;

/** The entries of one kind, in the order of their beginnings. */
export function entriesOf<N extends Op["op"]>(history: readonly Entry[], name: N): Named<N>[] {
  const found = history.filter((entry) => entry.op === name) as unknown as Named<N>[];
  return found.sort((a, b) => a.t - b.t);
}

export const endOf = (entry: { t: number; ms: number }): number => entry.t + entry.ms;
