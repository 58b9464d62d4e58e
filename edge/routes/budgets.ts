import { z } from "zod";
import { readDailyBudget } from "../env.ts";
import { type Call, endpoint } from "../http/endpoint.ts";
import { type OwnerBudget, readBudget, setBudget } from "../store/budgets.ts";

const OneOwner = z.object({ owner: z.string().regex(/^[\w.@:+-]{1,128}$/) });

const Budget = z
  .object({
    owner: z.string(),
    daily_usd: z.number().nullable().describe("Limit per day (UTC) in US dollars; null: no limit."),
    is_default: z.boolean().describe("True if the limit is the service's default, `OWNER_DAILY_BUDGET_USD`."),
    spent_today_usd: z.number().describe("Spent today, and reserved for films that are being made."),
  })
  .meta({ id: "Budget" });

const answers = { 200: { description: "The owner's budget.", schema: Budget } };

const get = endpoint({
  method: "get",
  path: "/admin/owners/{owner}/budget",
  name: "getBudget",
  summary: "Read an owner's daily budget",
  tag: "Keys",
  access: "admin",
  params: OneOwner,
  answers,
  problems: [],
  async handle({ env, params, ports, primary }) {
    return present(env, params.owner, await readBudget(primary(), params.owner, ports.now()));
  },
});

const set = endpoint({
  method: "patch",
  path: "/admin/owners/{owner}/budget",
  name: "setBudget",
  summary: "Set an owner's daily budget",
  description: "Applies from the next purchase on, also to films that are being made.",
  tag: "Keys",
  access: "admin",
  params: OneOwner,
  body: z
    .strictObject({
      daily_usd: z.number().min(0).max(1_000_000).nullable().describe("null: use the service's default."),
    })
    .meta({ id: "SetBudget" }),
  example: { daily_usd: 20 },
  answers,
  problems: [],
  async handle({ env, params, body, ports, primary }) {
    const microUsd = body.daily_usd === null ? null : Math.round(body.daily_usd * 1e6);
    return present(env, params.owner, await setBudget(primary(), params.owner, microUsd, ports.now()));
  },
});

function present(env: Call["env"], owner: string, { daily, spent }: OwnerBudget): Response {
  const allowed = daily ?? readDailyBudget(env);
  return Response.json({
    owner,
    daily_usd: allowed === null ? null : allowed / 1e6,
    is_default: daily === null,
    spent_today_usd: spent / 1e6,
  } satisfies z.infer<typeof Budget>);
}

export const budgetEndpoints = [get, set];
