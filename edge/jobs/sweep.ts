/**
 * What keeps every promise that a crash left open. Runs each minute, may run twice at once or be cut off anywhere:
 * every step is bounded, repeatable and leaves the rest to the next run.
 */
import type { Env } from "../env.ts";
import { nextLookMs } from "../leases/next-look.ts";
import { askForLook } from "../leases/watch-lease.ts";
import { sizePool } from "../pool/size-pool.ts";
import type { Ports } from "../ports.ts";
import { keepSample, readFigures } from "../store/figures.ts";
import { openPrimary } from "../store/open.ts";
import { readNextLapse, takeBackLapsed } from "../store/sweep.ts";
import { relayDeliveries } from "../webhooks/deliver.ts";
import { removeAttempts } from "./clean-up.ts";
import { relayOutbox } from "./relay-outbox.ts";

/** Rows of each kind that one run looks after. */
const rowsPerRun = 500;

export interface Swept {
  requeued: number;
  failed: number;
  sent: number;
  /** Jobs of which files went. */
  purged: number;
  /** Messages to webhooks that were tried. */
  delivered: number;
  /** Machines of the pool that were woken. */
  woken: number;
}

export async function sweep(env: Env, ports: Ports): Promise<Swept> {
  const session = openPrimary(env.DB);
  const { requeued, failed } = await takeBackLapsed(session, ports.now(), rowsPerRun);
  const lookAtMs = nextLookMs(await readNextLapse(session), ports.now());
  if (lookAtMs !== null) await askForLook(env, lookAtMs);
  const sent = await relayOutbox(env, session, ports.now);
  const purged = await removeAttempts(env, session, ports.now(), false);
  const delivered = await relayDeliveries(env, session, ports.now);
  const { now: figures } = await readFigures(session, ports.now());
  await keepSample(session, figures, ports.now());
  const woken = await sizePool(env, figures, ports.now());
  return { requeued, failed, sent, purged, delivered, woken };
}
