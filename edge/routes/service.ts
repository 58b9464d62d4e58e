import { z } from "zod";
import { jobCodes } from "../../contract/job-codes.ts";
import { type ProblemCode, problems } from "../../contract/problem.ts";
import { ApiError } from "../errors/api-error.ts";
import { newRouter } from "../http/api.ts";
import { json, route } from "../http/route.ts";
import { touch } from "../store/open.ts";

export const serviceRoutes = newRouter();

const Health = z.object({ status: z.literal("ok") }).meta({ id: "Health" });

const ProblemKind = z
  .object({
    code: z.string(),
    status: z.int().nullable().describe("The HTTP status of the answer; null for a code of a job."),
    title: z.string(),
    advice: z.string().nullable().describe("What to do about a code of a job."),
  })
  .meta({ id: "ProblemKind" });

const health = route({
  method: "get",
  path: "/health",
  operationId: "health",
  summary: "Check the service's health",
  description: "Healthy means: the secrets are set, D1 answers, and its tables exist.",
  tags: ["Service"],
  access: "public",
  responses: { 200: json("The service is healthy.", Health) },
  problems: ["setup.incomplete", "internal.unavailable"],
});

serviceRoutes.openapi(health, async (c) => {
  await touch(c.var.replica());
  return c.json({ status: "ok" as const }, 200, { "cache-control": "no-store" });
});

const listProblems = route({
  method: "get",
  path: "/problems",
  operationId: "listProblems",
  summary: "List every error code",
  tags: ["Service"],
  access: "public",
  responses: {
    200: json("Codes of requests, then those of jobs.", z.object({ data: z.array(ProblemKind) })),
  },
  problems: [],
});

serviceRoutes.openapi(listProblems, (c) => {
  const codes = [...Object.keys(problems), ...jobCodes.keys()];
  const data = [...new Set(codes)].flatMap((code) => explain(code) ?? []);
  return c.json({ data }, 200, { "cache-control": "public, max-age=3600" });
});

const explainProblem = route({
  method: "get",
  path: "/problems/{code}",
  operationId: "explainProblem",
  summary: "Read the explanation of an error code",
  description:
    "Of a refused request, or of a job: why it failed, why an attempt was handed back, or a warning.",
  tags: ["Service"],
  access: "public",
  request: { params: z.object({ code: z.string() }) },
  responses: { 200: json("The explanation.", ProblemKind) },
  problems: ["request.not_found"],
});

serviceRoutes.openapi(explainProblem, async (c) => {
  const kind = explain(c.req.valid("param").code);
  if (kind === null) throw new ApiError("request.not_found");
  return c.json(kind, 200);
});

/** Null: there is no such code. */
function explain(code: string): z.infer<typeof ProblemKind> | null {
  const advice = jobCodes.get(code)?.advice ?? null;
  if (isProblemCode(code)) {
    const [status, title] = problems[code];
    return { code, status, title, advice };
  }
  const job = jobCodes.get(code);
  return job === undefined ? null : { code, status: null, title: job.title, advice };
}

const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(problems, code);
