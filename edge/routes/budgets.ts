import { z } from "zod";
import { readDailyBudget } from "../env.ts";
import { type Call, endpoint } from "../http/endpoint.ts";
import { type OwnerBudget, readBudget, setBudget } from "../store/budgets.ts";

const OneOwner = z.object({ owner: z.string().regex(/^[\w.@:+-]{1,128}$/) });

const Budget = z
  .object({
    owner: z.string(),
    daily_usd: z
      .number()
      .nullable()
      .describe("What may be spent in a day (UTC), in US dollars; null: no limit."),
    is_default: z.boolean().describe("It is the service's default, `OWNER_DAILY_BUDGET_USD`."),
    spent_today_usd: z.number().describe("Spent, or reserved for films in the making."),
  })
  .meta({ id: "Budget" });

const answers = { 200: { description: "The owner's budget.", schema: Budget } };

const get = endpoint({
  method: "get",
  path: "/admin/owners/{owner}/budget",
  name: "getBudget",
  summary: "What an owner may spend in a day",
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
  summary: "Set what an owner may spend in a day",
  description: "Holds for the next purchase, also of films in the making.",
  tag: "Keys",
  access: "admin",
  params: OneOwner,
  body: z
    .strictObject({
      daily_usd: z.number().min(0).max(1_000_000).nullable().describe("null: the service's default again."),
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
