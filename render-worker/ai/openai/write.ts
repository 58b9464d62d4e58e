import { priceUsage, textTokensOutAtMost } from "../../../contract/prices.ts";
import type { TextProvider } from "../../runtime/providers.ts";
import type { Ai } from "../ai.ts";
import { faultOfAnswer } from "../read-fault.ts";
import { connect, namePerson } from "./connect.ts";
import { translateError } from "./translate-error.ts";

/** A function that buys text from this provider by chat completion. */
export function createWriter(provider: TextProvider): Ai["write"] {
  const text = connect(provider);
  return async ({ system, user, schemaName, schema, safetyIdentifier }, signal) => {
    const completion = await text.chat.completions
      .create(
        {
          model: provider.model,
          messages: [
            { role: "system", content: system },
            { role: "user", content: user },
          ],
          [provider.tokenLimit]: textTokensOutAtMost,
          response_format: { type: "json_schema", json_schema: { name: schemaName, strict: true, schema } },
          ...namePerson(provider, safetyIdentifier),
        },
        { signal },
      )
      .catch((error) => {
        throw translateError("text", error, signal);
      });
    const fault = faultOfAnswer("text", completion);
    if (fault) throw fault;
    const choice = completion.choices?.[0];
    const { prompt_tokens, completion_tokens } = completion.usage ?? {};
    // The provider failed while it wrote. What it wrote until then is on the bill, and is read like a text
    // that was cut off.
    const broken = faultOfAnswer("text", choice ?? null);
    if (broken && !completion_tokens) throw broken;
    return {
      value: {
        text: choice?.message?.content ?? "",
        isCutOff: broken !== null || choice?.finish_reason === "length",
        isRefused: Boolean(choice?.message?.refusal) || choice?.finish_reason === "content_filter",
      },
      requestId: completion._request_id ?? null,
      costMicroUsd: priceUsage(provider, prompt_tokens, completion_tokens),
    };
  };
}
