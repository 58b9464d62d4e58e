/**
 * Decides which secrets to set where. No side returns a value, so the deploy stores what it made in
 * `.deploy/<account>.json` (mode 0600, never committed). A second run, or one after a crash, gives the other
 * side the same value. Without that file, a secret that both sides share is made again and set on both.
 */
import type { Blueprint } from "./blueprint.ts";
import type { Found } from "./found.ts";

/** The worker's secrets that the operator has to supply, with a description of each. */
export const givenSecrets = {
  OPENAI_API_KEY:
    "an OpenAI key, sent to OPENAI_BASE_URL only (any text, if TEXT_, PICTURE_ and VOICE_BASE_URL all name other servers; " +
    "their keys are TEXT_, PICTURE_ and VOICE_API_KEY)",
  CLOUDFLARE_API_TOKEN: "a Cloudflare API token with the permission Queues: Edit and no other",
  S3_ACCESS_KEY_ID:
    "the S3 key of an R2 API token with Object Read & Write on this one bucket (made automatically if CLOUDFLARE_API_TOKEN " +
    "has the permission to edit API tokens)",
  S3_SECRET_ACCESS_KEY: "the S3 secret of the same R2 API token",
} as const;
export type GivenSecret = keyof typeof givenSecrets;

/** What signs films as made by AI. Optional: without it, each worker signs with a local CA. */
export interface SigningSecrets {
  C2PA_CERT: string;
  C2PA_KEY: string;
}
export const signingSecrets = ["C2PA_CERT", "C2PA_KEY"] as const;

/** The two halves of one key. */
export const s3Key = ["S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"] as const;

export interface AvailableSecrets {
  /** From the operator, by the worker's names. */
  given: Partial<Record<GivenSecret, string>>;
  /** From the operator's environment, if it has them. */
  signing?: SigningSecrets | null;
  /** From `.deploy/<account>.json`. */
  kept: Readonly<Record<string, string>>;
  /** Names of secrets to replace. */
  renew: readonly string[];
  random: RandomSecrets;
}

export interface RandomSecrets {
  /** For Standard Webhooks: `whsec_` and base64 of 32 bytes. */
  webhook(): string;
  /** 32 bytes in base64url. */
  token(): string;
}

export interface SecretsToSet {
  edge: Record<string, string>;
  app: Record<string, string>;
  /** For the edge, after every worker has the new secrets. */
  edgeAfterwards: Record<string, string>;
  /** For `.deploy/<account>.json`. */
  kept: Record<string, string>;
}

/** The secret of both sides: the worker has one value, the edge one or two. */
const shared = { app: "CALLBACK_SECRET", edge: "CALLBACK_SECRETS" };
/** The edge accepts "new old" for these, so that signatures of the old secret stay valid. */
const rotating = ["PLAYBACK_SECRET"];

/**
 * Checks the names of --renew.
 * @throws Error when a name is no secret of the deployment, or a signing secret that the environment lacks
 */
export function assertRenewable(
  renew: readonly string[],
  { edgeSecrets }: Pick<Blueprint, "edgeSecrets">,
  signing: SigningSecrets | null,
): void {
  const known = [shared.app, ...edgeSecrets, ...Object.keys(givenSecrets), ...signingSecrets];
  const unknown = renew.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new Error(`--renew ${unknown[0]}: there is no such secret. There are ${known.join(", ")}.`);
  if (signing === null && signingSecrets.some((name) => renew.includes(name)))
    throw new Error(`--renew: set ${signingSecrets.join(" and ")} in the environment.`);
}

/** The secrets that the operator has to supply before the plan can run. */
export function listMissingSecrets({ app }: Pick<Found, "app">, renew: readonly string[]): GivenSecret[] {
  const there = app?.secrets.map(({ name }) => name) ?? [];
  const names = Object.keys(givenSecrets) as GivenSecret[];
  const again = s3Key.some((name) => renew.includes(name)) ? [...renew, ...s3Key] : renew;
  return names.filter((name) => !there.includes(name) || again.includes(name));
}

/** The secrets to set on each side, and those to store. */
export function decideSecrets(
  blueprint: Pick<Blueprint, "edgeSecrets">,
  found: Pick<Found, "worker" | "app">,
  { given, signing, kept, renew, random }: AvailableSecrets,
): SecretsToSet {
  const decided: SecretsToSet = { edge: {}, app: {}, edgeAfterwards: {}, kept: { ...kept } };
  const onEdge = found.worker?.secrets ?? [];
  const onApp = found.app?.secrets.map(({ name }) => name) ?? [];

  for (const name of blueprint.edgeSecrets.filter((edge) => edge !== shared.edge)) {
    if (onEdge.includes(name) && !renew.includes(name)) continue;
    const before = kept[name];
    const value = before === undefined || renew.includes(name) ? random.token() : before;
    decided.kept[name] = value;
    decided.edge[name] = before && before !== value && rotating.includes(name) ? `${value} ${before}` : value;
  }
  decideShared(decided, { onEdge, onApp, kept, renew, random });
  for (const name of listMissingSecrets(found, renew)) {
    const value = given[name] ?? "";
    decided.app[name] = value;
    // Stored, so that a run after a crash does not create a second token.
    if (value !== "" && s3Key.some((half) => half === name)) decided.kept[name] = value;
  }
  if (signing && signingSecrets.some((name) => !onApp.includes(name) || renew.includes(name)))
    Object.assign(decided.app, signing);
  // The edge signs upload addresses with the workers' key of the bucket.
  for (const name of s3Key) {
    // Empty in a plan: the operator is asked for it later.
    const value = decided.app[name] ?? kept[name];
    if (value === undefined || (onEdge.includes(name) && value === kept[name])) continue;
    decided.edge[name] = value;
  }
  return decided;
}

/**
 * A running pair changes in three steps: the edge accepts both, the workers change, the edge drops the old
 * one.
 */
function decideShared(
  decided: SecretsToSet,
  {
    onEdge,
    onApp,
    kept,
    renew,
    random,
  }: Omit<AvailableSecrets, "given"> & { onEdge: readonly string[]; onApp: readonly string[] },
): void {
  const [edgeHas, appHas] = [onEdge.includes(shared.edge), onApp.includes(shared.app)];
  const renewing = renew.includes(shared.app) || renew.includes(shared.edge);
  if (edgeHas && appHas && !renewing) return;
  const before = kept[shared.app];
  if (before !== undefined && !renewing) {
    if (!edgeHas) decided.edge[shared.edge] = before;
    if (!appHas) decided.app[shared.app] = before;
    return;
  }
  const value = random.webhook();
  const overlaps = before !== undefined && edgeHas && appHas;
  decided.kept[shared.app] = value;
  decided.app[shared.app] = value;
  decided.edge[shared.edge] = overlaps ? `${value} ${before}` : value;
  if (overlaps) decided.edgeAfterwards[shared.edge] = value;
}
