/**
 * D1 from outside the Workers runtime: a worker in the runtime runs the statements. Wrangler's own proxy of a
 * binding makes a synchronous request for each `prepare` and each `bind`; this makes one for each batch.
 */
import type { D1Database } from "@cloudflare/workers-types/index.ts";

export interface D1Request {
  /** What `withSession` was called with. */
  constraint: string;
  statements: { text: string; values: unknown[] }[];
}

export interface D1Answer {
  results: unknown[];
  bookmark: string | null;
}

/**
 * A D1 whose statements run where `send` sends them.
 *
 * @throws D1's error, from `send`
 */
export function remoteD1(send: (request: D1Request) => Promise<D1Answer>): D1Database {
  const prepare = (text: string, values: unknown[] = []) => ({
    text,
    values,
    bind: (...given: unknown[]) => prepare(text, given.map(checked)),
    all: async () => (await batch([{ text, values }]))[0],
    run: async () => (await batch([{ text, values }]))[0],
  });
  const openSession = (constraint: string) => {
    let bookmark: string | null = null;
    return {
      prepare,
      batch: async (statements: { text: string; values: unknown[] }[]) => {
        const sent = statements.map(({ text, values }) => ({ text, values }));
        const answer = await send({ constraint, statements: sent });
        bookmark = answer.bookmark;
        return answer.results;
      },
      getBookmark: () => bookmark,
    };
  };
  const { batch } = openSession("first-primary");
  return {
    prepare,
    batch,
    withSession: (constraint = "first-unconstrained") => openSession(constraint),
  } as unknown as D1Database;
}

/** JSON turns the values that D1 refuses into null. */
function checked(value: unknown): unknown {
  const isKnown = value === null || ["string", "boolean"].includes(typeof value) || Number.isFinite(value);
  if (!isKnown) throw new Error(`D1_TYPE_ERROR: Type '${typeof value}' not supported for value '${value}'`);
  return value;
}
