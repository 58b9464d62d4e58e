/**
 * What keeps every promise that a crash left open. Runs each minute, may run twice at once or be cut off anywhere:
 * every step is bounded, repeatable and leaves the rest to the next run.
 */
import { jobPrefix } from "../../contract/storage.ts";
import type { Env } from "../env.ts";
import { nextLookMs } from "../leases/next-look.ts";
import { askForLook } from "../leases/watch-lease.ts";
import type { Ports } from "../ports.ts";
import { openPrimary } from "../store/open.ts";
import { forgetPurges, readDuePurges } from "../store/purges.ts";
import { readNextLapse, takeBackLapsed } from "../store/sweep.ts";
import { relayDeliveries } from "../webhooks/deliver.ts";
import { purgeFiles } from "./purge-files.ts";
import { relayOutbox } from "./relay-outbox.ts";

/** Rows of each kind that one run looks after. */
const rowsPerRun = 500;
const purgesPerRun = 20;

export interface Swept {
  requeued: number;
  failed: number;
  sent: number;
  purged: number;
  /** Messages to webhooks that were tried. */
  delivered: number;
}

export async function sweep(env: Env, ports: Ports): Promise<Swept> {
  const session = openPrimary(env.DB);
  const { requeued, failed } = await takeBackLapsed(session, ports.now(), rowsPerRun);
  const lookAtMs = nextLookMs(await readNextLapse(session), ports.now());
  if (lookAtMs !== null) await askForLook(env, lookAtMs);
  const sent = await relayOutbox(env, session, ports.now);
  const purges = await readDuePurges(session, ports.now(), purgesPerRun);
  for (const { dream_id, job_id } of purges) await purgeFiles(env.MEDIA, jobPrefix(dream_id, job_id));
  if (purges.length > 0) await forgetPurges(session, purges);
  const delivered = await relayDeliveries(env, session, ports.now);
  return { requeued, failed, sent, purged: purges.length, delivered };
}
