import { z } from "zod";
import { Estimate, EstimateRequest, FilmCost } from "../../contract/cost.ts";
import { DreamId } from "../../contract/dream.ts";
import { estimateFilm, mayNarrate } from "../../contract/estimate-cost.ts";
import { hasVisibleText } from "../../contract/visible-text.ts";
import { readPrices } from "../env.ts";
import { ApiError, invalidKey } from "../errors/api-error.ts";
import { newRouter, type Variables } from "../http/api.ts";
import { json, jsonBody, route } from "../http/route.ts";
import { addUpCost } from "../jobs/add-up-cost.ts";
import { countPhotos } from "../store/cast-photos.ts";
import { readCosts } from "../store/costs.ts";
import { readTranscript } from "../store/dreams.ts";
import { isKnown } from "../store/keys.ts";
import { readReplicaFirst } from "../store/open.ts";
import { readRecordedSeconds } from "../store/segments/read-recorded-seconds.ts";

export const costRoutes = newRouter();

const estimate = route({
  method: "post",
  path: "/estimate",
  operationId: "estimateFilm",
  summary: "Estimate a film's cost and length",
  description: "For a stored dream or for a text. Nothing is stored or bought.",
  tags: ["Videos"],
  access: "key",
  request: {
    body: jsonBody(EstimateRequest, {
      example: {
        transcript: "I flew over a silver sea. Under the water a town was lit, and a girl waved at me.",
        options: { length_seconds: 30, aspect: "16:9" },
      },
    }),
  },
  responses: { 200: json("The estimate.", Estimate) },
  problems: ["dream.not_found", "dream.transcript_missing"],
});

costRoutes.openapi(estimate, async (c) => {
  const { dream_id: dreamId, options } = c.req.valid("json");
  const transcript = await findTranscript(c.req.valid("json"), c.var);
  if (!hasVisibleText(transcript)) throw new ApiError("dream.transcript_missing");
  const prices = readPrices(c.env);
  const { keyHash, replica } = c.var;
  const recordedSeconds =
    dreamId === undefined || !mayNarrate(options, prices)
      ? 0
      : await readRecordedSeconds(replica(), keyHash, dreamId);
  const photos = options.cast ? await countPhotos(replica(), keyHash) : 0;
  const estimated = estimateFilm(transcript, options, prices, { recordedSeconds, photos });
  const { scenes, seconds, fillsLength, shortening, microUsd, atMostMicroUsd } = estimated;
  const { text, picture, voice } = microUsd;
  const answer: Estimate = {
    scenes,
    seconds,
    fills_length: fillsLength,
    shortening,
    cost_usd: (text + picture + voice) / 1e6,
    at_most_usd: atMostMicroUsd / 1e6,
    by_capability: { text: text / 1e6, picture: picture / 1e6, voice: voice / 1e6 },
  };
  return c.json(answer, 200);
});

async function findTranscript(
  { dream_id: id, transcript }: z.output<typeof EstimateRequest>,
  caller: { keyHash: string } & Pick<Variables, "primary" | "replica">,
): Promise<string> {
  const { keyHash, primary, replica } = caller;
  if (id === undefined || transcript !== undefined) {
    if (!(await isKnown(replica(), keyHash)) && !(await isKnown(primary(), keyHash))) throw invalidKey();
    if (id === undefined && transcript !== undefined) return transcript;
    throw new ApiError("request.invalid", {
      errors: [{ pointer: "/transcript", detail: "send either transcript or dream_id" }],
    });
  }
  const found = await readReplicaFirst(
    caller,
    (session) => readTranscript(session, keyHash, id),
    ({ dream }) => dream !== null,
  );
  if (found === undefined) throw invalidKey();
  if (found.dream === null) throw new ApiError("dream.not_found");
  return found.dream.transcript;
}

const cost = route({
  method: "get",
  path: "/dreams/{did}/cost",
  operationId: "getCost",
  summary: "Read what the dream's newest video cost",
  description: "One line for each asset: bought, reused, or of unknown outcome.",
  tags: ["Videos"],
  access: "key",
  request: { params: z.object({ did: DreamId }) },
  responses: { 200: json("The bill. It is also available while the video is being made.", FilmCost) },
  problems: ["dream.not_found"],
});

costRoutes.openapi(cost, async (c) => {
  const { keyHash, primary } = c.var;
  const params = c.req.valid("param");
  const rows = await readCosts(primary(), keyHash, params.did);
  if (rows.dream === undefined) throw invalidKey();
  const { dream, job, max_cost_usd } = rows.dream;
  if (dream === null) throw new ApiError("dream.not_found");
  return c.json({ dream_id: dream, job_id: job, max_cost_usd, ...addUpCost(rows) }, 200);
});
