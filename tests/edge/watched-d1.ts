/**
 * A D1 that counts what it is asked and can lose it: before the statement ran, or after, so that it ran and
 * nobody heard. Behind it is the real one.
 */
import type { D1Database, D1PreparedStatement } from "@cloudflare/workers-types/index.ts";

export interface WatchedD1 {
  d1: D1Database;
  /** Every statement's text since the last `forget`. */
  statements: string[];
  /** How often D1 was asked since the last `forget`. A batch is one. */
  trips: number;
  forget(): void;
  /** Decides for each trip whether it gets lost, or what D1 answers to it instead. */
  fault: () => "before" | "after" | Error | null;
  /** True: replicas have not heard of anything yet. */
  lagging: boolean;
}

const lost = () => new Error("D1_ERROR: Network connection lost.");

export function watchD1(real: D1Database): WatchedD1 {
  const watched: WatchedD1 = {
    d1: undefined as never,
    statements: [],
    trips: 0,
    forget() {
      watched.statements.length = 0;
      watched.trips = 0;
    },
    fault: () => null,
    lagging: false,
  };

  async function trip<T>(work: () => Promise<T>): Promise<T> {
    watched.trips++;
    const fault = watched.fault();
    if (fault instanceof Error) throw fault;
    if (fault === "before") throw lost();
    const result = await work();
    if (fault === "after") throw lost();
    return result;
  }

  watched.d1 = {
    withSession(constraint?: string) {
      const session = real.withSession(constraint);
      const isEmpty = () => constraint !== "first-primary" && watched.lagging;
      return {
        prepare(text: string) {
          watched.statements.push(text);
          return session.prepare(text);
        },
        batch: (statements: D1PreparedStatement[]) =>
          trip(async () => (isEmpty() ? statements.map(() => ({ results: [] })) : session.batch(statements))),
        getBookmark: () => session.getBookmark(),
      };
    },
  } as unknown as D1Database;
  return watched;
}
