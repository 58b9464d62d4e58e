/**
 * Waits for all of `work`. The first failure aborts `failed`, which must stop the rest.
 *
 * @throws the first failure, or why `failed` was aborted before, after all of `work` has ended
 */
export async function allOrNone(work: Promise<unknown>[], failed: AbortController): Promise<void> {
  let first: unknown;
  for (const one of work)
    one.catch((error: unknown) => {
      first ??= error;
      failed.abort(error);
    });
  await Promise.allSettled(work);
  if (failed.signal.aborted) throw first ?? failed.signal.reason;
}
