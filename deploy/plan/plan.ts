/** The steps from what exists to what is requested. Pure. */
import type { Blueprint } from "../blueprint.ts";
import type { Found } from "../found.ts";
import type { SecretsToSet } from "../secrets.ts";
import { planEdge, setEdgeSecrets } from "./plan-edge.ts";
import { planPool } from "./plan-pool.ts";
import { planQueues } from "./plan-queues.ts";
import { planStores } from "./plan-stores.ts";
import type { DeployRequest, Step } from "./step.ts";

/**
 * The steps in their order; empty when the deployment is complete and up to date.
 * @throws Error when a Worker consumes a queue that the pool has to pull
 */
export function plan(
  blueprint: Blueprint,
  found: Found,
  request: DeployRequest,
  secrets: SecretsToSet,
): Step[] {
  return [
    ...planStores(blueprint, found),
    ...planQueues(blueprint, found),
    ...planEdge(blueprint, found, request, secrets),
    ...planPool(blueprint, found, request, secrets),
    ...setEdgeSecrets("Remove the replaced secrets from the edge", secrets.edgeAfterwards, blueprint),
  ];
}
