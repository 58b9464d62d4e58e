/**
 * Which secrets are to be set where. Neither side ever tells a value back, so what the deploy made is kept in
 * `.deploy/secrets.json` (mode 0600, never committed): a second run, or one after a crash, gives the other side the
 * same. Where that file is gone, what both sides share is made anew and set on both.
 */
import type { Blueprint } from "./blueprint.ts";
import type { Found } from "./found.ts";

/** What the worker's environment needs beyond fly.worker.toml and what the deploy finds out by itself. */
export const givenSecrets = {
  OPENAI_API_KEY:
    "an OpenAI key; it is sent to OPENAI_BASE_URL alone (any text will do where TEXT_, PICTURE_ and VOICE_BASE_URL all name other servers, whose keys are TEXT_, PICTURE_ and VOICE_API_KEY)",
  CLOUDFLARE_API_TOKEN: "a Cloudflare API token that may do no more than Queues: Edit",
  S3_ACCESS_KEY_ID:
    "an R2 API token's S3 key, Object Read & Write on this one bucket; made where CLOUDFLARE_API_TOKEN may edit API tokens",
  S3_SECRET_ACCESS_KEY: "the same R2 API token's S3 secret",
} as const;
export type GivenSecret = keyof typeof givenSecrets;

/** The two halves of one key. */
export const s3Key = ["S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"] as const;

export interface SecretsAtHand {
  /** By their names on the worker's side. */
  given: Partial<Record<GivenSecret, string>>;
  /** What `.deploy/secrets.json` remembers. */
  kept: Readonly<Record<string, string>>;
  /** Names to set anew though they are there. */
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
  /** On the edge, once every worker runs with what is new. */
  edgeAfterwards: Record<string, string>;
  /** What to remember. */
  kept: Record<string, string>;
}

/** On the worker one secret, on the edge one or two of them. */
const shared = { app: "CALLBACK_SECRET", edge: "CALLBACK_SECRETS" };
/** The edge takes "new old" for these, so that what the old one signed stays good. */
const rotating = ["PLAYBACK_SECRET"];

/** @throws Error where `renew` names something that is no secret of the deployment */
export function assertRenewable(
  renew: readonly string[],
  { edgeSecrets }: Pick<Blueprint, "edgeSecrets">,
): void {
  const known = [shared.app, ...edgeSecrets, ...Object.keys(givenSecrets)];
  const unknown = renew.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new Error(`--renew ${unknown[0]}: there is no such secret. There are ${known.join(", ")}.`);
}

/** What somebody has to hand over before the plan can be done. */
export function listMissingSecrets({ app }: Pick<Found, "app">, renew: readonly string[]): GivenSecret[] {
  const there = app?.secrets.map(({ name }) => name) ?? [];
  const names = Object.keys(givenSecrets) as GivenSecret[];
  const again = s3Key.some((name) => renew.includes(name)) ? [...renew, ...s3Key] : renew;
  return names.filter((name) => !there.includes(name) || again.includes(name));
}

export function decideSecrets(
  blueprint: Pick<Blueprint, "edgeSecrets">,
  found: Pick<Found, "worker" | "app">,
  { given, kept, renew, random }: SecretsAtHand,
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
    // A run after a crash shall not make a second token.
    if (value !== "" && s3Key.some((half) => half === name)) decided.kept[name] = value;
  }
  return decided;
}

/** Changing a running pair takes three steps: the edge takes both, the workers change, the edge forgets the old one. */
function decideShared(
  decided: SecretsToSet,
  {
    onEdge,
    onApp,
    kept,
    renew,
    random,
  }: Omit<SecretsAtHand, "given"> & { onEdge: readonly string[]; onApp: readonly string[] },
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
