import type { Providers } from "../../render-worker/runtime/providers.ts";
import type { Check } from "../check.ts";
import { describe } from "../check.ts";
import { fail, type Outcome, ok, warn } from "../finding.ts";

const timeoutMs = 10_000;

/** The endpoint of each capability, below the base URL. */
const endpoints = {
  text: "chat/completions",
  picture: "images/generations",
  voice: "audio/speech",
} as const satisfies Record<keyof Providers, string>;

/**
 * Every AI server answers, accepts its key, has the model and serves the endpoint. The check reads the list
 * of models and sends an empty request to the endpoint, which the server refuses. Both are free.
 */
export function checkProviders(providers: Providers, request: typeof fetch): Check {
  return {
    name: "AI keys",
    run: () =>
      Promise.all(
        Object.entries(providers).map(async ([capability, provider]) => {
          const name = capability as keyof Providers;
          const found = await readModels(name, provider, request);
          const { status, message, remedy } =
            found.status === "ok" ? ((await findMissingEndpoint(name, provider, request)) ?? found) : found;
          return { status, message: `${capability}: ${message}`, ...(remedy ? { remedy } : {}) };
        }),
      ),
  };
}

/** A finding when the endpoint does not exist, else null. */
async function findMissingEndpoint(
  capability: keyof Providers,
  { baseUrl, apiKey }: Providers[keyof Providers],
  request: typeof fetch,
): Promise<Outcome | null> {
  const response = await request(`${baseUrl.replace(/\/$/, "")}/${endpoints[capability]}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...authorization(apiKey) },
    body: "{}",
    redirect: "manual",
    signal: AbortSignal.timeout(timeoutMs),
  });
  await response.body?.cancel();
  if (response.status === 402) return noCredit(baseUrl);
  const isPage = response.headers.get("content-type")?.startsWith("text/html") === true;
  if (!isPage && ![404, 405, 410, 501].includes(response.status)) return null;
  return fail(
    `${baseUrl} has no /${endpoints[capability]}.`,
    `Set ${capability.toUpperCase()}_BASE_URL to a server that has it.`,
  );
}

const authorization = (apiKey: string | null) =>
  apiKey === null ? {} : { authorization: `Bearer ${apiKey}` };

const noCredit = (baseUrl: string) =>
  fail(`${baseUrl}: the account has no credit left.`, "Add credit, or use another vendor.");

async function readModels(
  capability: keyof Providers,
  { baseUrl, apiKey, model }: Providers[keyof Providers],
  request: typeof fetch,
): Promise<Outcome> {
  const prefix = capability.toUpperCase();
  const address = `${baseUrl.replace(/\/$/, "")}/models`;
  let response: Response;
  try {
    response = await request(address, {
      headers: authorization(apiKey),
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    return fail(
      `${baseUrl} does not answer: ${describe(error)}`,
      `Check ${prefix}_BASE_URL (or OPENAI_BASE_URL).`,
    );
  }
  if (response.status === 401 || response.status === 403)
    return apiKey === null
      ? fail(
          `${baseUrl} asks for a key.`,
          `Set ${prefix}_API_KEY: OPENAI_API_KEY is sent to OPENAI_BASE_URL only.`,
        )
      : fail(`${baseUrl} refuses the key.`, `Set ${prefix}_API_KEY or OPENAI_API_KEY to a valid key.`);
  if (response.status === 402) return noCredit(baseUrl);
  if (response.status === 404)
    return ok(`${baseUrl} answers; it has no list of models, so the key is not tested`);
  if (!response.ok)
    return warn(
      `${baseUrl} answered ${response.status}.`,
      "The vendor has a fault or a limit: see its status page.",
    );
  const { data } = (await response.json().catch(() => ({}))) as { data?: { id?: string }[] };
  if (!Array.isArray(data) || data.some(({ id }) => id === model))
    return ok(`${baseUrl} accepts the key for ${model}`);
  return fail(
    `${baseUrl} accepts the key but has no ${model}.`,
    `Set ${prefix}_MODEL to a model in its list.`,
  );
}
