import { synthesiseInstance } from "./synthesise-instance.ts";
import { readTask, tellStoryboard } from "./tell-storyboard.ts";

export interface Message {
  role: string;
  text: string;
}

/**
 * What the model says: a storyboard where the last user message is a storyboard's task and the schema asks for
 * scenes; the smallest instance of any other schema; a sentence where no schema is given.
 */
export function answerMessages(messages: readonly Message[], schema: Record<string, unknown> | null): string {
  const last = messages.findLast(({ role }) => role === "user")?.text ?? "";
  if (!schema) return "I am a small simulator: I tell dreams as storyboards, and nothing else.";
  const task = readTask(last);
  if (task && asksForScenes(schema)) return JSON.stringify(tellStoryboard(task));
  return JSON.stringify(synthesiseInstance(schema, last));
}

function asksForScenes(schema: Record<string, unknown>): boolean {
  const properties = schema.properties as Record<string, { items?: { properties?: object } }> | undefined;
  const scene = properties?.scenes?.items?.properties;
  return scene !== undefined && "narration" in scene && "picture" in scene;
}
