import type { Providers } from "../../render-worker/runtime/providers.ts";
import type { Check } from "../check.ts";
import { fail, type Outcome, ok, warn } from "../finding.ts";
import { shutdowns } from "../model-shutdowns.ts";

/** Long enough to test another model before the old one ends. */
const warnDays = 60;

/** No configured model has ended or ends soon. */
export function checkModels(providers: Providers, nowMs: number): Check {
  return {
    name: "models",
    async run() {
      const outcomes = Object.entries(providers).flatMap(([capability, { model, baseUrl }]) => {
        if (new URL(baseUrl).hostname !== "api.openai.com") return [];
        return checkModel(capability, model, nowMs);
      });
      return outcomes.length > 0 ? outcomes : ok(`${describe(providers)}: no end is announced`);
    },
  };
}

function checkModel(capability: string, model: string, nowMs: number): Outcome[] {
  const end = shutdowns.find((shutdown) => shutdown.model.test(model));
  if (!end) return [];
  const daysLeft = Math.ceil((Date.parse(end.on) - nowMs) / 86_400_000);
  const variable = `${capability.toUpperCase()}_MODEL`;
  const remedy = `Set ${variable} to ${end.instead}.`;
  if (daysLeft <= 0) return [fail(`OpenAI ended ${model} on ${end.on}.`, remedy)];
  return daysLeft <= warnDays
    ? [warn(`OpenAI ends ${model} on ${end.on}, in ${daysLeft} days.`, remedy)]
    : [];
}

const describe = (providers: Providers) =>
  Object.entries(providers)
    .map(([capability, { model }]) => `${capability} ${model}`)
    .join(", ");
