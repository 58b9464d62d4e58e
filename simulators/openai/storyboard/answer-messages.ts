import { synthesiseInstance } from "./synthesise-instance.ts";
import { readTask, writeStoryboard } from "./write-storyboard.ts";

export interface Message {
  role: string;
  text: string;
}

/**
 * The model's answer: a storyboard when the last user message is a storyboard task and the schema has scenes;
 * the smallest instance of any other schema; a sentence without a schema.
 */
export function answerMessages(messages: readonly Message[], schema: Record<string, unknown> | null): string {
  const last = messages.findLast(({ role }) => role === "user")?.text ?? "";
  if (!schema) return "This is a simulator. It answers storyboard tasks only.";
  const task = readTask(last);
  if (task && asksForScenes(schema))
    return JSON.stringify(writeStoryboard(task, "cast" in (schema.properties as object)));
  return JSON.stringify(synthesiseInstance(schema, last));
}

function asksForScenes(schema: Record<string, unknown>): boolean {
  const properties = schema.properties as Record<string, { items?: { properties?: object } }> | undefined;
  const scene = properties?.scenes?.items?.properties;
  return scene !== undefined && "narration" in scene && "picture" in scene;
}
