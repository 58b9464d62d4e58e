import { afterAll } from "vitest";
import { startEdge } from "./harness.ts";

/** An edge for one test file, with a key of a standard owner. */
export async function useEdge(overrides?: Record<string, string>) {
  const edge = await startEdge(overrides);
  afterAll(() => edge.close());
  return { edge, key: (await edge.newKey()).key };
}
