import type { Delivery } from "../../contract/webhook.ts";
import type { DeliveryRow } from "../store/owner-deliveries.ts";

/** A message as the API answers it. */
export const presentDelivery = (row: DeliveryRow): Delivery => ({
  id: row.id,
  type: row.type,
  job_id: row.job_id,
  status: row.status,
  attempts: row.attempts,
  next_attempt_at: row.status === "pending" ? new Date(row.due_at).toISOString() : null,
  last_attempt_at: row.last_at === null ? null : new Date(row.last_at).toISOString(),
  response_status: row.response_status,
  error: row.error,
  created_at: new Date(row.created_at).toISOString(),
});
