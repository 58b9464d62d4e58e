import { z } from "zod";
import { type ProblemCode, problems } from "../../contract/problem.ts";
import { ApiError } from "../errors/api-error.ts";
import { newRouter } from "../http/api.ts";
import { json, route } from "../http/route.ts";
import { touch } from "../store/open.ts";

export const serviceRoutes = newRouter();

const Health = z.object({ status: z.literal("ok") }).meta({ id: "Health" });

const ProblemKind = z
  .object({ code: z.string(), status: z.int(), title: z.string() })
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

const explainProblem = route({
  method: "get",
  path: "/problems/{code}",
  operationId: "explainProblem",
  summary: "Read the explanation of a problem code",
  tags: ["Service"],
  access: "public",
  request: { params: z.object({ code: z.string() }) },
  responses: { 200: json("The problem.", ProblemKind) },
  problems: ["request.not_found"],
});

serviceRoutes.openapi(explainProblem, async (c) => {
  const { code } = c.req.valid("param");
  if (!isProblemCode(code)) throw new ApiError("request.not_found");
  const [status, title] = problems[code];
  return c.json({ code, status, title }, 200);
});

const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(problems, code);
