/**
 * Finishes what a crash left open. It runs each minute, may run twice at once and may be interrupted at any
 * point: each step is repeatable and leaves the rest to the next run. Steps for which jobs wait come first,
 * the clean-up last. A step that fails or takes too long is logged and counted, and the next one runs.
 */
import type { Env } from "../env.ts";
import { sizePool } from "../pool/size-pool.ts";
import type { Ports } from "../ports.ts";
import { findDueOwners } from "../store/deliveries.ts";
import { endWaits } from "../store/end-waits.ts";
import { expireRows } from "../store/expire-rows.ts";
import { keepSample, readFigures } from "../store/figures.ts";
import { sendProbes } from "../store/holds.ts";
import { readNextLapse, requeueLapsed } from "../store/lapses.ts";
import { openPrimary } from "../store/open.ts";
import { expireUploads } from "../store/segments/change-segment.ts";
import { filmsPerRelease } from "../store/segments/release-films.ts";
import { afterTransition, relayOutbox, withDeferred } from "./after-transition.ts";
import { removeAttempts } from "./clean-up.ts";
import { runStep } from "./run-step.ts";
import { releaseWaiting } from "./segments/release.ts";
import { askForLook, nextLookMs } from "./watch-lease.ts";

/** Lapsed jobs that one run requeues, and as many that it fails. */
const jobsPerRun = 500;
/** Segments without a posted file that one statement deletes. */
const uploadsPerStatement = 1_000;
/** Waiting jobs that one statement ends, and as many whose owners it tells. */
const waitsPerStatement = 200;
/** How long each step for told dreams and waiting jobs runs while anything is due. Milliseconds. */
const tellingMs = 10_000;
/** How long the queue's messages are sent while any is due. Milliseconds. */
const outboxMs = 15_000;
/** How long each of the two clean-up steps runs while anything is due. Milliseconds. */
const cleanUpMs = 15_000;

/** The number of changes by each step. */
export type Swept = Record<string, number>;

/** Runs every step once, and gives what each has changed. */
export async function sweep(env: Env, ports: Ports): Promise<Swept> {
  const session = openPrimary(env.DB);
  const { now } = ports;
  const notify = (dreamIds: readonly string[], owners: readonly string[]) =>
    withDeferred((defer) => afterTransition({ env, session, now, defer }, { dreamIds, owners }));
  const steps: Record<string, () => Promise<Swept>> = {
    async leases() {
      const { requeued, failed, dreamIds, owners } = await requeueLapsed(session, now(), jobsPerRun);
      await notify(dreamIds, owners);
      return { requeued, failed, notified: owners.length };
    },
    async probes() {
      return { probed: await sendProbes(session, now()) };
    },
    async outbox() {
      return { sent: await relayOutbox({ env, session, now }, outboxMs) };
    },
    async told_films() {
      const release = () => withDeferred((defer) => releaseWaiting({ env, session, now, defer }, null));
      return { released: await repeatWhile(release, filmsPerRelease, now, now() + tellingMs) };
    },
    async uploads() {
      const expire = () => expireUploads(session, now(), uploadsPerStatement);
      return { expired: await repeatWhile(expire, uploadsPerStatement, now, now() + tellingMs) };
    },
    async approvals() {
      const expire = async () => {
        const { told, expired, dreamIds, owners } = await endWaits(session, now(), waitsPerStatement);
        await notify(dreamIds, owners);
        return Math.max(told, expired);
      };
      return { expired_jobs: await repeatWhile(expire, waitsPerStatement, now, now() + tellingMs) };
    },
    async pool() {
      const { now: figures } = await readFigures(session, now());
      await keepSample(session, figures, now());
      return { woken: await sizePool(env, figures, now()) };
    },
    async lease_watch() {
      const lookAtMs = nextLookMs(await readNextLapse(session), now());
      if (lookAtMs !== null) await askForLook(env, lookAtMs);
      return {};
    },
    async webhooks() {
      const owners = await findDueOwners(session, now());
      await notify([], owners);
      return { notified: owners.length };
    },
    async expired_rows() {
      const removed = await expireRows(session, now, now() + cleanUpMs);
      return { expired: Object.values(removed).reduce((total, count) => total + count, 0) };
    },
    async attempt_files() {
      return { purged: await removeAttempts(env, session, now, now() + cleanUpMs) };
    },
  };
  const swept: Swept = {};
  for (const [step, work] of Object.entries(steps)) {
    const done = (await runStep(session, step, work)) ?? {};
    for (const [what, count] of Object.entries(done)) swept[what] = (swept[what] ?? 0) + count;
  }
  return swept;
}

/** Repeats `work` while it finds as many as it may take at once, until `untilMs`. Gives the sum. */
async function repeatWhile(
  work: () => Promise<number>,
  most: number,
  now: () => number,
  untilMs: number,
): Promise<number> {
  let sum = 0;
  for (let count = most; count >= most && now() < untilMs; ) {
    count = await work();
    sum += count;
  }
  return sum;
}
