import { z } from "zod";
import { type Env, readDailyBudget } from "../env.ts";
import { newRouter } from "../http/api.ts";
import { json, jsonBody, route } from "../http/route.ts";
import { type OwnerBudget, readBudget, setBudget } from "../store/budgets.ts";

export const budgetRoutes = newRouter();

const OneOwner = z.object({ owner: z.string().regex(/^[\w.@:+-]{1,128}$/) });

const Budget = z
  .object({
    owner: z.string(),
    daily_usd: z.number().nullable().describe("Limit per day (UTC) in US dollars; null: no limit."),
    is_default: z.boolean().describe("True if the limit is the service's default, `OWNER_DAILY_BUDGET_USD`."),
    spent_today_usd: z.number().describe("Spent today, and reserved for films that are being made."),
  })
  .meta({ id: "Budget" });

const responses = { 200: json("The owner's budget.", Budget) };

const get = route({
  method: "get",
  path: "/admin/owners/{owner}/budget",
  operationId: "getBudget",
  summary: "Read an owner's daily budget",
  tags: ["Keys"],
  access: "admin",
  request: { params: OneOwner },
  responses,
  problems: [],
});

budgetRoutes.openapi(get, async (c) => {
  const { ports, primary } = c.var;
  const { owner } = c.req.valid("param");
  return c.json(present(c.env, owner, await readBudget(primary(), owner, ports.now())), 200);
});

const set = route({
  method: "patch",
  path: "/admin/owners/{owner}/budget",
  operationId: "setBudget",
  summary: "Set an owner's daily budget",
  description: "Applies from the next purchase on, also to films that are being made.",
  tags: ["Keys"],
  access: "admin",
  request: {
    params: OneOwner,
    body: jsonBody(
      z
        .strictObject({
          daily_usd: z.number().min(0).max(1_000_000).nullable().describe("null: use the service's default."),
        })
        .meta({ id: "SetBudget" }),
      { example: { daily_usd: 20 } },
    ),
  },
  responses,
  problems: [],
});

budgetRoutes.openapi(set, async (c) => {
  const { ports, primary } = c.var;
  const { owner } = c.req.valid("param");
  const { daily_usd } = c.req.valid("json");
  const microUsd = daily_usd === null ? null : Math.round(daily_usd * 1e6);
  return c.json(present(c.env, owner, await setBudget(primary(), owner, microUsd, ports.now())), 200);
});

function present(env: Env, owner: string, { daily, spent }: OwnerBudget): z.infer<typeof Budget> {
  const allowed = daily ?? readDailyBudget(env);
  return {
    owner,
    daily_usd: allowed === null ? null : allowed / 1e6,
    is_default: daily === null,
    spent_today_usd: spent / 1e6,
  };
}
