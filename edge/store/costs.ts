import { sql } from "drizzle-orm";
import type { ChargedFor, ChargeState, PaidCapability } from "../../contract/charge.ts";
import { dreamOf } from "./dreams.ts";
import type { Session } from "./open.ts";

export interface CostRows {
  /** Undefined: the key is unknown. `dream` null: the caller has no dream of this id. */
  dream: { dream: string | null; job: string | null; max_cost_usd: number | null } | undefined;
  charges: ChargeCost[];
  reused: { capability: PaidCapability; scene: number | null; saved_usd: number }[];
}

export interface ChargeCost {
  capability: ChargedFor;
  scene: number | null;
  state: ChargeState;
  counted: number;
  /** 0 or 1. */
  estimated: number;
  model: string;
  request_id: string | null;
  tries: number;
}

/** The bought and found assets of the dream's newest job. */
export async function readCosts(session: Session, keyHash: string, clientId: string): Promise<CostRows> {
  const job = sql`(SELECT video_job_id FROM dreams WHERE id = ${dreamOf(keyHash, clientId)})`;
  const { dream, charges, reused } = await session.batch({
    dream: sql<NonNullable<CostRows["dream"]>>`
      SELECT dreams.client_id AS dream, dreams.video_job_id AS job,
        (SELECT input ->> '$.options.max_cost_usd' FROM jobs WHERE id = dreams.video_job_id) AS max_cost_usd
      FROM api_keys LEFT JOIN dreams ON dreams.owner_id = api_keys.owner_id AND dreams.client_id = ${clientId}
      WHERE api_keys.hash = ${keyHash} AND api_keys.revoked_at IS NULL`,
    charges: sql<ChargeCost>`
      SELECT capability, scene, state, counted_micro_usd AS counted, is_estimated AS estimated, model, request_id, tries
      FROM charges WHERE job_id = ${job} AND state <> 'failed'`,
    reused: sql<CostRows["reused"][0]>`
      SELECT data ->> '$.for' AS capability, data ->> '$.scene' AS scene, data ->> '$.saved_usd' AS saved_usd
      FROM events WHERE job_id = ${job} AND type = 'job.reused'`,
  });
  return { dream: dream[0], charges, reused };
}
