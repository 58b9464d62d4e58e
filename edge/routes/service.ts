import { z } from "zod";
import { type ProblemCode, problems } from "../../contract/problem.ts";
import { ApiError } from "../errors/api-error.ts";
import { endpoint } from "../http/endpoint.ts";
import { touch } from "../store/health.ts";

const Health = z.object({ status: z.literal("ok") }).meta({ id: "Health" });

const ProblemKind = z
  .object({ code: z.string(), status: z.int(), title: z.string() })
  .meta({ id: "ProblemKind" });

const health = endpoint({
  method: "get",
  path: "/health",
  name: "health",
  summary: "Check the service's health",
  description: "Healthy means: the secrets are set, D1 answers, and its tables exist.",
  tag: "Service",
  access: "public",
  answers: { 200: { description: "The service is healthy.", schema: Health } },
  problems: ["setup.incomplete", "internal.unavailable"],
  async handle({ replica }) {
    await touch(replica());
    return Response.json({ status: "ok" } satisfies z.infer<typeof Health>, {
      headers: { "cache-control": "no-store" },
    });
  },
});

const explainProblem = endpoint({
  method: "get",
  path: "/problems/{code}",
  name: "explainProblem",
  summary: "Read the explanation of a problem code",
  tag: "Service",
  access: "public",
  params: z.object({ code: z.string() }),
  answers: { 200: { description: "The problem.", schema: ProblemKind } },
  problems: ["request.not_found"],
  async handle({ params: { code } }) {
    if (!isProblemCode(code)) throw new ApiError("request.not_found");
    const [status, title] = problems[code];
    return Response.json({ code, status, title } satisfies z.infer<typeof ProblemKind>);
  },
});

const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(problems, code);

export const serviceEndpoints = [health, explainProblem];
