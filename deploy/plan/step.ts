import type { Blueprint } from "../blueprint.ts";
import type { Found } from "../found.ts";
import type { Command } from "../tools.ts";

export interface Step {
  what: string;
  /**
   * `outputs`: what earlier steps yielded. A value that is not known yet is a placeholder in angle brackets.
   */
  command(outputs: Outputs): Command;
  /** The part exists in another version than this checkout's. */
  isUpdate?: true;
  /** The output that this step makes known. */
  yields?: "queueIds" | "edgeUrl";
}

/** Values that become known when their step is done. */
export interface Outputs {
  queueIds: ReadonlyMap<string, string>;
  edgeUrl: string | null;
}

/** The operator's options. */
export interface DeployRequest {
  appName: string;
  /** Fly organization for a new app. */
  org: string;
  /** Null: the region in fly.worker.toml. */
  region: string | null;
  /** Null: at least two, and never fewer than exist. */
  machines: number | null;
  /** Null: the address that wrangler reports. */
  edgeUrl: string | null;
}

/** A step of one fixed command. */
export function step(what: string, tool: Command["tool"], args: readonly string[]): Step {
  return { what, command: () => ({ tool, args }) };
}

/**
 * The edge's address, from the request or the pool's environment: wrangler reports it only when it deploys.
 */
export const knownEdgeUrl = (
  { app }: Pick<Found, "app">,
  request: Pick<DeployRequest, "edgeUrl">,
): string | null => request.edgeUrl ?? app?.machines.find(({ env }) => env.EDGE_URL)?.env.EDGE_URL ?? null;

/** The outputs that are known before any step runs. */
export const readOutputs = (
  found: Pick<Found, "queues" | "app">,
  request: Pick<DeployRequest, "edgeUrl">,
): Outputs => ({
  queueIds: new Map([...found.queues].map(([name, { id }]) => [name, id])),
  edgeUrl: knownEdgeUrl(found, request),
});

/** Where the bucket is over the S3 protocol, for the workers and for the edge's upload addresses. */
export const objectStore = ({ bucket }: Pick<Blueprint, "bucket">, { accountId }: Found) => ({
  S3_ENDPOINT: `https://${accountId}.r2.cloudflarestorage.com`,
  S3_BUCKET: bucket,
});
