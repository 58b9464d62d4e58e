/** Wraps or damages a text answer. Each kind was seen at a model without strict mode. */
import type { Fault, FaultKind } from "../control.ts";

export interface TextChoice {
  content: string | null;
  finishReason: string;
}

const stopped = (content: string | null): TextChoice => ({ content, finishReason: "stop" });

const wrappings: Partial<Record<FaultKind, (content: string, fault: Fault) => TextChoice>> = {
  code_fence: (content) => stopped(`\`\`\`json\n${content}\n\`\`\``),
  thoughts: (content) => stopped(`<think>\nThe dream has {two} parts.\n</think>\n\n${content}`),
  preamble: (content) => stopped(`Sure! Here is the storyboard:\n\n${content}`),
  byte_order_mark: (content) => stopped(`\ufeff${content}`),
  nested: (content) => stopped(`{"storyboard": ${content}}`),
  null_content: () => stopped(null),
  cut_off: (content) => ({ content: content.slice(0, content.length * 0.8), finishReason: "length" }),
  overlong: (content) => stopped(lengthen(content)),
  invalid_json: (content) => stopped(content.slice(0, Math.ceil(content.length / 2))),
  off_schema: () => stopped('{"surprise":true,"scenes":"none"}'),
  other_language: (content, { language = "German" }) =>
    stopped(JSON.stringify({ ...JSON.parse(content), language })),
};

/** The damaged answer, or null when the fault is of another kind. */
export const wrapText = (fault: Fault, content: string): TextChoice | null =>
  wrappings[fault.kind]?.(content, fault) ?? null;

/** A storyboard of 40 scenes, independent of the request. */
function lengthen(content: string): string {
  const storyboard = JSON.parse(content);
  const scenes = Array.from({ length: 40 }, (_, n) => storyboard.scenes[n % storyboard.scenes.length]);
  return JSON.stringify({ ...storyboard, scenes });
}
