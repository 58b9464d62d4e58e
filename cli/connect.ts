import { readLocalPlace, readStackInfo } from "../command-line/local-cloud.ts";
import { type ApiClient, ApiProblem, createApiClient } from "./api-client.ts";

/**
 * A client of the deployment that --url and --key name, else DREAMREEL_URL and DREAMREEL_API_KEY, else of the
 * running `npm run dev` with the same DREAMREEL_PORT and DREAMREEL_STATE.
 *
 * @throws ApiProblem when none is known
 */
export function connect(
  given: { url?: string | undefined; key?: string | undefined },
  env: NodeJS.ProcessEnv,
): ApiClient {
  const local = readStackInfo(readLocalPlace(env).stateDir);
  const url = given.url ?? env.DREAMREEL_URL ?? local?.edge_url;
  // The local cloud's key is for the local cloud only.
  const key = given.key ?? env.DREAMREEL_API_KEY ?? (url === local?.edge_url ? local?.api_key : undefined);
  if (url === undefined)
    throw new ApiProblem(
      "client.no_deployment",
      "No deployment is known. Start `npm run dev`, or give --url and --key (or DREAMREEL_URL and DREAMREEL_API_KEY).",
    );
  if (!URL.canParse(url)) throw new ApiProblem("client.no_deployment", `--url ${url} is not an address.`);
  if (key === undefined)
    throw new ApiProblem("client.no_key", `No API key for ${url}: give --key or DREAMREEL_API_KEY.`);
  return createApiClient(url, key);
}
