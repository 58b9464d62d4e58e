import type { Providers } from "../../render-worker/providers.ts";
import type { Check } from "../check.ts";
import { describe } from "../check.ts";
import { fail, type Outcome, ok, warn } from "../finding.ts";

const timeoutMs = 10_000;

/** Every AI server answers, takes its key and has the model. Asks for the list of models: costs nothing. */
export function checkProviders(providers: Providers, request: typeof fetch): Check {
  return {
    name: "AI keys",
    run: () =>
      Promise.all(
        Object.entries(providers).map(async ([capability, provider]) => {
          const { status, said, remedy } = await ask(capability, provider, request);
          return { status, said: `${capability}: ${said}`, ...(remedy ? { remedy } : {}) };
        }),
      ),
  };
}

async function ask(
  capability: string,
  { baseUrl, apiKey, model }: Providers[keyof Providers],
  request: typeof fetch,
): Promise<Outcome> {
  const prefix = capability.toUpperCase();
  const address = `${baseUrl.replace(/\/$/, "")}/models`;
  let response: Response;
  try {
    response = await request(address, {
      ...(apiKey !== null && { headers: { authorization: `Bearer ${apiKey}` } }),
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
  if (response.status === 402)
    return fail(`${baseUrl}: the account has no credit left.`, "Pay the vendor, or name another.");
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
