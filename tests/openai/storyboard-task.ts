import { readFileSync } from "node:fs";
import type OpenAI from "openai";

export const storyboardSchema = {
  type: "object",
  additionalProperties: false,
  required: ["title", "language", "scenes"],
  properties: {
    title: { type: "string" },
    language: { type: "string" },
    scenes: {
      type: "array",
      items: {
        type: "object",
        additionalProperties: false,
        required: ["narration", "picture"],
        properties: { narration: { type: "string" }, picture: { type: "string" } },
      },
    },
  },
};

export interface Storyboard {
  title: string;
  language: string;
  scenes: { narration: string; picture: string }[];
}

export const exampleDream = (name: string) =>
  readFileSync(new URL(`../../examples/dreams/${name}.txt`, import.meta.url), "utf8");

/** A storyboard's request as the worker sends it. */
export function storyboardRequest(
  transcript: string,
  options: { scenes?: number; words?: number; language?: string; style?: string; title?: string } = {},
): OpenAI.ChatCompletionCreateParamsNonStreaming {
  const task = {
    title: "",
    language: "auto",
    style: "dreamlike",
    length_seconds: 30,
    scenes: 6,
    words: 75,
    ...options,
  };
  return {
    model: "gpt-6-luna",
    messages: [
      { role: "system", content: "You turn dreams into storyboards." },
      { role: "user", content: JSON.stringify({ ...task, transcript }) },
    ],
    response_format: {
      type: "json_schema",
      json_schema: { name: "storyboard", strict: true, schema: storyboardSchema },
    },
  };
}

export async function writeStoryboard(
  client: OpenAI,
  ...task: Parameters<typeof storyboardRequest>
): Promise<Storyboard> {
  const answer = await client.chat.completions.create(storyboardRequest(...task));
  return JSON.parse(answer.choices[0]?.message.content ?? "null") as Storyboard;
}
