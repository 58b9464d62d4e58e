import { modelWarnDays } from "../../contract/models.ts";
import {
  type ConfiguredModel,
  daysLeft,
  readModelEnds,
  sayRemedy,
} from "../../render-worker/ai/model-ends.ts";
import type { Providers } from "../../render-worker/runtime/providers.ts";
import type { Check } from "../check.ts";
import { fail, type Outcome, ok, warn } from "../finding.ts";

/** No configured model has ended or ends soon. */
export function checkModels(providers: Providers, request: typeof fetch, nowMs: number): Check {
  return {
    name: "models",
    async run() {
      const models = await readModelEnds(providers, request);
      const outcomes = models.flatMap((model) => checkModel(model, nowMs));
      return outcomes.length > 0 ? outcomes : ok(`${describe(models)}: no end is near`);
    },
  };
}

function checkModel(configured: ConfiguredModel, nowMs: number): Outcome[] {
  const { use, model, endsOn } = configured;
  const days = daysLeft(configured, nowMs);
  if (days === null || days > modelWarnDays) return [];
  const more =
    use === "speech" ? ` Or set VOICE_SPEECH_BASE_URL to another vendor's server with /audio/speech.` : "";
  const remedy = sayRemedy(configured) + more;
  if (days <= 0) return [fail(`The provider ended ${model} on ${endsOn}.`, remedy)];
  return [warn(`The provider ends ${model} on ${endsOn}, in ${days} days.`, remedy)];
}

const describe = (models: ConfiguredModel[]) => models.map(({ use, model }) => `${use} ${model}`).join(", ");
