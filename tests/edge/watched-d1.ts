/**
 * A proxy of the real D1 that counts requests and can lose them: before the statement runs, or after it, so
 * that only the answer is lost.
 */
import type { D1Database, D1PreparedStatement } from "@cloudflare/workers-types/index.ts";

export interface WatchedD1 {
  d1: D1Database;
  /** The text of every statement since the last `forget`. */
  statements: string[];
  /** The number of requests since the last `forget`. A batch is one. */
  trips: number;
  /** By D1's own count, since the last `forget`. Indexes count as rows. */
  rowsRead: number;
  rowsWritten: number;
  forget(): void;
  /** Decides for each request whether it gets lost, or D1's answer instead. */
  fault: () => "before" | "after" | Error | null;
  /** True: replicas have no data yet. */
  lagging: boolean;
}

const lost = () => new Error("D1_ERROR: Network connection lost.");

export function watchD1(real: D1Database): WatchedD1 {
  const watched: WatchedD1 = {
    d1: undefined as never,
    statements: [],
    trips: 0,
    rowsRead: 0,
    rowsWritten: 0,
    forget() {
      watched.statements.length = 0;
      watched.trips = 0;
      watched.rowsRead = 0;
      watched.rowsWritten = 0;
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
          trip(async () => {
            if (isEmpty()) return statements.map(() => ({ results: [] }));
            const answers = await session.batch(statements);
            for (const { meta } of answers) {
              watched.rowsRead += meta.rows_read;
              watched.rowsWritten += meta.rows_written;
            }
            return answers;
          }),
        getBookmark: () => session.getBookmark(),
      };
    },
  } as unknown as D1Database;
  return watched;
}
