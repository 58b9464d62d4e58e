import type { Providers } from "../../render-worker/runtime/providers.ts";
import type { Check } from "../check.ts";
import { describe } from "../check.ts";
import { fail, type Outcome, ok, warn } from "../finding.ts";

const timeoutMs = 10_000;

/** Where each capability is bought, below the base URL. */
const endpoints = {
  text: "chat/completions",
  picture: "images/generations",
  voice: "audio/speech",
} as const satisfies Record<keyof Providers, string>;

/**
 * Every AI server answers, takes its key, has the model and serves the endpoint. Asks for the list of models, and for
 * nothing at the endpoint, which a server that has it refuses as a bad request: both cost nothing.
 */
export function checkProviders(providers: Providers, request: typeof fetch): Check {
  return {
    name: "AI keys",
    run: () =>
      Promise.all(
        Object.entries(providers).map(async ([capability, provider]) => {
          const name = capability as keyof Providers;
          const found = await ask(name, provider, request);
          const { status, said, remedy } =
            found.status === "ok" ? ((await missing(name, provider, request)) ?? found) : found;
          return { status, said: `${capability}: ${said}`, ...(remedy ? { remedy } : {}) };
        }),
      ),
  };
}

/** A finding where there is no such endpoint. */
async function missing(
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
  fail(`${baseUrl}: the account has no credit left.`, "Pay the vendor, or name another.");

async function ask(
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
      `Is ${prefix}_BASE_URL (or OPENAI_BASE_URL) right?`,
    );
  }
  if (response.status === 401 || response.status === 403)
    return apiKey === null
      ? fail(
          `${baseUrl} asks for a key.`,
          `Set ${prefix}_API_KEY: OPENAI_API_KEY goes to OPENAI_BASE_URL alone.`,
        )
      : fail(
          `${baseUrl} refuses the key.`,
          `Set ${prefix}_API_KEY or OPENAI_API_KEY to a key that is alive.`,
        );
  if (response.status === 402) return noCredit(baseUrl);
  if (response.status === 404) return ok(`${baseUrl} answers; it lists no models, so the key stays untried`);
  if (!response.ok)
    return warn(
      `${baseUrl} answered ${response.status}.`,
      "Their trouble or a limit: look at their status page.",
    );
  const { data } = (await response.json().catch(() => ({}))) as { data?: { id?: string }[] };
  if (!Array.isArray(data) || data.some(({ id }) => id === model))
    return ok(`${baseUrl} takes the key for ${model}`);
  return fail(`${baseUrl} takes the key but has no ${model}.`, `Set ${prefix}_MODEL to one that it lists.`);
}
