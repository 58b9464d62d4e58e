import { z } from "zod";
import { endpoint } from "../http/endpoint.ts";
import { touch } from "../store/health.ts";

const Health = z.object({ status: z.literal("ok") }).meta({ id: "Health" });

const health = endpoint({
  method: "get",
  path: "/health",
  name: "health",
  summary: "Whether the edge can serve",
  description: "Its secrets are set, and D1 answers and has its tables.",
  tag: "Service",
  access: "public",
  answers: { 200: { description: "It can.", schema: Health } },
  problems: ["setup.incomplete", "internal.unavailable"],
  async handle({ replica }) {
    await touch(replica());
    return Response.json({ status: "ok" } satisfies z.infer<typeof Health>, {
      headers: { "cache-control": "no-store" },
    });
  },
});

export const serviceEndpoints = [health];
