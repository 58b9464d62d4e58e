import { z } from "zod";
import { Estimate, EstimateRequest, FilmCost } from "../../contract/cost.ts";
import { DreamId } from "../../contract/dream.ts";
import { estimateFilm } from "../../contract/estimate-cost.ts";
import { hasVisibleText } from "../../contract/visible-text.ts";
import { readPrices } from "../env.ts";
import { ApiError } from "../errors/api-error.ts";
import { invalidKey } from "../errors/invalid-key.ts";
import { type Call, endpoint } from "../http/endpoint.ts";
import { addUpCost } from "../jobs/add-up-cost.ts";
import { readCosts } from "../store/costs.ts";
import { readTranscript } from "../store/dreams.ts";
import { isKnown } from "../store/keys.ts";
import { readReplicaFirst } from "../store/read-replica-first.ts";

const estimate = endpoint({
  method: "post",
  path: "/estimate",
  name: "estimateFilm",
  summary: "Estimate a film's cost and length",
  description: "For a stored dream or for a text. Nothing is stored or bought.",
  tag: "Videos",
  access: "key",
  body: EstimateRequest,
  example: {
    transcript: "I flew over a silver sea. Under the water a town was lit, and somebody waved at me.",
    options: { length_seconds: 30, aspect: "16:9" },
  },
  answers: { 200: { description: "The estimate.", schema: Estimate } },
  problems: ["dream.not_found", "dream.transcript_missing"],
  async handle(call) {
    const transcript = await findTranscript(call);
    if (!hasVisibleText(transcript)) throw new ApiError("dream.transcript_missing");
    const { scenes, seconds, microUsd, atMostMicroUsd } = estimateFilm(
      transcript,
      call.body.options,
      readPrices(call.env),
    );
    const { text, picture, voice } = microUsd;
    return Response.json({
      scenes,
      seconds: Math.round(seconds * 10) / 10,
      cost_usd: (text + picture + voice) / 1e6,
      at_most_usd: atMostMicroUsd / 1e6,
      by_capability: { text: text / 1e6, picture: picture / 1e6, voice: voice / 1e6 },
    } satisfies Estimate);
  },
});

async function findTranscript(
  call: Pick<
    Call<"key", z.ZodObject, z.ZodObject, typeof EstimateRequest>,
    "body" | "caller" | "primary" | "replica" | "request"
  >,
): Promise<string> {
  const { keyHash } = call.caller;
  const { dream_id: id, transcript } = call.body;
  if (id === undefined || transcript !== undefined) {
    if (!(await isKnown(call.replica(), keyHash)) && !(await isKnown(call.primary(), keyHash)))
      throw invalidKey();
    if (id === undefined && transcript !== undefined) return transcript;
    throw new ApiError("request.invalid", {
      errors: [{ pointer: "/transcript", detail: "send either transcript or dream_id" }],
    });
  }
  const found = await readReplicaFirst(
    call,
    (session) => readTranscript(session, keyHash, id),
    ({ dream }) => dream !== null,
  );
  if (found === undefined) throw invalidKey();
  if (found.dream === null) throw new ApiError("dream.not_found");
  return found.dream.transcript;
}

const cost = endpoint({
  method: "get",
  path: "/dreams/{did}/cost",
  name: "getCost",
  summary: "Read what the dream's newest video cost",
  description: "One line for each asset: bought, reused, or of unknown outcome.",
  tag: "Videos",
  access: "key",
  params: z.object({ did: DreamId }),
  answers: {
    200: { description: "The bill. It is also available while the video is being made.", schema: FilmCost },
  },
  problems: ["dream.not_found"],
  async handle({ caller, params, primary }) {
    const rows = await readCosts(primary(), caller.keyHash, params.did);
    if (rows.dream === undefined) throw invalidKey();
    const { dream, job, max_cost_usd } = rows.dream;
    if (dream === null) throw new ApiError("dream.not_found");
    return Response.json({
      dream_id: dream,
      job_id: job,
      max_cost_usd,
      ...addUpCost(rows),
    } satisfies FilmCost);
  },
});

export const costEndpoints = [estimate, cost];
