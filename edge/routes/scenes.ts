import { z } from "zod";
import { DreamId } from "../../contract/dream.ts";
import { RedoQueued, RedoScene } from "../../contract/job.ts";
import { readPrices } from "../env.ts";
import { newRouter } from "../http/api.ts";
import { claimIdempotency } from "../http/idempotency.ts";
import { json, jsonBody, route } from "../http/route.ts";
import { redoScene } from "../jobs/redo.ts";
import { problemsOfLimits, readOwnerLimits } from "../store/owner-limits.ts";

export const sceneRoutes = newRouter();

/** The parameters of a scene's address. */
export const OneScene = z.object({
  did: DreamId,
  n: z
    .string()
    .regex(/^[0-9]{1,4}$/)
    .describe("The scene, counted from 0."),
});

const redo = route({
  method: "post",
  path: "/dreams/{did}/scenes/{n}/redo",
  operationId: "redoScene",
  summary: "Change one scene of the film",
  description:
    "Makes a new film from the dream's newest finished film or, if there is none, from the newest failed one that had a " +
    "storyboard. Only the parts that the scene needs are bought and encoded. Without a text in the body the picture is made " +
    "again; with the same text as before, the part that it describes is made again.",
  tags: ["Videos"],
  access: "key",
  idempotent: true,
  expensive: true,
  request: {
    params: OneScene,
    body: jsonBody(RedoScene, { required: false }),
  },
  responses: {
    202: json("The job is queued.", RedoQueued, { location: "The address of the job's status." }),
  },
  problems: [
    "dream.not_found",
    "dream.no_film",
    ...problemsOfLimits("film"),
    "scene.out_of_range",
    "job.active",
    "auth.forbidden",
  ],
});

sceneRoutes.openapi(redo, async (c) => {
  const { keyHash, ports, origin, traceparent, note, jobContext } = c.var;
  const params = c.req.valid("param");
  const body = c.req.valid("json");
  const scene = Number(params.n);
  const endpointName = "POST /dreams/{did}/scenes/{n}/redo";
  const idempotency = await claimIdempotency(c.req.raw.headers, endpointName, { ...params, ...body });
  const command = {
    keyHash,
    clientId: params.did,
    jobId: ports.newId("job"),
    ...{ scene, change: body, traceparent, idempotency, origin },
    prices: readPrices(c.env),
    ownerLimits: readOwnerLimits(c.env),
  };
  const { outcome, answer } = await redoScene(jobContext(), command);
  note({ job_id: answer.job_id });
  return c.json(answer, 202, {
    location: answer.status_url,
    "retry-after": "2",
    ...(outcome === "replayed" ? { "idempotency-replayed": "true" } : {}),
  });
});
