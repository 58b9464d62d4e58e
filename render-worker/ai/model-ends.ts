/** When the configured models end: by the provider's own list of models, else by the catalogue. */
import { z } from "zod";
import { defaultModels, findModel, type ModelUse, openaiHost } from "../../contract/models.ts";
import { keyHeadersOf } from "../../contract/voice-kinds.ts";
import type { EndingModels } from "../../contract/worker-heartbeat.ts";
import { ConfigError } from "../runtime/environment.ts";
import { calledProviders, type Providers } from "../runtime/providers.ts";

export interface ConfiguredModel {
  use: ModelUse;
  /** The prefix of its variables without the underscore. */
  name: string;
  model: string;
  /** The first day without the model (UTC), as YYYY-MM-DD. Null: no end is announced. */
  endsOn: string | null;
  /** The model to configure instead. Null if the model does not end. */
  replacement: string | null;
}

/** A worker waits for it at its start. */
const timeoutMs = 3_000;
const Listed = z.object({
  data: z.array(z.object({ id: z.string(), shutdown_date: z.union([z.string(), z.number()]).nullish() })),
});

/**
 * The models of all providers that calls are sent to. A provider that does not answer, or lists no dates, is
 * no fault: the catalogue holds.
 */
export function readModelEnds(providers: Providers, request: typeof fetch): Promise<ConfiguredModel[]> {
  const lists = new Map<string, Promise<Map<string, string>>>();
  return Promise.all(
    calledProviders(providers).map(async ({ use, name, provider }) => {
      const { baseUrl, apiKey, model } = provider;
      const headers = keyHeadersOf(use, apiKey);
      const server = JSON.stringify([baseUrl, headers]);
      const list = lists.get(server) ?? listShutdowns(baseUrl, headers, request);
      lists.set(server, list);
      const known = new URL(baseUrl).hostname === openaiHost ? findModel(model) : null;
      const endsOn = (await list).get(model) ?? known?.endsOn ?? null;
      const replacement = findModel(model)?.replacement ?? replacementOf(use);
      return { use, name, model, endsOn, replacement: endsOn === null ? null : replacement };
    }),
  );
}

const replacementOf = (use: ModelUse) => defaultModels[use].replacement ?? defaultModels[use].model;

/** Whole days until the model ends; 0 or less when it has ended. Null: no end is announced. */
export const daysLeft = ({ endsOn }: Pick<ConfiguredModel, "endsOn">, nowMs: number): number | null =>
  endsOn === null ? null : Math.ceil((Date.parse(endsOn) - nowMs) / 86_400_000);

/**
 * Refuses models that have ended.
 *
 * @throws ConfigError naming the variable and what to configure instead
 */
export function refuseEndedModels(models: readonly ConfiguredModel[], nowMs: number): void {
  const ended = models.filter((model) => (daysLeft(model, nowMs) ?? 1) <= 0);
  if (ended.length === 0) return;
  throw new ConfigError(
    ended
      .map((one) => `${one.name}_MODEL: the provider ended ${one.model} on ${one.endsOn}. ${sayRemedy(one)}`)
      .join("\n"),
  );
}

/** What an operator sets instead, as a sentence. A voice of another kind needs another VOICE_CHAIN. */
export function sayRemedy({ use, name, model, replacement }: ConfiguredModel): string {
  const kind = replacement === null ? use : (findModel(replacement)?.use ?? use);
  if (kind === use) return `Set ${name}_MODEL to ${replacement}.`;
  return `Set VOICE_CHAIN=${kind}, which speaks by ${replacement}, and remove ${name}_MODEL=${model}.`;
}

/** The models with an announced end, as the heartbeat carries them. */
export const endingModels = (models: readonly ConfiguredModel[]): EndingModels =>
  models.flatMap(({ model, endsOn, replacement }) =>
    endsOn === null || replacement === null ? [] : [{ model, ends_on: endsOn, replacement }],
  );

async function listShutdowns(
  baseUrl: string,
  headers: Record<string, string>,
  request: typeof fetch,
): Promise<Map<string, string>> {
  try {
    const response = await request(`${baseUrl.replace(/\/$/, "")}/models`, {
      headers,
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    const { data } = Listed.parse(await response.json());
    return new Map(data.flatMap(({ id, shutdown_date }) => readDate(id, shutdown_date)));
  } catch {
    return new Map();
  }
}

function readDate(id: string, date: string | number | null | undefined): [string, string][] {
  if (date === null || date === undefined) return [];
  const ms = typeof date === "number" ? date * 1000 : Date.parse(date);
  return Number.isNaN(ms) ? [] : [[id, new Date(ms).toISOString().slice(0, 10)]];
}
