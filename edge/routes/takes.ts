import { z } from "zod";
import { DreamId } from "../../contract/dream.ts";
import { RedoQueued } from "../../contract/job.ts";
import {
  RequestTakes,
  TakeId,
  TakeList,
  TakeShown,
  TakesCancelled,
  TakesQueued,
} from "../../contract/takes.ts";
import { readPrices } from "../env.ts";
import { ApiError, invalidKey } from "../errors/api-error.ts";
import { newRouter } from "../http/api.ts";
import { claimIdempotency } from "../http/idempotency.ts";
import { json, jsonBody, route } from "../http/route.ts";
import { afterTransition } from "../jobs/after-transition.ts";
import { findFilm, outOfRange } from "../jobs/changeable-film.ts";
import { chooseTake } from "../jobs/takes/choose-take.ts";
import { requestTakes } from "../jobs/takes/request-takes.ts";
import { presentTakes } from "../present/present-takes.ts";
import { cancelTakes } from "../store/cancel.ts";
import { readReplicaFirst, type Session } from "../store/open.ts";
import { problemsOfLimits, readOwnerLimits } from "../store/owner-limits.ts";
import { readBeforeRedo } from "../store/redo.ts";
import { OneScene } from "./scenes.ts";

export const takeRoutes = newRouter();

const buy = route({
  method: "post",
  path: "/dreams/{did}/scenes/{n}/takes",
  operationId: "requestTakes",
  summary: "Buy further pictures or voices of a scene",
  description:
    "Each is bought and kept; the film stays as it is and can be watched. One request of a dream at a time. A film of the " +
    "dream may be requested meanwhile.",
  tags: ["Videos"],
  access: "key",
  idempotent: true,
  expensive: true,
  request: {
    params: OneScene,
    body: jsonBody(RequestTakes, { example: { asset: "picture", count: 3 }, required: false }),
  },
  responses: {
    202: json("The job is queued.", TakesQueued, { location: "The address of the scene's takes." }),
  },
  problems: [
    ...(["dream.not_found", "dream.no_film", "scene.out_of_range", "job.active"] as const),
    ...(["takes.active", "takes.own_voice"] as const),
    ...problemsOfLimits("takes"),
  ],
});

takeRoutes.openapi(buy, async (c) => {
  const { keyHash, ports, origin, traceparent, note, jobContext } = c.var;
  const params = c.req.valid("param");
  const body = c.req.valid("json");
  const endpointName = "POST /dreams/{did}/scenes/{n}/takes";
  const { answer, isReplayed } = await requestTakes(jobContext(), {
    keyHash,
    clientId: params.did,
    jobId: ports.newId("job"),
    scene: Number(params.n),
    asked: body,
    prices: readPrices(c.env),
    traceparent,
    idempotency: await claimIdempotency(c.req.raw.headers, endpointName, { ...params, ...body }),
    origin,
    ownerLimits: readOwnerLimits(c.env),
  });
  note({ job_id: answer.job_id });
  return c.json(answer, 202, {
    location: answer.takes_url,
    "retry-after": "2",
    ...(isReplayed ? { "idempotency-replayed": "true" } : {}),
  });
});

const list = route({
  method: "get",
  path: "/dreams/{did}/scenes/{n}/takes",
  operationId: "listTakes",
  summary: "List the pictures and voices of a scene",
  description:
    "Those that were bought beside the film, and those of the film and of the films that it changed.",
  tags: ["Videos"],
  access: "key",
  request: { params: OneScene },
  responses: { 200: json("All takes of the scene.", TakeList) },
  problems: ["dream.not_found", "dream.no_film", "scene.out_of_range", "job.active"],
});

takeRoutes.openapi(list, async (c) => {
  const { keyHash, ports } = c.var;
  const { did, n } = c.req.valid("param");
  const index = Number(n);
  const read = (session: Session) => readBeforeRedo(session, keyHash, did, index, null, ports.now());
  const before = await readReplicaFirst(c.var, read, ({ dream }) => dream !== null);
  if (before === undefined) throw invalidKey();
  const { jobId, storyboard, input } = findFilm(before);
  const scene = storyboard.scenes[index];
  if (scene === undefined) throw outOfRange(storyboard);
  const of = { clientId: did, dreamId: before.dream?.id ?? "", jobId, index, storyboard };
  const shown = { ...of, options: input.options, rows: before.takes };
  return c.json(await presentTakes(shown, scene, readPrices(c.env), c.var), 200);
});

const cancel = route({
  method: "post",
  path: "/dreams/{did}/takes/cancel",
  operationId: "cancelTakes",
  summary: "Stop buying takes of the dream",
  description: "What is bought by then is kept for the film, and is not listed.",
  tags: ["Videos"],
  access: "key",
  request: { params: z.object({ did: DreamId }) },
  responses: { 200: json("The job is cancelled.", TakesCancelled) },
  problems: ["dream.not_found", "job.not_found", "job.finished"],
});

takeRoutes.openapi(cancel, async (c) => {
  const { keyHash, ports, primary, jobContext } = c.var;
  const { did } = c.req.valid("param");
  const after = await cancelTakes(primary(), keyHash, did, ports.now());
  if (after === undefined) throw invalidKey();
  if (after.dream === null) throw new ApiError("dream.not_found");
  if (after.job === null)
    throw new ApiError("job.not_found", { detail: "No takes of this dream were bought." });
  if (after.status !== "cancelled") throw new ApiError("job.finished");
  await afterTransition(jobContext(), { dreamIds: [], workers: after.workers });
  return c.json({ status: "cancelled" as const, dream_id: did, job_id: after.job }, 200);
});

const choose = route({
  method: "post",
  path: "/dreams/{did}/scenes/{n}/takes/{take}/choose",
  operationId: "chooseTake",
  summary: "Show another take of the scene",
  description:
    "A redo that buys nothing: only the scene and the crossfade after it are made. Choosing an earlier take again gives the " +
    "earlier film, byte by byte, while its files exist.",
  tags: ["Videos"],
  access: "key",
  idempotent: true,
  expensive: true,
  request: { params: OneScene.extend({ take: TakeId }) },
  responses: {
    200: json("The film shows the take already. There is no job.", TakeShown),
    202: json("The job is queued.", RedoQueued, { location: "The address of the job's status." }),
  },
  problems: [
    ...(["dream.not_found", "dream.no_film", "scene.out_of_range"] as const),
    ...(["take.not_found", "take.not_ready", "job.active", "auth.forbidden"] as const),
    ...problemsOfLimits("film"),
  ],
});

takeRoutes.openapi(choose, async (c) => {
  const { keyHash, ports, origin, traceparent, note, jobContext } = c.var;
  const params = c.req.valid("param");
  const endpointName = "POST /dreams/{did}/scenes/{n}/takes/{take}/choose";
  const command = {
    keyHash,
    clientId: params.did,
    jobId: ports.newId("job"),
    scene: Number(params.n),
    prices: readPrices(c.env),
    traceparent,
    idempotency: await claimIdempotency(c.req.raw.headers, endpointName, params),
    origin,
    ownerLimits: readOwnerLimits(c.env),
  };
  const { outcome, answer } = await chooseTake(jobContext(), command, params.take);
  note({ job_id: answer.job_id });
  if (outcome === "shown") return c.json(answer, 200);
  return c.json(answer, 202, {
    location: answer.status_url,
    "retry-after": "2",
    ...(outcome === "replayed" ? { "idempotency-replayed": "true" } : {}),
  });
});
