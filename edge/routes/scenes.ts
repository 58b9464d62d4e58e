import { z } from "zod";
import { DreamId } from "../../contract/dream.ts";
import { RedoQueued, RedoScene } from "../../contract/job.ts";
import { readActiveJobs, readOwnerStorage, readPrices } from "../env.ts";
import { endpoint } from "../http/endpoint.ts";
import { claimIdempotency } from "../http/idempotency.ts";
import { redoScene } from "../jobs/redo.ts";

const redo = endpoint({
  method: "post",
  path: "/dreams/{did}/scenes/{n}/redo",
  name: "redoScene",
  summary: "Change one scene of the film",
  description:
    "Makes a new film from the dream's newest finished one, or from one that failed where none was finished. Only what the scene needs is bought and encoded. Without words " +
    "the picture is painted once more; with the same words as before, what they name is made once more.",
  tag: "Videos",
  access: "key",
  params: z.object({
    did: DreamId,
    n: z
      .string()
      .regex(/^[0-9]{1,4}$/)
      .describe("The scene, counted from 0."),
  }),
  body: RedoScene,
  bodyOptional: true,
  idempotent: true,
  expensive: true,
  answers: {
    202: {
      description: "The job is queued.",
      schema: RedoQueued,
      headers: { location: "The address of the job's status." },
    },
  },
  problems: [
    "dream.not_found",
    "dream.no_film",
    "dream.limit_reached",
    "scene.out_of_range",
    "job.active",
    "job.too_many",
    "auth.forbidden",
  ],
  async handle({ env, caller, params, body, request, ports, origin, traceparent, note, primary, defer }) {
    const scene = Number(params.n);
    const endpointName = "POST /dreams/{did}/scenes/{n}/redo";
    const idempotency = await claimIdempotency(request.headers, endpointName, { ...params, ...body });
    const context = { env, session: primary(), now: ports.now, defer };
    const command = {
      keyHash: caller.keyHash,
      clientId: params.did,
      jobId: ports.newId("job"),
      ...{ scene, change: body, traceparent, idempotency, origin },
      prices: readPrices(env),
      mostActive: readActiveJobs(env),
      storage: readOwnerStorage(env),
    };
    const { outcome, answer } = await redoScene(context, command);
    note({ job_id: answer.job_id });
    return Response.json(answer, {
      status: 202,
      headers: {
        location: answer.status_url,
        "retry-after": "2",
        ...(outcome === "replayed" ? { "idempotency-replayed": "true" } : {}),
      },
    });
  },
});

export const sceneEndpoints = [redo];
