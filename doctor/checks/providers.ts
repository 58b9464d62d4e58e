import type { ModelUse } from "../../contract/models.ts";
import { isPaidVoice, keyHeadersOf, type PaidVoiceKind, voiceKinds } from "../../contract/voice-kinds.ts";
import {
  calledProviders,
  type PaidVoiceProvider,
  type Providers,
} from "../../render-worker/runtime/providers.ts";
import type { Check } from "../check.ts";
import { describe } from "../check.ts";
import { fail, type Outcome, ok, warn } from "../finding.ts";

const timeoutMs = 10_000;

/** The endpoint of each use, below the base URL. */
const endpointOf = (use: ModelUse): string =>
  isPaidVoice(use)
    ? voiceKinds[use].endpoint
    : {
        text: "chat/completions",
        picture: "images/generations",
        transcription: "audio/transcriptions",
      }[use];

type Called = ReturnType<typeof calledProviders>[number];

/**
 * Every AI server answers, accepts its key, has the model and serves the endpoint. The check reads the list
 * of models and sends an empty request to the endpoint, which the server refuses; of a Realtime endpoint it
 * opens a session without asking for a response. All of it is free. A server without transcription is a
 * warning.
 */
export function checkProviders(providers: Providers, request: typeof fetch): Check {
  return {
    name: "AI keys",
    run: () =>
      Promise.all(
        calledProviders(providers).map(async (called) => {
          const isSocket = isPaidVoice(called.use) && voiceKinds[called.use].isSocket;
          const find = isSocket ? findMissingSession : findMissingEndpoint;
          const found = await readModels(called, request);
          const { status, message, remedy } =
            found.status === "ok" ? ((await find(called, request)) ?? found) : found;
          return {
            // Films are made without it; only recordings cannot be transcribed.
            status: called.use === "transcription" && status === "fail" ? "warn" : status,
            message: `${called.name.toLowerCase().replaceAll("_", " ")}: ${message}`,
            ...(remedy ? { remedy } : {}),
          };
        }),
      ),
  };
}

/** A finding when an endpoint of this use does not exist or refuses the key, else null. */
async function findMissingEndpoint(called: Called, request: typeof fetch): Promise<Outcome | null> {
  const { use, name } = called;
  const { baseUrl } = called.provider;
  const response = await sendEmpty(called, endpointOf(use), request);
  const refusal = await explainRefusal(response, baseUrl, name);
  if (refusal !== null) return refusal;
  if (isMissing(response))
    return fail(`${baseUrl} has no /${endpointOf(use)}.`, `Set ${name}_BASE_URL to a server that has it.`);
  if (use !== "picture" || !isMissing(await sendEmpty(called, editEndpoint, request))) return null;
  return warn(
    `${baseUrl} has no /${editEndpoint}, so films with \`cast\` are painted from words alone.`,
    `Set ${name}_BASE_URL to a server that has it, if people should look the same in every picture.`,
  );
}

/** Only films with a cast use it. */
const editEndpoint = "images/edits";

/** Sends an empty request, which a server that has the endpoint refuses. */
const sendEmpty = ({ use, provider: { baseUrl, apiKey } }: Called, endpoint: string, request: typeof fetch) =>
  request(`${baseUrl.replace(/\/$/, "")}/${endpoint}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...keyHeadersOf(use, apiKey) },
    body: "{}",
    redirect: "manual",
    signal: AbortSignal.timeout(timeoutMs),
  });

function isMissing({ headers, status }: Response): boolean {
  const isPage = headers.get("content-type")?.startsWith("text/html") === true;
  return isPage || [404, 405, 410, 501].includes(status);
}

/**
 * A finding when the answer to the empty request is about the account. A server that looks at the request
 * first refuses it as empty, so no finding does not prove that the account has credit.
 */
async function explainRefusal(response: Response, baseUrl: string, name: string): Promise<Outcome | null> {
  const { error } = (await response.json().catch(() => ({}))) as {
    error?: { code?: unknown; type?: unknown };
  };
  const isSpent = [error?.code, error?.type].some((code) => /insufficient_quota|billing/.test(String(code)));
  if (response.status === 402 || isSpent) return noCredit(baseUrl);
  if (response.status !== 401 && response.status !== 403) return null;
  return fail(
    `${baseUrl} lists its models with the key, but refuses calls with it.`,
    `Give the key of ${name}_API_KEY or OPENAI_API_KEY the right to make requests.`,
  );
}

/** A finding when a voice's socket cannot be opened, else null. */
async function findMissingSession({ use, provider }: Called): Promise<Outcome | null> {
  const kind = use as PaidVoiceKind;
  // The client takes a second to load, and most runs of the doctor do not need it.
  const { voiceClients } = await import("../../render-worker/ai/voices/voice-clients.ts");
  try {
    await voiceClients[kind].open?.(provider as PaidVoiceProvider, AbortSignal.timeout(timeoutMs));
    return null;
  } catch (error) {
    return fail(
      `${provider.baseUrl} opens no session at /${endpointOf(use)}: ${describe(error)}`,
      `Set VOICE_CHAIN=speech if the server has /audio/speech only, or ${voiceKinds[kind].prefix}BASE_URL to one with it.`,
    );
  }
}

const noCredit = (baseUrl: string) =>
  fail(`${baseUrl}: the account has no credit left.`, "Add credit, or use another vendor.");

async function readModels(
  { use, name: prefix, provider: { baseUrl, apiKey, model } }: Called,
  request: typeof fetch,
): Promise<Outcome> {
  const address = `${baseUrl.replace(/\/$/, "")}/models`;
  let response: Response;
  try {
    response = await request(address, {
      headers: keyHeadersOf(use, apiKey),
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
    return ok(`${baseUrl} lists ${model} with the key; credit shows at the first purchase only`);
  return fail(
    `${baseUrl} accepts the key but has no ${model}.`,
    `Set ${prefix}_MODEL to a model in its list.`,
  );
}
